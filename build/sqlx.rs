//! Build script of every crate with query macros (`build = "../../build/sqlx.rs"`): offline from the
//! crate's own `.sqlx`, unless `DULY_SQLX_LIVE` holds the URL of the check database that
//! `cargo xtask sqlx` prepares. The crate's folder is its schema.
use std::{env, path::Path};

fn main() {
    let dir = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let schema = Path::new(&dir).file_name().and_then(|n| n.to_str()).expect("a UTF-8 folder");
    let live = env::var("DULY_SQLX_LIVE").ok();
    println!("cargo::rerun-if-env-changed=DULY_SQLX_LIVE");
    for path in ["migrations", "sqlx.toml", ".sqlx"] {
        // A live build writes .sqlx; watching it then would never settle.
        if Path::new(&dir).join(path).exists() && !(live.is_some() && path == ".sqlx") {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rustc-env=SQLX_OFFLINE_DIR={dir}/.sqlx");
    match live {
        Some(base) => {
            println!("cargo::rustc-env=SQLX_OFFLINE=false");
            println!(
                "cargo::rustc-env=DATABASE_URL={base}?options=-csearch_path%3D{schema}%2Cpublic"
            );
        }
        None => println!("cargo::rustc-env=SQLX_OFFLINE=true"),
    }
}
