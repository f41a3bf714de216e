//! Classifications: a question whose answer is a value, computed from what is told. Each key asks the guard's
//! own functions. Where several events could be meant, the question's words choose; where none is told, its
//! words tell what is asked about.

use duly_compliance::writing::Arrived;
use duly_compliance::{Content, DesignationKind, Initiator, Medium, Recipient, counts};
use duly_domain::{Channel, Date, DebtClass, Disposition, Instant, StopKind};
use serde_json::{Map, Value, json};

use crate::event::{self, Does};
use crate::scene::{Scene, Told};
use crate::words::{Bad, Obj, plain};
use crate::world::World;

mod calls;
mod days;
pub mod message;
pub mod subject;

pub use subject::{about_the_account, written};

/// The keys of values.
pub const KEYS: &str = "attempt_to_communicate communication limited_content_message consumer_for_1006_6 \
    debt_under_part_1006 known_inconvenient_time known_inconvenient_place \
    known_employer_prohibition represented known_third_party_disclosure cease_communication \
    public_domain employer_provided_known about_the_account first_allowed_date \
    initial_communication starts_deadline calls_counted debt calls conversations counts_as_call \
    counts_toward_frequencies consent_last_day consent_applies particular_debts \
    conversation_starts_period first_call_date transfer_for_consideration safe_period_days \
    period_starts in_writing substantially_same_possible new_information new_and_material \
    material duplicative assumed_receipt end_date assumed_receipt_earliest end_date_earliest \
    end_date_if_observed_days_also_excluded retain_until immediately_prior_collector \
    notice_complete_on notification_complete notice_deadline direct_consent location_information \
    opt_out_deadline_earliest disclosure_languages complete_database";

/// Other names of keys.
const ALIASES: &[(&str, &str)] = &[
    ("employer_prohibits", "known_employer_prohibition"),
    ("employer_prohibits_known", "known_employer_prohibition"),
    ("known_employer_prohibits", "known_employer_prohibition"),
    ("knows_employer_prohibition", "known_employer_prohibition"),
    ("inconvenient_time_known", "known_inconvenient_time"),
    ("inconvenient_place_known", "known_inconvenient_place"),
    ("is_communication", "communication"),
    ("is_attempt", "attempt_to_communicate"),
    ("is_limited_content_message", "limited_content_message"),
    ("is_call", "counts_as_call"),
    ("counts_as_telephone_call", "counts_as_call"),
    ("telephone_call", "counts_as_call"),
    ("placing_a_telephone_call", "counts_as_call"),
    ("particular_debt_count", "particular_debts"),
    ("material_information", "new_and_material"),
    ("new", "new_and_material"),
    ("earliest_email_date", "first_allowed_date"),
    ("consumer_under_1006_6", "consumer_for_1006_6"),
    ("knows_employer_prohibits", "known_employer_prohibition"),
    ("employer_prohibition_known", "known_employer_prohibition"),
    ("known_inconvenient", "known_inconvenient_time"),
    ("employer_provided", "employer_provided_known"),
    ("knows_employer_provided", "employer_provided_known"),
    ("known_employer_provided", "employer_provided_known"),
    ("complete_on", "notice_complete_on"),
    ("notification_complete_on", "notice_complete_on"),
    ("effective_on", "notice_complete_on"),
    ("effective_date", "notice_complete_on"),
    ("cease_effective", "notice_complete_on"),
    ("validation_deadline", "notice_deadline"),
    ("deadline", "notice_deadline"),
    ("validation_period_end", "end_date"),
    ("validation_period_end_date", "end_date"),
    ("languages", "disclosure_languages"),
    ("language", "disclosure_languages"),
    ("duplicative_dispute", "duplicative"),
    ("new_and_material_information", "new_and_material"),
    ("substantially_same", "substantially_same_possible"),
    ("debts_counted", "particular_debts"),
    ("debt_count", "particular_debts"),
    ("complete_and_accurate_database", "complete_database"),
    ("prior_consent", "direct_consent"),
    ("consent_valid", "direct_consent"),
    ("consent_given_directly", "direct_consent"),
    ("represented_by_attorney", "represented"),
    ("earliest_call_date", "first_call_date"),
    ("next_call_date", "first_call_date"),
    ("first_permitted_date", "first_allowed_date"),
    ("consumer", "consumer_for_1006_6"),
    ("counts", "counts_as_call"),
    ("transfer", "transfer_for_consideration"),
    ("complete_and_accurate", "complete_database"),
    ("number_of_debts", "particular_debts"),
    ("consent_ends", "consent_last_day"),
    ("consent_through", "consent_last_day"),
    ("consent_valid_through", "consent_last_day"),
    ("last_day", "consent_last_day"),
    ("written", "in_writing"),
    ("period_end", "end_date"),
    ("keep_until", "retain_until"),
    ("next_allowed_date", "first_call_date"),
    ("waiting_period_days", "safe_period_days"),
    ("reasonable_period_days", "safe_period_days"),
    ("period_begins", "period_starts"),
    ("domain_available_to_public", "public_domain"),
    ("available_to_general_public", "public_domain"),
    ("prohibited_disclosure_known", "known_third_party_disclosure"),
];

