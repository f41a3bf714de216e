//! From the facts of one treatment to the data of its letter, or to what is missing for it. Pure.

mod commercial_demand;
mod validation_notice;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use duly_domain::{AddressParts, Channel, ClaimItemKind, CreditorKind, Date, Money};
use duly_standing::{Party, Standing};
use serde_json::{Value, json};

use crate::{
    calendar::{MailCalendar, Mailing},
    config::Config,
    typesetter::Template,
};

/// What a claim states beside where its account stands.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub original_creditor: String,
    pub current_creditor: String,
    pub creditor_kind: Option<CreditorKind>,
    /// How many items the placement has.
    pub claim_items: usize,
}

/// One invoice, credit or charge.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub kind: ClaimItemKind,
    pub number: String,
    pub purchase_order: String,
    pub item_date: Option<Date>,
    pub due_date: Option<Date>,
    pub open: Money,
    pub original: Option<Money>,
}

/// Everything known about one letter to be.
pub(crate) struct Facts<'a> {
    pub standing: Option<&'a Standing>,
    /// Whether the client was heard of: its name is known only then.
    pub client_known: bool,
    pub claim: Option<&'a Claim>,
    pub items: &'a [Item],
    /// Where the party gets post, the best known first; without what came back.
    pub addresses: Vec<AddressParts>,
    /// Likewise by e-mail; without what it does not want.
    pub emails: Vec<String>,
}

/// What is asked for.
pub(crate) struct Wanted<'a> {
    pub opening: i32,
    pub party: uuid::Uuid,
    pub template: &'a str,
    pub channel: Channel,
}

/// How the agency appears.
pub(crate) struct House<'a> {
    pub name: &'a str,
    pub licence: &'a str,
    pub config: &'a Config,
    pub calendar: MailCalendar,
}

/// A letter ready to be typeset. Not `Debug`: it names a person.
#[derive(Clone)]
pub(crate) struct Draft {
    pub template: Template,
    pub data: Value,
    pub reference: String,
    pub creditor: String,
    pub recipient: String,
    pub address: Option<AddressParts>,
    pub email: Option<String>,
    pub mailing: Mailing,
    pub mail_by: Date,
    pub validation_period_end: Option<Date>,
}

/// What becomes of a treatment.
pub(crate) enum Composed {
    Draft(Box<Draft>),
    /// Something was not heard of yet: it comes, or the treatment's time ends. What is awaited, by field.
    Waits(Vec<&'static str>),
    /// It cannot be, or shall not be, written. Nothing is missing where its purpose has ended.
    Refused {
        missing: Vec<&'static str>,
        reason: String,
    },
}

/// Fields that a template needs and does not find, in the order in which they are named.
#[derive(Default)]
pub(crate) struct Missing(BTreeSet<&'static str>);

impl Missing {
    /// Names a field unless something stands there.
    fn unless(&mut self, there: bool, field: &'static str) {
        if !there {
            self.0.insert(field);
        }
    }

    fn refused(self) -> Composed {
        let missing: Vec<&'static str> = self.0.into_iter().collect();
        let reason = format!("the letter cannot be written without {}", missing.join(", "));
        Composed::Refused { missing, reason }
    }
}

/// What the templates have in common.
struct Ready<'a> {
    house: &'a House<'a>,
    standing: &'a Standing,
    party: &'a Party,
    claim: &'a Claim,
    items: &'a [Item],
    channel: Channel,
    address: Option<&'a AddressParts>,
    email: Option<&'a String>,
    mailing: Mailing,
}

/// Composes one letter at this instant.
pub(crate) fn compose(
    house: &House<'_>,
    wanted: &Wanted<'_>,
    facts: &Facts<'_>,
    now: DateTime<Utc>,
) -> Composed {
    let Some(template) = Template::named(wanted.template) else {
        return Composed::Refused {
            missing: vec!["template"],
            reason: "no template has the name that the strategy gives".to_owned(),
        };
    };
    let (Some(standing), Some(claim)) = (facts.standing, facts.claim) else {
        return Composed::Waits(vec!["account"]);
    };
    if standing.opening < wanted.opening {
        return Composed::Waits(vec!["account"]);
    }
    if let Some(refused) = over(standing, wanted.opening) {
        return refused;
    }
    let mut waits = Vec::new();
    if !facts.client_known {
        waits.push("client");
    }
    if facts.items.len() < claim.claim_items {
        waits.push("claim_items");
    }
    if !waits.is_empty() {
        return Composed::Waits(waits);
    }
    let Some(party) = standing.party(wanted.party) else {
        return Composed::Refused {
            missing: vec!["liable_party"],
            reason: "the account has no such liable party".to_owned(),
        };
    };
    let ready = Ready {
        house,
        standing,
        party,
        claim,
        items: facts.items,
        channel: wanted.channel,
        address: facts.addresses.first(),
        email: facts.emails.first(),
        mailing: house.calendar.next(now),
    };
    match template {
        Template::ValidationNotice => validation_notice::compose(&ready),
        Template::CommercialDemand => commercial_demand::compose(&ready),
    }
}

/// The refusal of a letter on an account on which nothing is to be collected any more. What is owed
/// comes first: an account that is paid is closed for it, sooner or later.
fn over(standing: &Standing, opening: i32) -> Option<Composed> {
    let refused = |missing: Vec<&'static str>, reason: &str| {
        Some(Composed::Refused { missing, reason: reason.to_owned() })
    };
    if standing.opening > opening {
        return refused(vec![], "the account was placed anew; this was for its earlier placement");
    }
    if !standing.balance.is_positive() {
        return refused(vec!["amount"], "nothing is owed on the account");
    }
    if standing.ended.is_some() {
        return refused(vec![], "the account has ended");
    }
    None
}

