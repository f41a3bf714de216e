//! Why an account is or is not contacted, what is planned, and what was decided. For a client's principal
//! from its own tree's facts alone, so that no client learns of another.

use duly_compliance::{Reason, Span};
use duly_domain::{AccountId, Channel};
use duly_platform::Tx;
use duly_proto::contact::v1 as wire;

use crate::{
    error::Result,
    guard::{self, Ask},
    look_up,
    store::{attempt, consent, dated_fact, decision, designation, dispute, point::Kind, stop},
    wire as to_wire,
};

/// How far ahead a permitted time makes an account contactable.
const AHEAD_DAYS: u16 = 30;
/// Rows of a kind shown.
const SHOWN: i64 = 100;

/// Explains it.
pub(crate) async fn explain_account(
    tx: &mut Tx,
    id: &AccountId,
) -> Result<wire::ExplainAccountResponse> {
    let standing = look_up::account(tx, *id).await?;
    let account = standing.account;
    let parties: Vec<uuid::Uuid> = standing.parties.iter().map(|party| party.id).collect();
    let people = guard::load(tx, &parties).await?;
    let now = tx.now();
    let mut reasons: Vec<Reason> = Vec::new();
    let mut contactable = false;
    for party in &parties {
        let Some(person) = people.person(*party) else { continue };
        for channel in [Channel::Mail, Channel::Call, Channel::Email] {
            let ask = Ask {
                party: *party,
                account,
                channel,
                target: None,
                step: "",
                answers: None,
                permitted: None,
            };
            let said = person.judge(&ask, Span::days(now, AHEAD_DAYS), now).explain(now);
            contactable |= said.next_permitted_at.is_some();
            let new = said.reasons.into_iter().filter(|reason| {
                !reasons.iter().any(|known| {
                    (&known.rule, &known.authority) == (&reason.rule, &reason.authority)
                })
            });
            let new: Vec<Reason> = new.collect();
            reasons.extend(new);
        }
    }
    if contactable {
        reasons.clear();
    }
    let points = standing.parties.iter().filter_map(|party| {
        let person = people.person(party.id)?;
        let count = |kind| i32::try_from(person.usable(party.id, kind)).unwrap_or(i32::MAX);
        Some(wire::PartyPoints {
            party_id: to_wire::party_id(party.id),
            role: party.role.as_str().to_owned(),
            phones: count(Kind::Phone),
            emails: count(Kind::Email),
            addresses: count(Kind::Address),
        })
    });
    let points = points.collect();
    let nil = uuid::Uuid::nil();
    let attempts = attempt::newest(tx.conn(), account).await?;
    let decisions = decision::newest(tx.conn(), account).await?;
    let stops = stop::page(tx.conn(), Some(account), true, nil, SHOWN).await?;
    let disputes = dispute::page(tx.conn(), Some(account), true, nil, SHOWN).await?;
    let consents = consent::page(tx.conn(), Some(account), true, nil, SHOWN).await?;
    let designations = designation::page(tx.conn(), Some(account), true, nil, SHOWN).await?;
    let facts = dated_fact::page(tx.conn(), Some(account), true, nil, SHOWN).await?;
    Ok(wire::ExplainAccountResponse {
        contactable,
        reasons: reasons.iter().map(to_wire::reason).collect(),
        attempts: attempts.iter().map(to_wire::attempt).collect(),
        decisions: decisions.iter().map(to_wire::decision).collect(),
        stops: stops.iter().map(to_wire::stop).collect(),
        disputes: disputes.iter().map(to_wire::dispute).collect(),
        points,
        consents: consents.iter().map(to_wire::consent).collect(),
        designations: designations.iter().map(to_wire::designation).collect(),
        facts: facts.iter().map(to_wire::dated_fact).collect(),
    })
}
