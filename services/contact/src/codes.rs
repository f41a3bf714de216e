//! The vocabularies that contact keeps by code and tells on the wire, each term with both. Those of the
//! guard's facts are its own (`duly-compliance`); the rest are declared here.

use duly_compliance::{ConsentFor, EventKind, GivenTo, LineType, Medium, Place, Times};
use duly_proto::{contact::v1 as wire, convert::Misfit};
use uuid::Uuid;

use crate::error::{ContactError, Result};

/// A term with its code in the database and its value on the wire.
pub(crate) trait Code: Copy {
    /// Its wire enum.
    type Wire;
    /// What it is, for refusals: the name of its field.
    const FIELD: &'static str;

    /// The stable code.
    fn code(self) -> &'static str;
    /// The term of a code.
    fn of_code(code: &str) -> Option<Self>;
    /// On the wire.
    fn wire(self) -> Self::Wire;
    /// From the wire; `None` where it is unspecified.
    fn of_wire(wire: Self::Wire) -> Option<Self>;

    /// A stored code as its term.
    fn stored(table: &'static str, id: Uuid, code: &str) -> Result<Self> {
        Self::of_code(code).ok_or(ContactError::Corrupt { table, id })
    }

    /// A stored code that may be absent.
    fn stored_opt(table: &'static str, id: Uuid, code: Option<&str>) -> Result<Option<Self>> {
        code.map(|code| Self::stored(table, id, code)).transpose()
    }

    /// A term that a request must name.
    fn required(wire: Self::Wire) -> Result<Self> {
        let missing = || ContactError::from(Misfit::new(Self::FIELD, "is missing"));
        Self::of_wire(wire).ok_or_else(missing)
    }
}

/// On the wire, unspecified where there is none.
pub(crate) fn wire_opt<T: Code>(term: Option<T>) -> i32
where
    T::Wire: Default + Into<i32>,
{
    term.map(T::wire).unwrap_or_default().into()
}

macro_rules! codes {
    ($($term:ty as $wire:ty, $field:literal { $($variant:ident = $code:literal),+ $(,)? })+) => {$(
        impl Code for $term {
            type Wire = $wire;
            const FIELD: &'static str = $field;

            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            fn of_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            fn wire(self) -> $wire {
                match self { $(Self::$variant => <$wire>::$variant,)+ }
            }

            fn of_wire(wire: $wire) -> Option<Self> {
                match wire {
                    <$wire>::Unspecified => None,
                    $(<$wire>::$variant => Some(Self::$variant),)+
                }
            }
        }
    )+};
}

/// How a dispute came, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Written,
    Oral,
}

/// From whom a complaint comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComplaintSource {
    Debtor,
    Regulator,
    Mediator,
    Client,
    Other,
}

/// What a complaint came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComplaintOutcome {
    Upheld,
    PartlyUpheld,
    Rejected,
    Withdrawn,
}

/// Where an obligation stands. Rows know the first four; the others are only computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObligationState {
    Open,
    Discharged,
    Lapsed,
    /// What opened it no longer stands.
    Void,
    Standing,
    Running,
    Ended,
}

/// What somebody who read it found in what came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InboundClass {
    Dispute,
    Cease,
    OptOut,
    WrongPerson,
    Question,
    Other,
}

codes! {
    Medium as wire::Medium, "medium" {
        Call = "call", Text = "text", Email = "email", Mail = "mail", Portal = "portal",
        Social = "social", SocialPublic = "social_public", Visit = "visit",
    }
    GivenTo as wire::GivenTo, "given_to" {
        Agency = "agency", AgencyInBreach = "agency_in_breach", Creditor = "creditor",
        PriorCollector = "prior_collector",
    }
    Place as wire::Place, "place" { Home = "home", Work = "work", Other = "other" }
    Form as wire::DisputeForm, "form" { Written = "written", Oral = "oral" }
    ComplaintSource as wire::ComplaintSource, "source" {
        Debtor = "debtor", Regulator = "regulator", Mediator = "mediator", Client = "client",
        Other = "other",
    }
    ComplaintOutcome as wire::ComplaintOutcome, "outcome" {
        Upheld = "upheld", PartlyUpheld = "partly_upheld", Rejected = "rejected",
        Withdrawn = "withdrawn",
    }
    ObligationState as wire::ObligationState, "state" {
        Open = "open", Discharged = "discharged", Lapsed = "lapsed", Void = "void",
        Standing = "standing", Running = "running", Ended = "ended",
    }
    InboundClass as wire::InboundClass, "class" {
        Dispute = "dispute", Cease = "cease", OptOut = "opt_out", WrongPerson = "wrong_person",
        Question = "question", Other = "other",
    }
}

/// The kind of dated fact of a code of the guard.
pub(crate) fn event_of(code: &str) -> Option<EventKind> {
    EventKind::ALL.iter().copied().find(|kind| kind.as_str() == code)
}

/// What a consent is for, as it is kept: its code, and its times where it has some.
pub(crate) fn consent_code(what: ConsentFor) -> (&'static str, Option<Times>) {
    let code = match what {
        ConsentFor::AtTimes(times) => return ("at_times", Some(times)),
        ConsentFor::Contact => "contact",
        ConsentFor::AtPlace => "at_place",
        ConsentFor::ThoughRepresented => "though_represented",
        ConsentFor::MoreCalls => "more_calls",
        ConsentFor::Email => "email",
        ConsentFor::Text => "text",
        ConsentFor::Automated => "automated",
        ConsentFor::ThirdParty => "third_party",
        ConsentFor::Esign => "esign",
    };
    (code, None)
}