impl Ready<'_> {
    /// What every letter needs, checked.
    fn missing(&self) -> Missing {
        let mut missing = Missing::default();
        missing.unless(!self.house.config.agency_address.is_empty(), "agency_address");
        missing.unless(!self.party.name.expose().trim().is_empty(), "liable_party.name");
        match self.channel {
            Channel::Email => {
                missing.unless(self.email.is_some(), "liable_party.email");
                missing.unless(self.house.config.sender().is_some(), "mail_from");
            }
            Channel::Mail | Channel::Call | Channel::Text => {
                missing.unless(self.address.is_some(), "liable_party.address");
            }
        }
        missing
    }

    /// To whom it is owed now. A client that bought debts is the creditor of what it places; else the
    /// creditor is who it was at first, and a business places its own claims.
    fn current_creditor(&self) -> &str {
        let first = |names: [&'_ str; 3]| -> usize {
            names.iter().position(|name| !name.trim().is_empty()).unwrap_or(2)
        };
        let claim = self.claim;
        let original = match claim.creditor_kind {
            Some(CreditorKind::DebtBuyer) => "",
            _ => claim.original_creditor.as_str(),
        };
        let names = [claim.current_creditor.as_str(), original, self.standing.client_name.as_str()];
        names[first(names)].trim()
    }

    /// The agency's reference of the account: the client's two, so that it is the same in every run.
    fn reference(&self) -> String {
        format!("{} / {}", self.standing.client_ref, self.standing.client_account_ref)
    }

    fn recipient(&self) -> String {
        words::shown(self.party.name.expose())
    }

    /// The recipient's address as it is printed: its e-mail address where no other is known.
    fn address_lines(&self) -> Vec<String> {
        match (self.address, self.email) {
            (Some(address), _) => words::address_lines(address),
            (None, Some(email)) => vec![email.clone()],
            (None, None) => Vec::new(),
        }
    }

    /// The data that every template shows.
    fn data(&self) -> Value {
        let House { name, licence, config, .. } = self.house;
        json!({
            "date": self.mailing.on.to_string(),
            "date_text": words::long_date(self.mailing.on),
            "reference": self.reference(),
            "account": words::shown(&self.standing.client_account_ref),
            "agency": {
                "name": name,
                "licence": licence,
                "address": config.agency_address,
                "phone": config.agency_phone,
                "hours": config.agency_hours,
                "email": config.agency_email,
                "website": config.website,
            },
            "recipient": { "name": self.recipient(), "address": self.address_lines() },
            "balance": words::amount(self.standing.balance),
        })
    }

    fn draft(&self, template: Template, own: Value, mail_by: Date) -> Draft {
        let mut data = self.data();
        if let (Some(data), Value::Object(own)) = (data.as_object_mut(), own) {
            data.extend(own);
        }
        Draft {
            template,
            data,
            reference: self.reference(),
            creditor: self.current_creditor().to_owned(),
            recipient: self.recipient(),
            address: self.address.cloned(),
            email: self.email.cloned(),
            mailing: self.mailing,
            mail_by,
            validation_period_end: None,
        }
    }
}

#[cfg(test)]
mod tests;
