//! What skiptrace tells.

use duly_proto::{
    common::v1::TreatmentKind,
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace, found_point::Point},
};

use super::{account, address, date, id, money, party, treatment};

fn found(point: Point, confidence: i32) -> skiptrace::FoundPoint {
    skiptrace::FoundPoint { point: Some(point), confidence }
}

/// One of each kind.
pub fn facts() -> Vec<Skiptrace> {
    vec![
        Skiptrace::TraceCompleted(skiptrace::TraceCompleted {
            search_id: id("srch", 25),
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            provider: "file".into(),
            points: vec![
                found(Point::Phone("+19375550142".into()), 80),
                found(Point::Email("robin@example.com".into()), 60),
                found(Point::Address(address()), 0),
            ],
            cost: money(150),
        }),
        Skiptrace::ScrubCompleted(skiptrace::ScrubCompleted {
            search_id: id("srch", 25),
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            provider: "file".into(),
            hits: vec![skiptrace::Hit {
                kind: skiptrace::HitKind::Bankruptcy.into(),
                since: date(2),
                detail: "26-10001, Southern District of Ohio".into(),
                chapter: 7,
            }],
            cost: money(10),
        }),
        Skiptrace::TraceRefused(skiptrace::TraceRefused {
            search_id: id("srch", 25),
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            kind: TreatmentKind::Trace.into(),
            code: "spend_cap".into(),
            reason: "the month's spend cap is reached".into(),
        }),
    ]
}