/// What a consent is for, of its code and times.
pub(crate) fn consent_of(code: &str, times: Option<Times>) -> Option<ConsentFor> {
    Some(match (code, times) {
        ("at_times", Some(times)) => ConsentFor::AtTimes(times),
        ("contact", None) => ConsentFor::Contact,
        ("at_place", None) => ConsentFor::AtPlace,
        ("though_represented", None) => ConsentFor::ThoughRepresented,
        ("more_calls", None) => ConsentFor::MoreCalls,
        ("email", None) => ConsentFor::Email,
        ("text", None) => ConsentFor::Text,
        ("automated", None) => ConsentFor::Automated,
        ("third_party", None) => ConsentFor::ThirdParty,
        ("esign", None) => ConsentFor::Esign,
        _ => return None,
    })
}

/// What a consent is for, on the wire.
pub(crate) fn consent_to_wire(what: ConsentFor) -> wire::ConsentFor {
    match what {
        ConsentFor::Contact => wire::ConsentFor::Contact,
        ConsentFor::AtTimes(_) => wire::ConsentFor::AtTimes,
        ConsentFor::AtPlace => wire::ConsentFor::AtPlace,
        ConsentFor::ThoughRepresented => wire::ConsentFor::ThoughRepresented,
        ConsentFor::MoreCalls => wire::ConsentFor::MoreCalls,
        ConsentFor::Email => wire::ConsentFor::Email,
        ConsentFor::Text => wire::ConsentFor::Text,
        ConsentFor::Automated => wire::ConsentFor::Automated,
        ConsentFor::ThirdParty => wire::ConsentFor::ThirdParty,
        ConsentFor::Esign => wire::ConsentFor::Esign,
    }
}

/// What a request says that a consent is for.
pub(crate) fn consent_of_wire(what: wire::ConsentFor, times: Option<Times>) -> Result<ConsentFor> {
    let wrong = |field, reason| Err(ContactError::field(field, reason));
    let what = match what {
        wire::ConsentFor::Unspecified => return wrong("what", "is missing"),
        wire::ConsentFor::AtTimes => {
            let missing = "is missing: say the times of day for which it is";
            let times = times.ok_or_else(|| ContactError::field("times", missing))?;
            return Ok(ConsentFor::AtTimes(times));
        }
        wire::ConsentFor::Contact => ConsentFor::Contact,
        wire::ConsentFor::AtPlace => ConsentFor::AtPlace,
        wire::ConsentFor::ThoughRepresented => ConsentFor::ThoughRepresented,
        wire::ConsentFor::MoreCalls => ConsentFor::MoreCalls,
        wire::ConsentFor::Email => ConsentFor::Email,
        wire::ConsentFor::Text => ConsentFor::Text,
        wire::ConsentFor::Automated => ConsentFor::Automated,
        wire::ConsentFor::ThirdParty => ConsentFor::ThirdParty,
        wire::ConsentFor::Esign => ConsentFor::Esign,
    };
    if times.is_some() {
        return wrong("times", "are told, but the consent is not for times");
    }
    Ok(what)
}

/// The kind of a line as it is kept; not known is kept as nothing.
pub(crate) fn line_code(line: LineType) -> Option<&'static str> {
    match line {
        LineType::Landline => Some("landline"),
        LineType::Wireless => Some("wireless"),
        LineType::Voip => Some("voip"),
        LineType::Unknown => None,
    }
}

/// The kind of a line of a code.
pub(crate) fn line_of(code: Option<&str>) -> LineType {
    match code {
        Some("landline") => LineType::Landline,
        Some("wireless") => LineType::Wireless,
        Some("voip") => LineType::Voip,
        _ => LineType::Unknown,
    }
}

/// The kind of a line that a request names.
pub(crate) fn line_of_wire(line: wire::LineType) -> LineType {
    match line {
        wire::LineType::Unspecified => LineType::Unknown,
        wire::LineType::Landline => LineType::Landline,
        wire::LineType::Wireless => LineType::Wireless,
        wire::LineType::Voip => LineType::Voip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_fact_keeps_the_code_of_the_guard() {
        for kind in EventKind::ALL {
            assert_eq!(event_of(kind.as_str()), Some(*kind));
        }
        for medium in Medium::ALL {
            assert_eq!(medium.code(), medium.as_str());
        }
    }

    #[test]
    fn what_a_consent_is_for_comes_back_from_its_code_and_the_wire() {
        use ConsentFor as For;
        let times = crate::times::read_note("weekdays").unwrap()[0];
        for what in [
            For::Contact,
            For::AtTimes(times),
            For::AtPlace,
            For::ThoughRepresented,
            For::MoreCalls,
            For::Email,
            For::Text,
            For::Automated,
            For::ThirdParty,
            For::Esign,
        ] {
            let (code, times) = consent_code(what);
            assert_eq!(consent_of(code, times), Some(what));
            assert_eq!(consent_of_wire(consent_to_wire(what), times).unwrap(), what);
        }
    }
}
