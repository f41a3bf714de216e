//! Searches: what was found, without the thing that was found.

use duly_domain::Money;
use duly_proto::{
    common::v1::TreatmentKind,
    skiptrace::v1::{self as skiptrace, HitKind, found_point::Point},
};

use super::counted;

/// A check for blocking facts was answered. Never a case number.
pub fn scrubbed(fact: &skiptrace::ScrubCompleted, cost: Option<Money>) -> String {
    let hits: Vec<String> = fact.hits.iter().map(hit).collect();
    let found = match hits.as_slice() {
        [] => "nothing blocks".to_owned(),
        hits => hits.join(", "),
    };
    format!("checked by {}: {found}{}", fact.provider, at(cost))
}

fn hit(hit: &skiptrace::Hit) -> String {
    match (hit.kind(), hit.chapter) {
        (HitKind::Bankruptcy, 0) => "bankruptcy".to_owned(),
        (HitKind::Bankruptcy, chapter) => format!("bankruptcy, chapter {chapter}"),
        (HitKind::Deceased, _) => "deceased".to_owned(),
        (HitKind::Military, _) => "in military service".to_owned(),
        (HitKind::Unspecified, _) => "a fact of unknown kind".to_owned(),
    }
}

fn at(cost: Option<Money>) -> String {
    cost.map(|cost| format!(", cost {cost}")).unwrap_or_default()
}

/// A search for contact points was answered. Never a number or an address.
pub fn traced(fact: &skiptrace::TraceCompleted, cost: Option<Money>) -> String {
    let (mut phones, mut emails, mut addresses) = (0, 0, 0);
    for found in &fact.points {
        match found.point {
            Some(Point::Phone(_)) => phones += 1,
            Some(Point::Email(_)) => emails += 1,
            Some(Point::Address(_)) => addresses += 1,
            None => {}
        }
    }
    let found: Vec<String> =
        [(phones, "phone number"), (emails, "e-mail address"), (addresses, "postal address")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
    let found = match found.as_slice() {
        [] => "nothing found".to_owned(),
        found => format!("{} found", found.join(", ")),
    };
    format!("searched by {}: {found}{}", fact.provider, at(cost))
}

/// It was not made.
pub fn refused(fact: &skiptrace::TraceRefused) -> String {
    let what = match fact.kind() {
        TreatmentKind::Scrub => "check for blocking facts",
        TreatmentKind::Trace
        | TreatmentKind::Letter
        | TreatmentKind::Call
        | TreatmentKind::Unspecified => "search for contact points",
    };
    format!("{what} not made: {}", fact.reason)
}

#[cfg(test)]
mod tests {
    use duly_domain::Currency;

    use super::*;

    #[test]
    fn a_search_says_how_much_was_found_and_not_what() {
        let found = |point| skiptrace::FoundPoint { point: Some(point), confidence: 5 };
        let fact = skiptrace::TraceCompleted {
            provider: "file".into(),
            points: vec![
                found(Point::Phone("hunter2".into())),
                found(Point::Phone("hunter3".into())),
                found(Point::Address(duly_proto::common::v1::Address::default())),
            ],
            ..Default::default()
        };
        let cost = Some(Money::new(150, Currency::USD));
        assert_eq!(
            traced(&fact, cost),
            "searched by file: 2 phone numbers, 1 postal address found, cost 1.50 USD"
        );
        let fact = skiptrace::TraceCompleted { provider: "file".into(), ..Default::default() };
        assert_eq!(traced(&fact, None), "searched by file: nothing found");
    }

    #[test]
    fn a_check_names_kinds_and_no_case_number() {
        let mut hit = skiptrace::Hit { detail: "hunter2".into(), chapter: 7, ..Default::default() };
        hit.set_kind(HitKind::Bankruptcy);
        let fact = skiptrace::ScrubCompleted {
            provider: "file".into(),
            hits: vec![hit],
            ..Default::default()
        };
        assert_eq!(scrubbed(&fact, None), "checked by file: bankruptcy, chapter 7");
        let fact = skiptrace::ScrubCompleted { provider: "file".into(), ..Default::default() };
        assert_eq!(scrubbed(&fact, None), "checked by file: nothing blocks");
    }
}
