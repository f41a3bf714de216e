//! Consents: what a person allowed, to whom, when, for what, and that it was taken back.

use duly_domain::{AccountId, Instant, PointId};
use serde::{Deserialize, Serialize};

use super::designation::Times;
use crate::medium::Medium;

/// To whom a consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenTo {
    /// To this agency, directly.
    Agency,
    /// To this agency, in a contact that itself broke 12 CFR 1006.6(b)(1) to (3), as where a call at an
    /// inconvenient time asks whether it may go on: counts for nothing (1006.6(b)(4)(i), comment
    /// 6(b)(4)(i)-1).
    AgencyInBreach,
    /// To the creditor.
    Creditor,
    /// To a debt collector who had the debt before.
    PriorCollector,
}

/// What a consent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentFor {
    /// To be reached at a time, at a place, at work, or although an attorney is known, that would
    /// otherwise be barred: whatever 12 CFR 1006.6(b) bars within the account, medium, number and time
    /// that the consent names. 12 CFR 1006.6(b)(4)(i).
    Contact,
    /// To be reached at these times of day, which are unusual or else inconvenient, and at no barred
    /// place. 12 CFR 1006.6(b)(4)(i).
    AtTimes(Times),
    /// To be reached at a place, or at work, that is barred; at no barred time. 12 CFR 1006.6(b)(4)(i).
    AtPlace,
    /// To be reached although an attorney is known. 12 CFR 1006.6(b)(4)(i).
    ThoughRepresented,
    /// To be called more often. 12 CFR 1006.14(b)(3)(i): within seven consecutive days, the day of receipt
    /// being the first.
    MoreCalls,
    /// To be written to at this e-mail address. 12 CFR 1006.6(d)(4)(i)(B).
    Email,
    /// To be sent texts at this number. 12 CFR 1006.6(d)(5)(ii).
    Text,
    /// To be called by automated equipment or an artificial voice, or texted by a platform: "prior express
    /// consent", 47 USC 227(b)(1)(A). One given to the creditor with the number counts (FCC 07-232).
    Automated,
    /// That the debt be spoken of with somebody else. 12 CFR 1006.6(d)(2).
    ThirdParty,
    /// To receive in electronic form what the law requires in writing. 15 USC 7001(c).
    Esign,
}

/// One consent. A row is never rewritten but for its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What for.
    pub what: ConsentFor,
    /// To whom it was given.
    pub given_to: GivenTo,
    /// The account it is about; `None`: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The medium it names; `None`: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// The number or address it names; `None`: any of the medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// When it was given, or last renewed.
    pub from: Instant,
    /// Its own end, where a shorter time was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Instant>,
}

impl Consent {
    /// One given to the agency, about every account, medium and number, until it is taken back.
    pub const fn new(what: ConsentFor, from: Instant) -> Self {
        Self {
            what,
            given_to: GivenTo::Agency,
            account: None,
            medium: None,
            point: None,
            from,
            until: None,
            withdrawn_at: None,
        }
    }

    /// When it ended or will end by its own terms or by withdrawal.
    pub fn ends(&self) -> Option<Instant> {
        match (self.until, self.withdrawn_at) {
            (Some(until), Some(withdrawn)) => Some(until.min(withdrawn)),
            (until, withdrawn) => until.or(withdrawn),
        }
    }
}
