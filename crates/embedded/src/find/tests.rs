//! Which programs are taken and which refused, on scripts that answer like the real ones.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::Scratch;

/// Writes a program into `dir` that prints `says`.
fn program(dir: &Path, name: &str, says: &str) -> PathBuf {
    fs::create_dir_all(dir).unwrap();
    let path = dir.join(name);
    fs::write(&path, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn an_old_nats_server_is_refused_with_the_reason() {
    let scratch = Scratch::new("duly-old-nats").unwrap();
    let old = program(scratch.path(), "nats-server", "nats-server: v2.9.10");
    let said = find_nats_in(Some(old), None, None).unwrap_err().to_string();
    assert!(said.contains("is version 2.9.10, and 2.10 is the oldest"), "{said}");
    assert!(said.contains("silently drop newer settings"), "{said}");
}

#[test]
fn an_old_nats_server_on_path_gives_way_to_the_one_in_the_tools() {
    let scratch = Scratch::new("duly-path-nats").unwrap();
    let (path, tools) = (scratch.path().join("path"), scratch.path().join("tools"));
    program(&path, "nats-server", "nats-server: v2.9.10");
    let new = program(&tools.join("bin"), "nats-server", "nats-server: v2.10.0");
    let found = find_nats_in(None, Some(path.clone().into()), Some(&tools)).unwrap();
    assert_eq!(found, NatsServer { path: new, version: "2.10.0".to_owned() });

    let said = find_nats_in(None, Some(path.into()), None).unwrap_err().to_string();
    assert!(said.starts_with("no nats-server 2.10 or newer") && said.contains("2.9.10"), "{said}");
}

#[test]
fn a_program_that_is_no_nats_server_is_named() {
    let scratch = Scratch::new("duly-not-nats").unwrap();
    let other = program(scratch.path(), "nats-server", "hello");
    let said = find_nats_in(Some(other), None, None).unwrap_err().to_string();
    assert!(said.contains("answers `hello`"), "{said}");

    let missing = scratch.path().join("nowhere");
    let said = find_nats_in(Some(missing), None, None).unwrap_err().to_string();
    assert!(said.contains("nowhere does not run as a nats-server"), "{said}");
}

#[test]
fn an_old_postgres_is_refused_and_says_what_to_install() {
    let scratch = Scratch::new("duly-old-pg").unwrap();
    let dir = scratch.path().to_path_buf();
    program(&dir, "postgres", "postgres (PostgreSQL) 14.9");
    program(&dir, "initdb", "");
    let said = find_postgres(Some(&dir), None).unwrap_err().to_string();
    assert!(said.contains("no PostgreSQL 15 or newer (14 in "), "{said}");
    assert!(said.contains("apt-get install postgresql"), "{said}");
}

#[test]
fn a_data_directory_of_another_version_asks_for_that_version() {
    let scratch = Scratch::new("duly-other-pg").unwrap();
    let dir = scratch.path().to_path_buf();
    program(&dir, "postgres", "postgres (PostgreSQL) 19beta1");
    program(&dir, "initdb", "");
    assert_eq!(find_postgres(Some(&dir), None).unwrap().major, 19);
    let said = find_postgres(Some(&dir), Some(16)).unwrap_err().to_string();
    assert!(said.contains("made by PostgreSQL 16") && said.contains("postgresql-16"), "{said}");
}
