//! What took place: attempts, stops, disputes and bankruptcies.

use chrono::Duration;
use duly_domain::{Instant, StopKind};
use proptest::prelude::*;

use super::{NEIGHBOUR, before, moment, one_of};
use crate::testing::id;
use crate::*;

/// Few attempts, about as many as a limit allows, or as many as any does; oldest first.
pub fn attempts(start: Instant) -> impl Strategy<Value = Vec<Attempt>> {
    let few = prop::collection::vec(attempt(start, 0.04).boxed(), 0..4);
    let many = prop::collection::vec(attempt(start, 0.02).boxed(), 8..18);
    let talks = prop::collection::vec(attempt(start, 0.5).boxed(), 28..40);
    let messages = prop::collection::vec(message(start).boxed(), 6..12);
    let drawn = prop_oneof![
        8 => few.boxed(),
        4 => many.boxed(),
        1 => talks.boxed(),
        2 => messages.boxed(),
    ];
    drawn.prop_map(|mut attempts| {
        attempts.sort_by_key(|attempt| attempt.at);
        let mut all = Vec::new();
        for (n, attempt) in (1..).zip(attempts) {
            all.push(Attempt { id: id(n), ..attempt });
            // One about two debts is two rows.
            if n % 9 == 0 {
                all.push(Attempt { id: id(n), account: id(2), ..attempt });
            }
        }
        all
    })
}

fn attempt(start: Instant, talks: f64) -> impl Strategy<Value = Attempt> {
    let account = prop_oneof![4 => Just(1u32), 1 => Just(2)];
    let medium = prop_oneof![
        18 => Just((Medium::Call, 1u32)),
        6 => Just((Medium::Call, 4)),
        2 => Just((Medium::Call, NEIGHBOUR[0])),
        1 => Just((Medium::Call, NEIGHBOUR[1])),
        2 => Just((Medium::Email, 3)),
        2 => Just((Medium::Text, 1)),
        1 => Just((Medium::Mail, 2)),
        1 => Just((Medium::Visit, 2)),
    ];
    let dialed = prop_oneof![4 => Just(None), 1 => Just(Some(DialMode::Prerecorded))];
    let outcome = (prop::bool::weighted(0.9), prop::bool::weighted(talks));
    let theirs = prop::bool::weighted(0.05);
    (account, medium, moment(start), outcome, theirs, dialed, to_whom()).prop_map(
        |(account, (medium, point), at, (counted, conversation), theirs, dialed, whom)| {
            let (recipient, purpose) = whom;
            let call = medium == Medium::Call;
            let neighbour = NEIGHBOUR.contains(&point);
            Attempt {
                point: Some(id(point)),
                counted,
                conversation: conversation && call,
                initiator: if theirs { Initiator::Debtor } else { Initiator::Agency },
                dial_mode: Proposed::collect(id(1), id(1), medium, None)
                    .dial_mode
                    .map(|usual| dialed.filter(|_| call).unwrap_or(usual)),
                recipient: if neighbour { Recipient::ThirdParty } else { recipient },
                purpose: if neighbour { Purpose::Location } else { purpose },
                ..Attempt::new(id(1), id(account), medium, at)
            }
        },
    )
}

fn to_whom() -> impl Strategy<Value = (Recipient, Purpose)> {
    prop_oneof![
        12 => Just((Recipient::Debtor, Purpose::Collect)),
        1 => Just((Recipient::Spouse, Purpose::Collect)),
        1 => Just((Recipient::ThirdParty, Purpose::Location)),
        1 => Just((Recipient::DebtorsAttorney, Purpose::Collect)),
        1 => Just((Recipient::Debtor, Purpose::Location)),
    ]
}

