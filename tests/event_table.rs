//! Who tells what and who hears it, from the registered services, as ARCHITECTURE.md shows it.

use std::fmt::Write as _;

use crate::{architecture::assert_shown, journey::all_services};

fn table() -> String {
    let services = all_services();
    let mut table = String::from("| event | told by | heard by |\n| --- | --- | --- |\n");
    for teller in &services {
        for kind in teller.tells {
            let full = format!("{}.{kind}", teller.name);
            let hearers: Vec<&str> = services
                .iter()
                .filter(|s| s.listeners.iter().any(|l| l.kind == full))
                .map(|s| s.name)
                .collect();
            writeln!(table, "| `{kind}` | {} | {} |", teller.name, hearers.join(", "))
                .expect("a String takes every write");
        }
    }
    table
}

#[test]
fn the_event_table_of_the_architecture_is_what_is_registered() {
    assert_shown("events", &table());
}

#[test]
fn no_event_is_unheard_and_no_listener_waits_for_one_that_nobody_tells() {
    let services = all_services();
    let told: Vec<String> = services
        .iter()
        .flat_map(|s| s.tells.iter().map(|kind| format!("{}.{kind}", s.name)))
        .collect();
    let heard: Vec<&str> =
        services.iter().flat_map(|s| &s.listeners).map(|l| l.kind.as_str()).collect();
    let unheard: Vec<_> = told.iter().filter(|t| !heard.contains(&t.as_str())).collect();
    let untold: Vec<_> = heard.iter().filter(|h| !told.iter().any(|t| t == *h)).collect();
    assert!(unheard.is_empty(), "nobody hears {unheard:?}");
    assert!(untold.is_empty(), "nobody tells {untold:?}");
}
