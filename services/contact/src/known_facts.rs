//! What the client already knows when it places: attorney, cease, dispute and the like stand as stops,
//! disputes and wishes from the transaction on that hears of the account.

use std::str::FromStr as _;

use duly_compliance::DesignationKind;
use duly_domain::{
    AddressParts, Channel, DebtorKind, DisputeReason, Email, KnownFactKind, Phone, StopKind, id,
};
use duly_platform::Tx;
use duly_proto::{
    convert::{self, AddressField, Misfit},
    intake::v1::{AccountPlaced, ClaimKind as WireClaim, CreditorKind as WireCreditor},
};
use uuid::Uuid;

use crate::{
    affected,
    error::Result,
    link::Heard,
    open_dispute, place_stop,
    store::{
        claim::Claim,
        designation::{self, Designation},
        dispute::Dispute,
        point::{self, Kind, NewPoint, Wish, one_line},
        stop::Stop,
    },
    times,
};

/// What is told where points come from, and the first rank of each source.
const PLACEMENT: (&str, i32) = ("placement", 10);
const CONTACT_PERSON: (&str, i32) = ("contact_person", 50);

/// One placement as contact reads it.
pub(crate) struct Placed {
    pub account: Uuid,
    opening: i32,
    client: Uuid,
    parties: Vec<Party>,
    /// Numbers and e-mails of people who do not owe, through whom a business is reached.
    through: Vec<(Kind, String)>,
    known: Vec<Known>,
    /// What the claim is.
    pub claim: Claim,
}

struct Party {
    id: Uuid,
    kind: DebtorKind,
    phones: Vec<String>,
    emails: Vec<String>,
    address: Option<AddressParts>,
    national_id: Option<Vec<u8>>,
}

struct Known {
    kind: KnownFactKind,
    /// Empty: it concerns the debt as a whole.
    party: Option<Uuid>,
    detail: String,
}

/// Reads a placement.
pub(crate) fn read(fact: &AccountPlaced) -> std::result::Result<Placed, Misfit> {
    let parties = fact.liable_parties.iter().map(|party| {
        let sealed = convert::sealed_opt("sealed_national_id", party.sealed_national_id.as_ref())?;
        Ok(Party {
            id: convert::id::<id::Party>("party_id", &party.party_id)?.uuid(),
            kind: DebtorKind::try_from(party.debtor_kind())?,
            phones: party.phones.clone(),
            emails: party.emails.iter().map(|email| email.to_lowercase()).collect(),
            address: party.address.as_ref().map(AddressField::parts),
            national_id: sealed.map(|sealed| sealed.lookup),
        })
    });
    let parties = parties.collect::<std::result::Result<Vec<Party>, Misfit>>()?;
    let known = fact.known_facts.iter().map(|known| {
        let party = known.party_index.map(|index| {
            let party = usize::try_from(index).ok().and_then(|index| parties.get(index));
            let party = party.map(|party| party.id);
            party.ok_or_else(|| Misfit::new("known_facts.party_index", "names no liable party"))
        });
        Ok(Known {
            kind: KnownFactKind::try_from(known.kind())?,
            party: party.transpose()?,
            detail: known.detail.clone(),
        })
    });
    let known = known.collect::<std::result::Result<Vec<Known>, Misfit>>()?;
    let through = fact.contact_persons.iter().flat_map(|contact| {
        let phone = (Kind::Phone, contact.phone.clone());
        [phone, (Kind::Email, contact.email.to_lowercase())]
    });
    let account = convert::id::<id::Account>("account_id", &fact.account_id)?.uuid();
    let client = convert::id::<id::Client>("client_id", &fact.client_id)?.uuid();
    let opening = fact.opening.max(1);
    Ok(Placed {
        account,
        opening,
        client,
        claim: Claim {
            account,
            opening,
            client,
            kind: match fact.claim_kind() {
                WireClaim::Unspecified => None,
                kind => Some(kind.try_into()?),
            },
            creditor: match fact.creditor_kind() {
                WireCreditor::Unspecified => None,
                kind => Some(kind.try_into()?),
            },
            accrued_on: convert::date_opt("age_from", fact.age_from.as_ref())?,
        },
        through: through.filter(|(_, value)| !value.is_empty()).collect(),
        parties,
        known,
    })
}