/// A message, now and then the confirmation of an opt-out.
fn message(start: Instant) -> impl Strategy<Value = Attempt> {
    let medium = one_of(&[
        (Medium::Text, 1u32),
        (Medium::Text, 1),
        (Medium::Email, 3),
        (Medium::Social, 3),
        (Medium::Portal, 3),
    ]);
    let account = prop_oneof![4 => Just(1u32), 1 => Just(2)];
    let confirms = prop::bool::weighted(0.1);
    (medium, account, before(start, 6), prop::bool::weighted(0.9), confirms).prop_map(
        |((medium, point), account, at, counted, confirms)| Attempt {
            point: Some(id(point)),
            counted,
            dial_mode: (medium == Medium::Text).then_some(DialMode::TextPlatform),
            purpose: if confirms { Purpose::OptOutConfirmation } else { Purpose::Collect },
            ..Attempt::new(id(1), id(account), medium, at)
        },
    )
}

/// None, one or two.
pub fn stops(start: Instant) -> impl Strategy<Value = Vec<Stop>> {
    prop_oneof![
        4 => Just(Vec::new()),
        3 => prop::collection::vec(stop(start), 1),
        1 => prop::collection::vec(stop(start), 2),
    ]
}

fn stop(start: Instant) -> impl Strategy<Value = Stop> {
    let kind = prop_oneof![
        2 => prop::sample::select(StopKind::ALL),
        1 => Just(StopKind::OptOut),
        1 => Just(StopKind::Attorney),
    ];
    // Attorneys have known of it for long enough to be silent.
    let from = prop_oneof![2 => moment(start).boxed(), 1 => before(start, 60).boxed()];
    (
        kind,
        prop_oneof![4 => Just(1u32), 1 => Just(2)],
        prop::option::weighted(0.3, 1..3u32),
        prop::option::of(one_of(&Medium::ALL)),
        prop::option::weighted(0.3, 1..5u32),
        from,
        prop::option::weighted(0.3, 0..6000i64),
    )
        .prop_map(|(kind, party, account, medium, point, from, lasts)| Stop {
            id: id(1),
            kind,
            party: id(party),
            account: account.map(id),
            medium,
            point: point.map(id),
            from,
            until: lasts.map(|minutes| from + Duration::minutes(minutes)),
        })
}

/// None, or one.
pub fn disputes(start: Instant) -> impl Strategy<Value = Vec<Dispute>> {
    let extent = one_of(&[DisputeExtent::Whole, DisputeExtent::Part]);
    let form = one_of(&[DisputeForm::TimelyWritten, DisputeForm::Other, DisputeForm::Unknown]);
    let dispute = (1..3u32, extent, form, moment(start), prop::option::of(0..6000i64)).prop_map(
        |(account, extent, form, from, lasts)| Dispute {
            id: id(1),
            account: id(account),
            extent,
            form,
            from,
            until: lasts.map(|minutes| from + Duration::minutes(minutes)),
        },
    );
    prop_oneof![3 => Just(Vec::new()), 1 => dispute.prop_map(|dispute| vec![dispute])]
}

/// None, or one: the person's own or a co-debtor's.
pub fn bankruptcies(start: Instant) -> impl Strategy<Value = Vec<BankruptcyCase>> {
    let chapter = one_of(&[
        Chapter::Chapter13,
        Chapter::Chapter13,
        Chapter::Chapter12,
        Chapter::Chapter7,
        Chapter::Unknown,
    ]);
    let case = (
        one_of(&[FiledBy::Person, FiledBy::CoDebtor, FiledBy::CoDebtor]),
        chapter,
        prop::option::weighted(0.3, 1..3u32),
        before(start, 40),
        prop::option::weighted(0.4, -2000..2000i64),
        one_of(&[None, Some(true), Some(false)]),
        one_of(&[None, None, Some(true), Some(false)]),
    )
        .prop_map(
            move |(filed_by, chapter, account, filed, ended, discharged, ordinary_course)| {
                let filed_on = filed.date_naive();
                let ended = ended.map(|minutes| start + Duration::minutes(minutes));
                BankruptcyCase {
                    account: account.map(id),
                    ended_at: ended.filter(|at| *at > filed + Duration::days(2)),
                    discharged,
                    ordinary_course,
                    ..BankruptcyCase::new(filed_by, chapter, filed_on)
                }
            },
        );
    prop_oneof![9 => Just(Vec::new()), 1 => case.prop_map(|case| vec![case])]
}