/// Computes every key that a question asks for; `None`: some key is not a word here.
pub fn values(
    scene: &Scene,
    question: Obj<'_>,
    at: Option<Instant>,
    wanted: &Map<String, Value>,
) -> Result<Map<String, Value>, Bad> {
    let end = scene.told.iter().map(Told::last).max();
    let end = at.or(end).unwrap_or_else(|| crate::when::on(scene.tz, Date::default(), 12, 0));
    let world = scene.world(end)?;
    let text = question.text("question")?.unwrap_or_default();
    let asked = Asked { scene, question, world, end, at, text: text.to_lowercase() };
    let mut found = Map::new();
    for (key, value) in wanted {
        let known = KEYS.split_whitespace().chain(ALIASES.iter().map(|(alias, _)| *alias));
        let name = crate::synonym::of(key, &known).unwrap_or(key);
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
        let Some(value) = asked.value(name, value, wanted)? else { continue };
        found.insert(key.clone(), value);
    }
    Ok(found)
}

/// One question about what is told.
struct Asked<'a> {
    scene: &'a Scene,
    question: Obj<'a>,
    world: World,
    /// As of when.
    end: Instant,
    at: Option<Instant>,
    /// The question, in lower case.
    text: String,
}

impl Asked<'_> {
    fn value(
        &self,
        key: &str,
        wanted: &Value,
        all: &Map<String, Value>,
    ) -> Result<Option<Value>, Bad> {
        let world = &self.world;
        let stands =
            |kind| {
                world.facts.stops.iter().any(|stop| {
                    stop.kind == kind && stop.until.is_none_or(|until| until > self.end)
                })
            };
        let designated = |is: fn(&DesignationKind) -> bool| {
            world.facts.designations.iter().any(|designation| {
                is(&designation.kind) && designation.until.is_none_or(|until| until > self.end)
            })
        };
        let happened = |code: &str| {
            let kind = World::kind(code);
            world.facts.events.iter().any(|event| Some(event.kind) == kind)
        };
        Ok(Some(match key {
            "attempt_to_communicate" => some(self.content()?.map(Content::is_attempt)),
            "communication" => some(self.content()?.map(Content::is_communication)),
            "limited_content_message" => some(self.limited_content()?),
            "consumer_for_1006_6" => json!(self.recipient()?.is_consumer()),
            "debt_under_part_1006" => {
                json!(world.facts.accounts.iter().all(|row| row.class == DebtClass::Consumer))
            }
            "known_inconvenient_time" => {
                json!(designated(|kind| matches!(kind, DesignationKind::NotAt(_))))
            }
            "known_inconvenient_place" => {
                json!(designated(|kind| matches!(kind, DesignationKind::NotAtPlace(_))))
            }
            "known_employer_prohibition" => {
                json!(designated(|kind| matches!(kind, DesignationKind::EmployerForbids)))
            }
            "represented" => json!(stands(StopKind::Attorney)),
            "known_third_party_disclosure" => json!(happened("disclosure_reported")),
            "cease_communication" => json!(stands(StopKind::Cease)),
            "public_domain" => some(self.public_domain()?),
            "employer_provided_known" => {
                json!(world.facts.points.iter().any(|point| point.of_employer == Some(true)))
            }
            "about_the_account" => some(self.about_the_account()?),
            "initial_communication" => self.initial(wanted)?,
            "starts_deadline" => some(self.content()?.map(Content::is_initial)),
            "debt" | "calls" | "conversations" => return self.counted_for(key, all),
            "calls_counted" => json!(self.calls_counted(None)),
            "counts_as_call" => some(self.counts_as_call()?),
            "counts_toward_frequencies" => some(self.counts_toward_frequencies()?),
            "consent_last_day" => some(self.consent_last_day().map(|day| day.to_string())),
            "consent_applies" => some(self.counts_toward_frequencies()?.map(|counts| !counts)),
            "particular_debts" => json!(self.particular_debts()),
            "conversation_starts_period" => {
                let spoken = |a: &&duly_compliance::Attempt| {
                    a.conversation && a.initiator != Initiator::Agency
                };
                json!(
                    world
                        .facts
                        .attempts
                        .iter()
                        .any(|attempt| attempt.conversation || spoken(&attempt))
                )
            }
            "first_call_date" => some(self.first_date(Medium::Call)?.map(|day| day.to_string())),
            "first_allowed_date" => {
                some(self.first_date(self.asked_medium())?.map(|day| day.to_string()))
            }
            "in_writing" => some(self.in_writing()?),
            "transfer_for_consideration" => some(self.transfer_for_consideration()),
            "direct_consent" => json!(world.facts.consents.iter().any(|consent| {
                consent.given_to == duly_compliance::GivenTo::Agency && consent.from <= self.end
            })),
            "immediately_prior_collector" => some(world.prior_collector().cloned()),
            "location_information" => json!(world.deceased || world.purpose_location),
            "complete_database" => some(subject::complete_database(&self.text)),
            "disclosure_languages" => some(self.languages()?),
            _ => match self.day(key)? {
                Some(value) => value,
                None => return Err(Bad::unknown("value", key, KEYS.split_whitespace())),
            },
        }))
    }

    /// The event that is asked about, among those that are fit for it.
    fn subject(&self, fit: impl Fn(&Told) -> bool) -> Option<&Told> {
        let told: Vec<&Told> =
            self.scene.told.iter().filter(|told| fit(told) && told.at <= self.end).collect();
        let best = told.iter().map(|told| subject::likeness(told, &self.text)).max()?;
        // The last of those that the question's words fit best.
        told.into_iter().rev().find(|told| subject::likeness(told, &self.text) == best)
    }

    /// What the contact that is asked about conveys.
    fn content(&self) -> Result<Option<Content>, Bad> {
        let contact = self.subject(|told| {
            matches!(
                told.kind.does(),
                Does::Call
                    | Does::Sent(_)
                    | Does::Marketing
                    | Does::Received(_)
                    | Does::Validation(_)
            ) || subject::is_pleading(told)
        });
        match contact {
            Some(told) => subject::content(told).map(Some),
            None => Ok(subject::content_of(&self.text)),
        }
    }

    fn limited_content(&self) -> Result<Option<bool>, Bad> {
        let voicemail = self.subject(|told| told.kind.does() == Does::Call);
        let third_party = self.known_third_party();
        match voicemail {
            Some(told) => message::limited_content_of(told.obj(), third_party).map(Some),
            None => {
                let text = self.scene.facts.get("content").or(self.scene.facts.get("statement"));
                let Some(content) = text else { return Ok(None) };
                let mut map = Map::new();
                let key = if content.is_array() { "content" } else { "text" };
                map.insert(key.to_owned(), content.clone());
                message::limited_content_of(Obj::new("facts", &map), third_party).map(Some)
            }
        }
    }

    /// Whether the number is known to be somebody else's.
    fn known_third_party(&self) -> bool {
        let facts = Obj::new("facts", &self.scene.facts);
        let knows = facts.flag("collector_knows_number_owner").ok().flatten() != Some(false);
        let owner = facts.text("number_owner").ok().flatten();
        let other =
            owner.and_then(|owner| event::person(&owner)).is_some_and(|who| !who.is_consumer());
        other && knows
    }

    /// Who is asked about, where what makes them a consumer is told.
    fn recipient(&self) -> Result<Recipient, Bad> {
        let named =
            self.world.contact.or_else(|| subject::person_in(&self.text)).unwrap_or_default();
        let facts = Obj::new("facts", &self.scene.facts);
        let minor = match facts.map("consumer")? {
            Some(map) => Obj::new("facts.consumer", map).flag("minor")? == Some(true),
            None => false,
        };
        Ok(match named {
            Recipient::ParentOfMinor if !minor => Recipient::ThirdParty,
            Recipient::Estate if !self.world.deceased => Recipient::ThirdParty,
            other => other,
        })
    }

    fn public_domain(&self) -> Result<Option<bool>, Bad> {
        let question = subject::addresses(&self.text);
        let facts = Obj::new("facts", &self.scene.facts);
        let told = [facts.texts("email")?, facts.texts("emails")?, self.question.texts("address")?];
        let address =
            question.into_iter().next().or_else(|| told.into_iter().flatten().flatten().next());
        // A domain of which nothing is known is not relied on as open to the public.
        Ok(match address {
            Some(address) => Some(crate::domain_name::is_public(&address) == Some(true)),
            None => subject::open_to_anyone(&self.text),
        })
    }

    fn about_the_account(&self) -> Result<Option<bool>, Bad> {
        if let Some(said) = subject::about_the_account_of(&self.text) {
            return Ok(Some(said));
        }
        match self.subject(|told| told.kind.is(&["creditor_email_sent"])) {
            Some(told) => about_the_account(told.obj()),
            None => Ok(None),
        }
    }

    /// The day of the first contact that conveys information about a debt; or whether the one that is asked
    /// about may be it.
    fn initial(&self, wanted: &Value) -> Result<Value, Bad> {
        if wanted.is_boolean() {
            return Ok(some(self.content()?.map(Content::is_initial)));
        }
        for told in &self.scene.told {
            let contact = matches!(
                told.kind.does(),
                Does::Call | Does::Sent(_) | Does::Received(_) | Does::Validation(_)
            );
            if contact && subject::content(told)?.is_initial() {
                return Ok(json!(told.day.to_string()));
            }
        }
        Ok(Value::Null)
    }

    fn counts_as_call(&self) -> Result<Option<bool>, Bad> {
        // The words of the question come first: they may ask about a result that nobody told.
        if let Some(outcome) = subject::outcome_in(&self.text) {
            return Ok(Some(counts(Channel::Call, outcome, self.end).counted));
        }
        let told = self.subject(|told| matches!(told.kind.does(), Does::Call | Does::Sent(_)));
        Ok(match told {
            Some(told) if told.kind.does() == Does::Call => {
                let voicemail = told.kind.is(&["voicemail_left", "ringless_voicemail_left"]);
                let outcome =
                    if voicemail { Disposition::Voicemail } else { event::outcome(told.obj())? };
                Some(counts(Channel::Call, outcome, told.at).counted)
            }
            // An electronic message is no telephone call (comment 14(b)-1).
            Some(_) => Some(false),
            None => subject::message_in(&self.text).then_some(false),
        })
    }

    fn in_writing(&self) -> Result<Option<bool>, Bad> {
        if let Some(written) = written(&self.text) {
            return Ok(Some(written));
        }
        let told = self.subject(|told| {
            matches!(told.kind.does(), Does::Dispute | Does::Fact(_) | Does::Cease)
        });
        let Some(told) = told else { return Ok(None) };
        let obj = told.obj();
        let medium = obj.word("medium")?.or(obj.word("channel")?).or(obj.word("by")?);
        Ok(match obj.flag("in_writing")? {
            Some(said) => Some(said),
            None => medium.and_then(|word| written(&word)),
        })
    }

    fn transfer_for_consideration(&self) -> Option<bool> {
        subject::transfers(&self.text)
    }

    fn asked_medium(&self) -> Medium {
        if self.text.contains("call") {
            Medium::Call
        } else if self.text.contains("text") {
            Medium::Text
        } else {
            Medium::Email
        }
    }

    /// 12 CFR 1006.18(e)(4): the languages of the rest of the communication.
    fn languages(&self) -> Result<Option<Vec<String>>, Bad> {
        let told = self.subject(|told| {
            told.map.contains_key("language") || told.map.contains_key("languages")
        });
        let Some(told) = told else { return Ok(None) };
        let obj = told.obj();
        Ok(obj.texts("languages")?.or(obj.texts("language")?))
    }
}