impl Placed {
    /// Its parties with their keys. A contact person's are none: an accountant of two businesses does
    /// not make them one.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        let heard = self.parties.iter().map(|party| Heard {
            party: party.id,
            client: self.client,
            phones: party.phones.clone(),
            emails: party.emails.clone(),
            national_id: party.national_id.clone(),
        });
        heard.collect()
    }

    /// Its parties, where the client knows something of them or of the debt: only that opens duties at
    /// once.
    pub(crate) fn owed_something(&self) -> Vec<Uuid> {
        if self.known.is_empty() {
            return Vec::new();
        }
        self.parties.iter().map(|party| party.id).collect()
    }

    /// Its contact points.
    pub(crate) fn points(&self, tx: &mut Tx) -> Vec<NewPoint> {
        let mut points = Vec::new();
        let mut add = |party: &Party, kind, value: String, address, (source, rank): (&str, i32)| {
            points.push(NewPoint {
                id: tx.uuid(),
                party: party.id,
                client: self.client,
                account: self.account,
                kind,
                value,
                address,
                provenance: source.to_owned(),
                rank,
            });
        };
        for party in &self.parties {
            let numbers = party.phones.iter().map(|phone| (Kind::Phone, phone));
            let mails = party.emails.iter().map(|email| (Kind::Email, email));
            for ((kind, value), place) in numbers.chain(mails).zip(0..) {
                add(party, kind, value.clone(), None, (PLACEMENT.0, PLACEMENT.1 + place));
            }
            if let Some(address) = &party.address {
                add(party, Kind::Address, one_line(address), Some(address.clone()), PLACEMENT);
            }
        }
        if let Some(principal) = self.parties.first().filter(|p| p.kind == DebtorKind::Business) {
            for ((kind, value), place) in self.through.iter().zip(0..) {
                let source = (CONTACT_PERSON.0, CONTACT_PERSON.1 + place);
                add(principal, *kind, value.clone(), None, source);
            }
        }
        points
    }

    /// The parties that a known fact concerns.
    fn concerned(&self, known: &Known) -> Vec<Uuid> {
        match known.party {
            Some(party) => vec![party],
            None => self.parties.iter().map(|party| party.id).collect(),
        }
    }
}

/// Stops, disputes and wishes of these placements. The persons are locked.
pub(crate) async fn stand_up(tx: &mut Tx, placed: &[Placed]) -> Result<()> {
    let (mut stops, mut disputes, mut wishes) = (Vec::new(), Vec::new(), Vec::new());
    let mut designations = Vec::new();
    let mut disputing = Vec::new();
    for placement in placed {
        for known in &placement.known {
            match known.kind {
                KnownFactKind::Dispute => {
                    disputing.extend(placement.parties.iter().map(|party| party.id));
                    disputes.push(dispute(tx, placement, known));
                }
                KnownFactKind::Language | KnownFactKind::InconvenientTime => {
                    for party in placement.concerned(known) {
                        wishes.push(wish(tx, placement, known, party));
                        if known.kind == KnownFactKind::InconvenientTime {
                            designations.extend(inconvenient(tx, placement, known, party));
                        }
                    }
                }
                KnownFactKind::Attorney
                | KnownFactKind::Cease
                | KnownFactKind::Bankruptcy
                | KnownFactKind::Deceased
                | KnownFactKind::Military
                | KnownFactKind::OptOut => {}
            }
            for party in placement.concerned(known) {
                for block in blocks(known) {
                    stops.push(stop(tx, placement, known, party, block));
                }
            }
        }
    }
    let now = tx.now();
    if !wishes.is_empty() {
        point::keep_wishes(tx.conn(), &wishes, now).await?;
    }
    designation::insert(tx.conn(), &designations).await?;
    let told: Vec<Uuid> = designations.iter().map(|designation| designation.party).collect();
    affected::parties(tx, &told).await?;
    place_stop::place(tx, &stops).await?;
    open_dispute::open(tx, &disputes, &disputing).await
}

/// What a known fact blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    kind: StopKind,
    /// Only the debt placed, not every debt of the party.
    of_debt: bool,
    channel: Option<Channel>,
    address: Option<String>,
}

fn blocks(known: &Known) -> Vec<Block> {
    let whole = |kind, of_debt| vec![Block { kind, of_debt, channel: None, address: None }];
    match known.kind {
        KnownFactKind::Attorney => whole(StopKind::Attorney, true),
        KnownFactKind::Cease => whole(StopKind::Cease, true),
        KnownFactKind::Bankruptcy => whole(StopKind::Bankruptcy, false),
        KnownFactKind::Deceased => whole(StopKind::Deceased, false),
        KnownFactKind::Military => whole(StopKind::Military, false),
        KnownFactKind::OptOut => {
            let (channel, address) = opted_out(&known.detail);
            vec![Block { kind: StopKind::OptOut, of_debt: false, channel, address }]
        }
        // A note on the times at which somebody may not be reached is knowledge of them (12 CFR 1006,
        // comment 6(b)(1)-1). One that says days and times is a designation; until a person has read any
        // other and lifts the stops, whatever has hours waits.
        KnownFactKind::InconvenientTime if times::read_note(&known.detail).is_some() => Vec::new(),
        KnownFactKind::InconvenientTime => [Channel::Call, Channel::Text, Channel::Email]
            .into_iter()
            .map(|channel| Block {
                kind: StopKind::OptOut,
                of_debt: false,
                channel: Some(channel),
                address: None,
            })
            .collect(),
        KnownFactKind::Dispute | KnownFactKind::Language => Vec::new(),
    }
}

