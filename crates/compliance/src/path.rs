//! By which of the regulation's procedures an e-mail address or a number for texts may be used.
//! 12 CFR 1006.6(d)(4), (5).
//!
//! The procedures are a defence against a claim of disclosure to a third party (1006.6(d)(3)), not a
//! permission; the agency uses them as one ([`crate::rules::email_path`], [`crate::rules::text_path`]).
//! [`path`] answers whether an attempt is within the safe harbour, and why.

use duly_domain::{AccountId, Instant, PointId, StopKind};
use smallvec::SmallVec;

use crate::facts::{EventKind, Facts};
use crate::medium::Medium;
use crate::span::Span;

pub mod domain;
pub mod email;
pub mod notice;
pub mod text;

/// One of the procedures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Path {
    /// The consumer used the e-mail address to communicate with the agency about the debt.
    /// 12 CFR 1006.6(d)(4)(i)(A).
    EmailUsed,
    /// The consumer consented to the e-mail address, directly to the agency. 1006.6(d)(4)(i)(B).
    EmailConsent,
    /// The creditor used the e-mail address and gave notice of the transfer. 1006.6(d)(4)(ii).
    CreditorNotice,
    /// A prior collector obtained it so, and the last one used it. 1006.6(d)(4)(iii).
    PriorCollector,
    /// The consumer sent a text about the debt from the number. 1006.6(d)(5)(i).
    TextUsed,
    /// The consumer consented to texts at the number, directly to the agency. 1006.6(d)(5)(ii).
    TextConsent,
}

impl Path {
    /// The paragraph.
    pub const fn citation(self) -> &'static str {
        match self {
            Self::EmailUsed => "12 CFR 1006.6(d)(4)(i)(A)",
            Self::EmailConsent => "12 CFR 1006.6(d)(4)(i)(B)",
            Self::CreditorNotice => "12 CFR 1006.6(d)(4)(ii)",
            Self::PriorCollector => "12 CFR 1006.6(d)(4)(iii)",
            Self::TextUsed => "12 CFR 1006.6(d)(5)(i)",
            Self::TextConsent => "12 CFR 1006.6(d)(5)(ii)",
        }
    }

    /// Whether it opens an address that the employer provides too. 12 CFR 1006.22(f)(3).
    pub const fn opens_employers(self) -> bool {
        matches!(self, Self::EmailUsed | Self::EmailConsent | Self::PriorCollector)
    }
}

/// The procedure under which this address or number may be used about this debt at this instant; `None`:
/// there is no safe harbour.
pub fn path(
    facts: &Facts,
    point: PointId,
    medium: Medium,
    account: AccountId,
    at: Instant,
) -> Option<Path> {
    let open = open(facts, point, medium, account);
    open.into_iter().find(|(_, span)| span.contains(at)).map(|(path, _)| path)
}

/// Procedures with the time in which each permits.
pub(crate) type Open = SmallVec<[(Path, Span); 6]>;

/// Every procedure with the time in which it permits, until somebody reports that a message to the
/// address was seen by a third party: 12 CFR 1006.6(d)(3)(ii).
pub(crate) fn open(facts: &Facts, point: PointId, medium: Medium, account: AccountId) -> Open {
    let mut open = match medium {
        Medium::Email => email::open(facts, point, account),
        Medium::Text => text::open(facts, point, account),
        Medium::Call
        | Medium::Mail
        | Medium::Portal
        | Medium::Social
        | Medium::SocialPublic
        | Medium::Visit => Open::new(),
    };
    if let Some(reported) = disclosed_at(facts, point) {
        for (_, span) in &mut open {
            span.until = span.until.min(reported);
        }
    }
    open.retain(|(_, span)| !span.is_empty());
    open
}

/// When anybody first told that a message to this address or number was seen by a third party (comment
/// 6(d)(3)(ii)-1).
pub(crate) fn disclosed_at(facts: &Facts, point: PointId) -> Option<Instant> {
    let reports = facts
        .events
        .iter()
        .filter(|event| event.kind == EventKind::DisclosureReported && event.point == Some(point));
    reports.map(|event| event.at).min()
}

/// When the person first asked, at or after an instant, that this address or number not be used for
/// messages of a medium.
pub(crate) fn opted_out_after(
    facts: &Facts,
    point: PointId,
    medium: Medium,
    since: Instant,
) -> Option<Instant> {
    let asked = facts.stops.iter().filter(|stop| {
        stop.kind == StopKind::OptOut
            && stop.medium.is_none_or(|named| named == medium)
            && stop.point.is_none_or(|named| named == point)
            && stop.from >= since
    });
    asked.map(|stop| stop.from).min()
}

/// From an instant until the person opts out after it.
pub(crate) fn until_opt_out(facts: &Facts, point: PointId, medium: Medium, from: Instant) -> Span {
    let until = opted_out_after(facts, point, medium, from).unwrap_or(Instant::MAX_UTC);
    Span::new(from, until)
}

/// The instants at which the consumer used the address or number in a medium to communicate with the
/// agency about the debt.
pub(crate) fn uses<'a>(
    facts: &'a Facts,
    point: PointId,
    medium: Medium,
    account: AccountId,
) -> impl Iterator<Item = Instant> + 'a {
    let contacts = facts.inbound.iter().filter(move |inbound| {
        inbound.medium == medium && inbound.point == Some(point) && inbound.account == Some(account)
    });
    let events = facts.events.iter().filter(move |event| {
        event.kind == EventKind::ConsumerUsedAddress
            && event.medium == Some(medium)
            && event.point == Some(point)
            && event.account.is_none_or(|named| named == account)
    });
    contacts.map(|inbound| inbound.at).chain(events.map(|event| event.at))
}