/// A value, or nothing.
fn some<T: serde::Serialize>(value: Option<T>) -> Value {
    value.map_or(Value::Null, |value| json!(value))
}

/// Whether two values say the same; a day may be written as its text.
pub fn same(expected: &Map<String, Value>, found: &Map<String, Value>) -> bool {
    expected.iter().all(|(key, value)| match (value, found.get(key)) {
        (Value::String(a), Some(Value::String(b))) => plain(a) == plain(b),
        (value, Some(found)) => value == found,
        (_, None) => false,
    })
}

/// How something written arrived, by the words for it.
pub fn arrived(word: &str) -> Option<Arrived> {
    let has = |words: &[&str]| words.iter().any(|known| word.contains(known));
    if has(&["in person", "in_person", "courier", "by hand", "hand_deliver", "hand deliver"]) {
        Some(Arrived::ByHand)
    } else if has(&["response form", "response_form", "form returned"]) {
        Some(Arrived::OnTheForm)
    } else if has(&["mail"]) && !has(&["email", "e-mail"]) {
        Some(Arrived::ByPost)
    } else if has(&["not accept", "unaccepted"]) {
        Some(Arrived::ByOtherMedium)
    } else if has(&["email", "e-mail", "portal", "website", "electronic", "sms", "text message"]) {
        Some(Arrived::ByAcceptedMedium)
    } else if has(&["telephone", "phone", "oral", "spoken", "call", "voicemail"]) {
        Some(Arrived::Spoken)
    } else if has(&["letter", "writing", "written", "post"]) {
        Some(Arrived::ByPost)
    } else {
        None
    }
}
