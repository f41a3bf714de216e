//! What no law dates and is owed all the same (regulation-f 18.4): policy.

use super::definition::{Blocks, Duty, POLICY, Per, Term};
use super::history::Sign::{Told, WroteAndRead, WroteUnread};
use super::history::{Fact, Looking};
use crate::facts::EventKind as E;

/// Business days in which a complaint is acknowledged.
const ACKNOWLEDGE_BUSINESS_DAYS: u32 = 2;
/// Days in which it is answered.
const ANSWER_DAYS: u64 = 15;
/// Business days in which a client answers a question about a dispute.
const CLIENT_BUSINESS_DAYS: u32 = 10;
/// Business days in which a recall is answered.
const RECALL_BUSINESS_DAYS: u32 = 1;

/// Complaints, regulators, clients' questions, recalls and post.
pub const POLICY_DUTIES: &[Duty] = &[
    Duty {
        code: "complaint.acknowledge",
        what: "a complaint is acknowledged within two business days",
        met: "it is acknowledged or answered",
        authority: "policy complaint.acknowledge",
        per: Per::Person,
        opens: &[Told(E::ComplaintReceived)],
        term: Term::BusinessDays(ACKNOWLEDGE_BUSINESS_DAYS),
        met_by: &[Told(E::ComplaintAcknowledged), Told(E::ComplaintAnswered)],
        each: true,
        ..POLICY
    },
    Duty {
        code: "complaint.answer",
        what: "a complaint is answered within fifteen days",
        met: "it is answered",
        authority: "policy complaint.answer",
        per: Per::Person,
        opens: &[Told(E::ComplaintReceived)],
        term: Term::Days(ANSWER_DAYS),
        met_by: &[Told(E::ComplaintAnswered)],
        each: true,
        ..POLICY
    },
    Duty {
        code: "regulator.letter",
        what: "a regulator's letter is answered by the day that it states, and contact is held until then",
        met: "it is answered",
        authority: "policy regulator.letter",
        per: Per::Person,
        opens: &[Told(E::RegulatorWrote)],
        term: Term::StatedDay,
        met_by: &[Told(E::RegulatorAnswered)],
        each: true,
        blocks: Blocks::WhileOwed("regulator_letter"),
        ..POLICY
    },
    Duty {
        code: "client.question",
        what: "a client answers a question about a dispute within ten business days; then the account is \
               held",
        met: "the client answers",
        authority: "policy client.question",
        opens: &[Told(E::ClientAsked)],
        term: Term::BusinessDays(CLIENT_BUSINESS_DAYS),
        met_by: &[Told(E::ClientAnswered)],
        each: true,
        blocks: Blocks::OnceLapsed("client_question"),
        ..POLICY
    },
    Duty {
        code: "recall.answer",
        what: "a client's recall is answered on the next business day",
        met: "it is answered",
        authority: "policy recall.answer",
        opens: &[Told(E::RecallReceived)],
        term: Term::BusinessDays(RECALL_BUSINESS_DAYS),
        met_by: &[Told(E::RecallAnswered)],
        each: true,
        ..POLICY
    },
    Duty {
        code: "post.read",
        what: "what comes in is read on the day on which it comes, and contact is held until then",
        met: "it is read",
        authority: "policy post.read",
        per: Per::Person,
        opens: &[Told(E::PostReceived), WroteUnread, WroteAndRead],
        term: Term::Days(0),
        met_by: &[Told(E::PostRead), WroteAndRead],
        fits: Some(reads_it),
        each: true,
        blocks: Blocks::WhileOwed("unread"),
        ..POLICY
    },
];

/// What the facts say of a message that it was read, they say of that message alone.
fn reads_it(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    fact.sign != WroteAndRead || by.at == fact.at
}
