//! Who is placed on the walk, and what each of them does: written down, nothing drawn.

use duly_domain::{Disposition, DisputeReason, StopKind};
use duly_proto::intake::v1::Placement;
use duly_testkit::{consumer, placement};

/// What a debtor does in a call, beside how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing more.
    Nothing,
    /// Promises this amount of dollars within so many days.
    Promise(&'static str, i64),
    /// Contests this invoice; `None`: the whole.
    Dispute(Option<&'static str>, DisputeReason),
    /// Has an attorney, or wants no more calls.
    Stop(StopKind),
}

/// The claims of the walk. With e-mail there is one whose second demand goes by e-mail.
pub fn claims(with_email: bool) -> Vec<Placement> {
    let three = placement("W-1")
        .business("Sail & Rope Ltd")
        .usd("5400.00")
        .invoice("INV-11", "4000.00", "2025-08-31")
        .invoice("INV-12", "1000.00", "2025-09-30")
        .invoice("INV-13", "500.00", "2025-10-31")
        .credit("CM-11", "-100.00", "2025-10-31")
        .principal(|party| party.phones = vec!["+16145550111".into()])
        .guarantor("Pat Example");
    let disputed = placement("W-2")
        .business("Copper Kettle Works")
        .usd("2500.00")
        .invoice("INV-21", "2000.00", "2025-09-30")
        .invoice("INV-22", "500.00", "2025-10-31")
        .principal(|party| party.phones = vec!["+16145550122".into()]);
    let bankrupt = placement("W-3")
        .business("Gone Under Inc")
        .usd("900.00")
        .invoice("INV-31", "900.00", "2025-09-30")
        .principal(|party| party.phones = vec!["+16145550133".into()])
        .guarantor("Robin Surety");
    let silent = placement("W-4").business("Silent Partners LLC").usd("750.00");
    let silent = silent.invoice("INV-41", "750.00", "2025-07-31").principal(|party| {
        party.phones = vec!["+16145550144".into()];
        if with_email {
            party.emails = vec!["payables@silent.example".into()];
        }
    });
    let mut claims = vec![
        reached_at(three.build(), "+16145550112"),
        disputed.build(),
        reached_at(bankrupt.build(), "+16145550132"),
        silent.build(),
    ];
    for (at, (reference, amount)) in
        [("P-1", "440.00"), ("P-2", "610.00"), ("P-3", "120.00"), ("P-4", "333.33")]
            .into_iter()
            .enumerate()
    {
        // What a notice itemizes from: the last statement.
        let one = consumer(reference).invoice(&format!("ST-{reference}"), amount, "2025-09-30");
        let one = one.principal(|party| party.phones = vec![format!("+1614555021{at}")]);
        claims.push(one.build());
    }
    claims
}

/// The guarantor lives where the debtor is, and has a telephone of his own.
fn reached_at(mut placement: Placement, phone: &str) -> Placement {
    let address = placement.liable_parties[0].address.clone();
    let guarantor = &mut placement.liable_parties[1];
    guarantor.address = address;
    guarantor.phones = vec![phone.to_owned()];
    placement
}

/// How the call of this number to this party of this account goes; position 0 is the principal debtor.
pub fn call(account: &str, position: usize, number: u32) -> (Disposition, Then) {
    match (account, position, number) {
        ("W-1", 0, 2) => (Disposition::Reached, Then::Promise("1000.00", 5)),
        ("W-1", 1, _) => (Disposition::Voicemail, Then::Nothing),
        ("W-2", 0, 1) => {
            (Disposition::Reached, Then::Dispute(Some("INV-22"), DisputeReason::NotDelivered))
        }
        ("W-3", _, 1) => (Disposition::WrongNumber, Then::Nothing),
        ("P-1", 0, 1) => (Disposition::Reached, Then::Stop(StopKind::Attorney)),
        ("P-2", 0, 1) => (Disposition::Reached, Then::Dispute(None, DisputeReason::Paid)),
        ("P-4", 0, 1) => (Disposition::Voicemail, Then::Nothing),
        _ => (Disposition::NoAnswer, Then::Nothing),
    }
}

/// What a scrub finds of this party, in the words of the provider's file.
pub fn hit(account: &str, position: usize) -> Option<&'static str> {
    match (account, position) {
        ("W-3", 0) => Some("bankruptcy"),
        ("P-3", 0) => Some("deceased"),
        _ => None,
    }
}
