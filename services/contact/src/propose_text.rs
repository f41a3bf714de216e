//! A collector's text: the same decision as for a call, taken at once, under the same lock. Where the guard
//! permits it, it is put on its way to the text gateway.

use std::str::FromStr as _;

use duly_compliance::Span;
use duly_domain::{AccountId, Channel, PartyId, Phone, Verdict};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    config::Config,
    error::{ContactError, Result},
    guard::{self, Ask},
    look_up,
    propose_call::{AHEAD_DAYS, blank},
    release, send_text,
    store::{
        attempt, decision, person,
        point::{self, Kind},
        text_message,
    },
    text_words::{CHARS_MAX, compose},
    wire as to_wire,
};

/// Why no text leaves where the agency has no gateway.
pub(crate) const NO_PORT: &str = "no text port is configured";

/// A text to propose.
pub(crate) struct ProposeText {
    account: AccountId,
    party: PartyId,
    phone: Option<String>,
    words: String,
}

impl TryFrom<wire::ProposeTextRequest> for ProposeText {
    type Error = ContactError;

    fn try_from(request: wire::ProposeTextRequest) -> Result<Self> {
        let phone = match request.phone.as_str() {
            "" => None,
            text => {
                let phone = Phone::from_str(text)
                    .map_err(|e| ContactError::field("phone", e.to_string()))?;
                Some(phone.as_str().to_owned())
            }
        };
        let words = convert::text("text", &request.text)?;
        if words.trim().is_empty() || words.chars().count() > CHARS_MAX {
            let reason = format!("holds 1 to {CHARS_MAX} characters");
            return Err(ContactError::field("text", reason));
        }
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            phone,
            words,
        })
    }
}

/// Decides, and puts it on its way where the guard permits it.
pub(crate) async fn propose_text(
    tx: &mut Tx,
    command: &ProposeText,
) -> Result<wire::ProposeTextResponse> {
    let party = command.party.uuid();
    person::lock(tx.conn(), &[party]).await?;
    let standing = look_up::account(tx, command.account).await?;
    look_up::liable(&standing, command.party)?;
    if let Some(phone) = &command.phone
        && point::find(tx.conn(), party, Kind::Phone, phone).await?.is_none()
    {
        let reason = "is no known number of this party; add it with AddPoint";
        return Err(ContactError::field("phone", reason));
    }
    let people = guard::load(tx, &[party]).await?;
    let person =
        people.person(party).ok_or_else(|| ContactError::unknown("party", command.party))?;
    let now = tx.now();
    let mut text = blank(tx, &standing, command.party, Channel::Text, now);
    let ask = Ask { target: command.phone.as_deref(), ..Ask::of(&text) };
    let judged = person.judge(&ask, Span::days(now, AHEAD_DAYS), now);
    let mut said = judged.explain(now);
    let requires = said.requires.clone();
    let composed = compose(tx.host().agency(), &command.words, requires.iter().map(AsRef::as_ref));
    if tx.host().state::<Config>().text_gateway().is_none() {
        release::refuse_for(&mut said, "text_port", "policy contact.text_port", NO_PORT);
    } else if let Err(code) = composed {
        let sentence = send_text::no_line_for(code);
        release::refuse_for(&mut said, "text_words", "policy contact.text_words", &sentence);
    }
    let allowed = said.verdict == Verdict::Allow;
    text.id = tx.uuid();
    let mut decided = release::keep(tx, &text, person, &judged, said)?;
    tx.about(duly_domain::DecisionId::from_uuid(decided.id));
    if !allowed {
        decided.attempt = None;
        decision::insert(tx.conn(), std::slice::from_ref(&decided)).await?;
        return Ok(wire::ProposeTextResponse {
            decision: Some(to_wire::decision(&decided)),
            attempt: None,
        });
    }
    release::permit(tx, &mut text, &judged);
    text.decision = Some(decided.id);
    decision::insert(tx.conn(), std::slice::from_ref(&decided)).await?;
    attempt::insert_authorized(tx.conn(), &text).await?;
    text_message::insert(tx.conn(), text.id, text.client, &command.words).await?;
    to_wire::tell_authorized(tx, &text);
    tx.mark_due(send_text::QUEUE, &[text.id], now).await?;
    Ok(wire::ProposeTextResponse {
        decision: Some(to_wire::decision(&decided)),
        attempt: Some(to_wire::attempt(&text)),
    })
}
