//! Method x role is one table, deny by default: every method of the descriptors has its row, and
//! ARCHITECTURE.md shows the table as it is registered.

use std::{collections::BTreeMap, fmt::Write as _};

use duly_platform::Role;
use prost::Message as _;
use prost_types::FileDescriptorSet;

use crate::{architecture::assert_shown, journey::all_services};

const MARK: &str = "roles";

/// Roles by method, `duly.intake.v1.IntakeService/Place`.
fn registered() -> BTreeMap<&'static str, &'static [Role]> {
    all_services().iter().flat_map(|s| s.access).map(|row| (row.method, row.roles)).collect()
}

fn methods() -> Vec<String> {
    let set = FileDescriptorSet::decode(duly_proto::DESCRIPTORS).expect("our descriptors decode");
    let mut methods = Vec::new();
    for file in &set.file {
        for service in &file.service {
            let all = service.method.iter();
            methods
                .extend(all.map(|m| format!("{}.{}/{}", file.package(), service.name(), m.name())));
        }
    }
    methods.sort_unstable();
    methods
}

#[test]
fn every_method_has_its_roles_and_no_row_is_for_a_method_that_is_none() {
    let registered = registered();
    let rows: Vec<&str> = registered.keys().copied().collect();
    assert_eq!(rows, methods());
    for (method, roles) in registered {
        assert!(!roles.is_empty(), "{method} is denied to everybody");
    }
}

#[test]
fn the_role_table_of_the_architecture_is_what_is_registered() {
    let mut table = String::from("| method |");
    for role in Role::ALL {
        write!(table, " {role} |").expect("a String takes every write");
    }
    table += "\n| --- |";
    table += &" --- |".repeat(Role::ALL.len());
    table.push('\n');
    for (method, roles) in registered() {
        let short = method.trim_start_matches("duly.").replace(".v1.", " ");
        let short = short.split_once(' ').map_or(short.clone(), |(service, rest)| {
            format!("{service} {}", rest.split('/').next_back().unwrap_or(rest))
        });
        write!(table, "| `{short}` |").expect("a String takes every write");
        for role in Role::ALL {
            table += if roles.contains(&role) { " x |" } else { "  |" };
        }
        table.push('\n');
    }
    assert_shown(MARK, &table);
}
