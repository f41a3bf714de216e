//! Acts that are no contact: furnishing, sale, suit, a deposit. The same rules of time, reasons and packs as
//! for contacts ([`crate::evaluate`]); what an act must carry is in its requirements.

use duly_domain::{AccountId, Date, PartyId};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::evaluation::Evaluation;
use crate::facts::Facts;
use crate::medium::Medium;
use crate::packs;
use crate::proposed::Proposed;
use crate::rules::{Case, Findings, acts};
use crate::span::Span;

/// An act about one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Furnishing information about the debt to a consumer reporting agency. 12 CFR 1006.30(a)(1); not to
    /// one for the histories of cheques and deposit accounts (30(a)(2)).
    Furnish,
    /// Selling the debt, transferring it for consideration, or placing it. 12 CFR 1006.30(b)(1). Not its return
    /// to the owner (30(b)(2)), and no file sent for scrubbing ([`Handover`]).
    Transfer,
    /// Bringing a legal action. 12 CFR 1006.26(b). A proof of claim in bankruptcy is none.
    Sue,
    /// Threatening one.
    ThreatenSuit,
    /// Depositing an instrument that was accepted before its date. 12 CFR 1006.22(c).
    Deposit {
        /// The date of the instrument.
        dated_on: Date,
    },
}

/// How data about a debt goes to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handover {
    /// It is sold, or transferred for consideration.
    Sale,
    /// It is placed with another collector.
    Placement,
    /// It goes back to whoever owns it, or to a former owner as the contract allows. 30(b)(2).
    Return,
    /// A file goes out for analytics, scrubbing or archiving (comment 30(b)(1)-1).
    Processing,
    /// A reporting agency is told that it was paid, settled or discharged (comment 30(b)(1)-1).
    Report,
}

impl Handover {
    /// Whether it is one that [`Act::Transfer`] judges.
    pub const fn is_transfer(self) -> bool {
        matches!(self, Self::Sale | Self::Placement)
    }
}

/// Evaluates an act about an account, and about everybody of the person who is liable on it, over a span.
pub fn evaluate_act(facts: &Facts, act: Act, account: AccountId, span: Span) -> Evaluation {
    let span = span.intersect(Span::JUDGED);
    // The stays read an attempt; the post is bound by nothing but what binds everything.
    let party = facts.accounts.iter().find(|row| row.id == account).map(|row| row.party);
    let party = party.unwrap_or_else(|| PartyId::from_uuid(account.uuid()));
    let proposed = Proposed::collect(party, account, Medium::Mail, None);
    let case = Case::new(facts, &proposed, span);
    let mut findings = Findings::over(span);
    let mut named = SmallVec::new();
    for pack in packs::BOOK.iter().filter(|pack| acts::NAMES.contains(&pack.id.name)) {
        let in_force = pack.in_force(facts);
        if in_force.intersect(span).is_empty() || !pack.reach.reaches(&case) {
            continue;
        }
        findings.within(in_force);
        for rule in acts::rules(pack.id) {
            rule(&case, act, &mut findings);
        }
        named.push(pack.id);
    }
    // A stretch for which the federal pack has no version is held.
    let federal = packs::BOOK.iter().filter(|pack| pack.id.name == acts::NAMES[0]);
    let covered: Vec<Span> = federal.map(|pack| pack.in_force(facts)).collect();
    for gap in span.outside(&covered) {
        findings.within(gap);
        packs::no_rules(&mut findings);
    }
    Evaluation::new(span, findings, named)
}