/// What an opt-out is about; what is not understood is about everything.
fn opted_out(detail: &str) -> (Option<Channel>, Option<String>) {
    let text = detail.trim().to_lowercase();
    let channel = match text.as_str() {
        "call" | "calls" | "phone" | "telephone" | "voice" => Some(Channel::Call),
        "text" | "texts" | "sms" => Some(Channel::Text),
        "email" | "e-mail" => Some(Channel::Email),
        "mail" | "post" | "letter" | "letters" => Some(Channel::Mail),
        _ => None,
    };
    let phone = Phone::from_str(&text).map(|phone| phone.as_str().to_owned());
    let email = || Email::from_str(&text).map(|email| email.as_str().to_lowercase());
    (channel, phone.or_else(|_| email()).ok())
}

fn stop(tx: &mut Tx, placed: &Placed, known: &Known, party: Uuid, block: Block) -> Stop {
    Stop {
        id: tx.uuid(),
        client: placed.client,
        party,
        account: block.of_debt.then_some(placed.account),
        stated_at: placed.account,
        kind: block.kind,
        channel: block.channel,
        address: block.address,
        received_at: tx.now(),
        placed_at: tx.now(),
        placed_by: tx.actor().to_owned(),
        source: PLACEMENT.0.to_owned(),
        evidence: known.detail.clone(),
        lifted_at: None,
        lift_reason: None,
    }
}

fn dispute(tx: &mut Tx, placed: &Placed, known: &Known) -> Dispute {
    Dispute {
        id: tx.uuid(),
        client: placed.client,
        account: placed.account,
        opening: placed.opening,
        party: known.party,
        reason: DisputeReason::Other,
        item_numbers: Vec::new(),
        amount: None,
        opened_on: tx.today(),
        opened_at: tx.now(),
        form: None,
        received_at: tx.now(),
        received_on: tx.today(),
        medium: None,
        duplicate_of: None,
        detail: known.detail.clone(),
        // Of the whole debt: a consumer's pauses in any case, another because of that.
        pauses: true,
        outcome: None,
        resolved_on: None,
        resolved_at: None,
        validation_end: None,
        verified_at: None,
    }
}

/// What a note on inconvenient times says, where all of it is understood.
fn inconvenient(tx: &mut Tx, placed: &Placed, known: &Known, party: Uuid) -> Vec<Designation> {
    let times = times::read_note(&known.detail).unwrap_or_default();
    let designations = times.into_iter().map(|times| Designation {
        id: tx.uuid(),
        client: placed.client,
        party,
        stated_at: placed.account,
        kind: DesignationKind::NotAt(times),
        medium: None,
        address: None,
        oral: false,
        received_at: tx.now(),
        evidence: known.detail.clone(),
        source: PLACEMENT.0.to_owned(),
        recorded_by: tx.actor().to_owned(),
        recorded_at: tx.now(),
        lifted_at: None,
        lift_reason: None,
    });
    designations.collect()
}

fn wish(tx: &mut Tx, placed: &Placed, known: &Known, party: Uuid) -> Wish {
    let kind = if known.kind == KnownFactKind::Language { "language" } else { "inconvenient_time" };
    Wish {
        id: tx.uuid(),
        party,
        client: placed.client,
        account: placed.account,
        kind,
        detail: known.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opt_out_is_of_what_it_names_and_else_of_everything() {
        assert_eq!(opted_out(" Calls "), (Some(Channel::Call), None));
        assert_eq!(opted_out("e-mail"), (Some(Channel::Email), None));
        assert_eq!(opted_out("(617) 555-0123"), (None, Some("+16175550123".to_owned())));
        assert_eq!(opted_out("Ann@Example.com"), (None, Some("ann@example.com".to_owned())));
        assert_eq!(opted_out("do not bother her"), (None, None));
    }

    #[test]
    fn a_note_on_times_that_is_not_understood_holds_whatever_has_hours() {
        let known = Known {
            kind: KnownFactKind::InconvenientTime,
            party: None,
            detail: "works nights".to_owned(),
        };
        let channels: Vec<Option<Channel>> = blocks(&known).iter().map(|b| b.channel).collect();
        assert_eq!(channels, [Channel::Call, Channel::Text, Channel::Email].map(Some));
        let read = Known { detail: "weekdays 9:00-17:00".to_owned(), ..known };
        assert!(blocks(&read).is_empty());
    }
}
