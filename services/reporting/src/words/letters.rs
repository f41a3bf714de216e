//! Letters: prepared, refused, mailed, expired, returned.

use duly_domain::Date;
use duly_proto::{
    common::v1::Channel,
    letters::v1::{self as letters, Certainty, ReturnReason},
};

use super::{counted, plain};

/// `letter by e-mail`.
fn letter(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "letter by e-mail",
        Channel::Mail => "letter by post",
        Channel::Call | Channel::Text | Channel::Unspecified => "letter",
    }
}

/// It is ready for its day. Never the address that it goes to.
pub fn prepared(fact: &letters::LetterPrepared, on: Date) -> String {
    let (letter, template) = (letter(fact.channel()), plain(&fact.template));
    let pages = counted(fact.pages, "page");
    format!("{letter} prepared for {on}: {template}, {pages}")
}

/// It cannot be prepared.
pub fn refused(fact: &letters::LetterRefused) -> String {
    let missing: Vec<String> = fact.missing.iter().map(|field| plain(field)).collect();
    let missing = match missing.as_slice() {
        [] => String::new(),
        missing => format!("; missing: {}", missing.join(", ")),
    };
    format!("{} not prepared: {}{missing}", plain(&fact.template), fact.reason)
}

/// It left, or may have.
pub fn mailed(fact: &letters::LetterMailed, on: Date, validation_until: Option<Date>) -> String {
    let what = match fact.certainty() {
        Certainty::Known | Certainty::Unspecified => "sent",
        Certainty::Unknown => "may or may not have been sent",
    };
    let (letter, template) = (letter(fact.channel()), plain(&fact.template));
    let pages = counted(fact.pages, "page");
    let period = validation_until
        .map(|until| format!("; the validation period ends on {until}"))
        .unwrap_or_default();
    format!("{letter} {what} on {on}: {template}, {pages}{period}")
}

/// It will not be sent.
pub fn expired(fact: &letters::LetterExpired) -> String {
    match fact.reason.as_str() {
        "" => "letter not sent".to_owned(),
        reason => format!("letter not sent: {reason}"),
    }
}

/// It came back.
pub fn returned(fact: &letters::LetterReturned, on: Date) -> String {
    let why = match fact.reason() {
        ReturnReason::Moved => "moved",
        ReturnReason::Undeliverable => "undeliverable",
        ReturnReason::Refused => "refused",
        ReturnReason::Deceased => "deceased",
        ReturnReason::Bounced => "the mail server refuses it for good",
        ReturnReason::Unspecified => "reason not stated",
    };
    format!("letter came back on {on}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_names_template_pages_and_day_and_no_address() {
        let on: Date = "2026-01-06".parse().expect("a day");
        let mut fact = letters::LetterPrepared {
            template: "commercial_demand".into(),
            email: "hunter2".into(),
            pages: 3,
            ..Default::default()
        };
        fact.set_channel(Channel::Email);
        let words = prepared(&fact, on);
        assert_eq!(words, "letter by e-mail prepared for 2026-01-06: commercial demand, 3 pages");
        let mut fact = letters::LetterMailed {
            template: "validation_notice".into(),
            pages: 1,
            ..Default::default()
        };
        fact.set_channel(Channel::Mail);
        fact.set_certainty(Certainty::Unknown);
        assert_eq!(
            mailed(&fact, on, on.succ_opt()),
            "letter by post may or may not have been sent on 2026-01-06: validation notice, 1 page; \
             the validation period ends on 2026-01-07"
        );
    }

    #[test]
    fn a_refused_letter_says_what_is_missing() {
        let fact = letters::LetterRefused {
            template: "validation_notice".into(),
            missing: vec!["current_creditor".into(), "liable_party.address".into()],
            reason: "facts are missing".into(),
            ..Default::default()
        };
        assert_eq!(
            refused(&fact),
            "validation notice not prepared: facts are missing; missing: current creditor, \
             liable party address"
        );
    }
}
