//! The client's contract and the agency's own holds: what may be worked, through what, and whether somebody
//! is to be left alone for now.

use duly_domain::{PartyRole, StopKind};

use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    standing(now, said);
    usable(now, said);
    persons(now, said);
    unread(now, said);
}

/// Every account is placed, known, and the party is liable on it.
fn standing(now: &Now<'_>, said: &mut Said) {
    let accounts = &now.proposed.accounts;
    let of_party = |row: &Account| row.party == now.proposed.party;
    let liable = |account| now.rows.iter().any(|(_, row)| row.id == account && of_party(row));
    if accounts.is_empty() || !accounts.iter().all(|account| liable(*account)) {
        said.hold("account_standing");
    }
    for (_, row) in now.rows.iter().filter(|(_, row)| of_party(row)) {
        match row.state {
            AccountState::Workable => {}
            AccountState::Held => said.hold("account_standing"),
            AccountState::Complained => said.hold("complaint"),
            AccountState::Recalled
            | AccountState::Closed
            | AccountState::Settled
            | AccountState::NoBalance => said.deny("account_standing"),
        }
    }
}

/// An address of the medium that is not known to be bad. Who has an account in a portal or on a network is
/// found there.
fn usable(now: &Now<'_>, said: &mut Said) {
    let kind = match now.proposed.medium {
        Medium::Call | Medium::Text => PointKind::Phone,
        Medium::Email => PointKind::Email,
        Medium::Mail | Medium::Visit => PointKind::Address,
        Medium::Portal | Medium::Social | Medium::SocialPublic => return,
    };
    match now.used().filter(|point| point.kind == kind) {
        None => said.hold("usable_point"),
        Some(point) if point.state != PointState::Usable => said.deny("usable_point"),
        Some(_) => {}
    }
}

/// Whoever serves is held (scra.hold). Who has died is no debtor to be spoken to, and has no guardian any
/// more; the estate may be liable itself.
fn persons(now: &Now<'_>, said: &mut Said) {
    let estate = now
        .rows
        .iter()
        .any(|(_, row)| row.party == now.proposed.party && row.role == PartyRole::Estate);
    let as_living = matches!(now.proposed.recipient, Recipient::Debtor | Recipient::Guardian);
    for stop in now.facts.stops.iter().filter(|stop| now.stands(stop.from, stop.until)) {
        match stop.kind {
            StopKind::Military => said.hold("military"),
            StopKind::Deceased if as_living && !estate => said.deny("deceased"),
            _ => {}
        }
    }
}

/// 18.4: "contact held until read", on consumer accounts.
fn unread(now: &Now<'_>, said: &mut Said) {
    let open = now.facts.inbound.iter().any(|inbound| {
        let about = |row: &Account| inbound.account.is_none_or(|named| named == row.id);
        !inbound.read && inbound.at <= now.at && now.consumers().any(about)
    });
    if open && !now.professional() {
        said.hold("unread");
    }
}
