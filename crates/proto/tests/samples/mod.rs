//! One sample of every event, with every field set that it had when its golden bytes were written.

pub mod contact;
pub mod intake;
pub mod letters;
pub mod payments;
pub mod skiptrace;
pub mod workflow;

use duly_proto::common::v1::{Address, Date, EventMeta, Money, Reason};
use prost_types::Timestamp;

pub fn meta() -> EventMeta {
    EventMeta {
        event_id: format!("evnt_{:032x}", 1),
        account_id: format!("acct_{:032x}", 2),
        client_id: format!("clnt_{:032x}", 3),
        version: 4,
        occurred_at: Some(Timestamp { seconds: 1_767_625_200, nanos: 5 }),
        actor: "manager:lee".into(),
        cause_id: format!("evnt_{:032x}", 6),
        case_id: format!("case_{:032x}", 7),
    }
}

pub fn money(minor: i64) -> Option<Money> {
    Some(Money { minor, currency: "USD".into() })
}

pub fn date(day: i32) -> Option<Date> {
    Some(Date { year: 2026, month: 1, day })
}

pub fn at(second: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_767_625_200 + second, nanos: 0 })
}

/// An id of the outside form.
pub fn id(prefix: &str, number: u32) -> String {
    format!("{prefix}_{number:032x}")
}

pub fn account() -> String {
    id("acct", 2)
}

pub fn client() -> String {
    id("clnt", 3)
}

pub fn party() -> String {
    id("prty", 8)
}

pub fn treatment() -> String {
    id("trmt", 14)
}

pub fn letter() -> String {
    id("lttr", 15)
}

pub fn attempt() -> String {
    id("atpt", 16)
}

pub fn address() -> Address {
    Address {
        lines: vec!["12 Canal Street".into()],
        city: "Dayton".into(),
        region: "OH".into(),
        postal_code: "45402".into(),
        country: "US".into(),
    }
}

pub fn reason() -> Reason {
    Reason {
        rule: "local_hours".into(),
        authority: "12 CFR 1006.6(b)(1)".into(),
        force: 1,
        effect: 1,
        sentence: "it is before 8:00 or after 21:00 where the person may be".into(),
    }
}
