//! Contact: attempts, refusals, stops, disputes, duties. A refusal names its authority.

use duly_domain::{Date, Money};
use duly_proto::{
    common::v1 as common,
    contact::v1::{self as contact, Disposition, DisputeOutcome, DisputeReason, StopKind},
};

use super::{channel, items, plain};

/// What an attempt on this channel is called; a letter's e-mail is a letter.
fn attempt(by: common::Channel, letter_id: &str) -> String {
    match (by, letter_id) {
        (common::Channel::Unspecified, _) => "attempt".to_owned(),
        (common::Channel::Call | common::Channel::Text | common::Channel::Mail, _) | (_, "") => {
            channel(by).to_owned()
        }
        (common::Channel::Email, _) => "letter by e-mail".to_owned(),
    }
}

/// The guard permitted one.
pub fn authorized(fact: &contact::AttemptAuthorized) -> String {
    format!("{} permitted", attempt(fact.channel(), &fact.letter_id))
}

/// What came of it.
pub fn concluded(fact: &contact::AttemptConcluded) -> String {
    let what = attempt(fact.channel(), &fact.letter_id);
    let outcome = match fact.disposition() {
        Disposition::Reached => "conversation with the debtor",
        Disposition::ThirdParty => "conversation with somebody else",
        Disposition::NoAnswer => "no answer",
        Disposition::Busy => "busy",
        Disposition::Voicemail => "message left",
        Disposition::NotInService => "number not in service",
        Disposition::WrongNumber => "wrong number",
        Disposition::Sent => "sent",
        Disposition::NotMade => "not made in its time",
        Disposition::Unknown => "may or may not have left",
        Disposition::Unspecified => "outcome not stated",
    };
    let counted = if fact.counted { "" } else { ", not counted" };
    format!("{what}: {outcome}{counted}")
}

/// It will not be carried out.
pub fn refused(fact: &contact::TreatmentRefused) -> String {
    let reasons: Vec<String> = fact.reasons.iter().map(reason).collect();
    let what = attempt(fact.channel(), &fact.letter_id);
    match reasons.as_slice() {
        [] => format!("{what} refused"),
        reasons => format!("{what} refused: {}", reasons.join("; ")),
    }
}

/// `local hours, 12 CFR 1006.6(b)(1)`.
fn reason(reason: &common::Reason) -> String {
    let rule = plain(&reason.rule);
    match reason.authority.as_str() {
        "" => rule,
        authority => format!("{rule}, {authority}"),
    }
}

/// Contact is blocked. Never the number or address that it is about.
pub fn stop_placed(fact: &contact::StopPlaced) -> String {
    let why = match fact.kind() {
        StopKind::Attorney => "represented by an attorney",
        StopKind::Cease => "asked to cease communication",
        StopKind::Bankruptcy => "bankruptcy",
        StopKind::Deceased => "deceased",
        StopKind::Military => "in military service",
        StopKind::OptOut => "opted out",
        StopKind::Unspecified => "reason not stated",
    };
    let of = match fact.channel() {
        common::Channel::Unspecified => "",
        common::Channel::Call => " of calls",
        common::Channel::Text => " of text messages",
        common::Channel::Email => " of e-mail",
        common::Channel::Mail => " of mail",
    };
    let one = if fact.address.is_empty() { "" } else { " to one number or address" };
    format!("contact stopped: {why}{of}{one}")
}

/// It is allowed again.
pub fn stop_lifted(fact: &contact::StopLifted) -> String {
    match fact.reason.as_str() {
        "" => "stop of contact lifted".to_owned(),
        reason => format!("stop of contact lifted: {reason}"),
    }
}

/// The debtor contests. Never the details that he gave.
pub fn dispute_opened(fact: &contact::DisputeOpened, amount: Option<Money>) -> String {
    let why = match fact.reason() {
        DisputeReason::Pricing => "price",
        DisputeReason::Quantity => "quantity",
        DisputeReason::Quality => "quality",
        DisputeReason::NotDelivered => "not delivered",
        DisputeReason::Returned => "returned",
        DisputeReason::Paid => "paid already",
        DisputeReason::Duplicate => "billed twice",
        DisputeReason::WrongParty => "wrong party",
        DisputeReason::Terms => "terms",
        DisputeReason::Fraud => "fraud",
        DisputeReason::Other | DisputeReason::Unspecified => "other reason",
    };
    let what = match (amount, fact.item_numbers.as_slice()) {
        (None, []) => "the whole account".to_owned(),
        (None, numbers) => items(numbers),
        (Some(amount), []) => amount.to_string(),
        (Some(amount), numbers) => format!("{amount} of {}", items(numbers)),
    };
    let pauses = if fact.pauses_account { "; the account rests" } else { "" };
    format!("{what} disputed: {why}{pauses}")
}

/// It ended.
pub fn dispute_resolved(fact: &contact::DisputeResolved) -> String {
    let how = match fact.outcome() {
        DisputeOutcome::Valid => "the debtor is right",
        DisputeOutcome::Invalid => "the debt stands",
        DisputeOutcome::Split => "part is credited",
        DisputeOutcome::Withdrawn => "withdrawn",
        DisputeOutcome::Unspecified => "outcome not stated",
    };
    format!("dispute resolved: {how}")
}

/// Something must be done.
pub fn obligation_opened(fact: &contact::ObligationOpened, due_on: Option<Date>) -> String {
    let by = match (due_on, fact.before.as_str()) {
        (Some(on), _) => format!(" by {on}"),
        (None, "") => String::new(),
        (None, act) => format!(" before {act}"),
    };
    format!("owed{by}: {} ({})", fact.what, fact.authority)
}

/// It is done, or need not be.
pub fn obligation_met(fact: &contact::ObligationMet) -> String {
    let why =
        if fact.void { "is owed no more: what it was for no longer stands" } else { "was met" };
    format!("what was owed {why}")
}

/// It was not done in time.
pub fn obligation_missed(fact: &contact::ObligationMissed) -> String {
    format!("missed: {} ({})", fact.what, fact.authority)
}

#[cfg(test)]
mod tests {
    use duly_domain::Currency;
    use duly_proto::common::v1::Channel;

    use super::*;

    #[test]
    fn a_refusal_names_rule_and_authority() {
        let reason = |rule: &str, authority: &str| common::Reason {
            rule: rule.into(),
            authority: authority.into(),
            ..Default::default()
        };
        let mut fact = contact::TreatmentRefused {
            reasons: vec![reason("local_hours", "12 CFR 1006.6(b)(1)")],
            ..Default::default()
        };
        fact.set_channel(Channel::Call);
        assert_eq!(refused(&fact), "call refused: local hours, 12 CFR 1006.6(b)(1)");
        fact.reasons.push(reason("agency_hours", ""));
        assert_eq!(refused(&fact), "call refused: local hours, 12 CFR 1006.6(b)(1); agency hours");
        fact.reasons.clear();
        fact.set_channel(Channel::Mail);
        assert_eq!(refused(&fact), "letter by post refused");
    }

    #[test]
    fn an_attempt_says_what_came_of_it() {
        let mut fact = contact::AttemptConcluded { counted: true, ..Default::default() };
        fact.set_channel(Channel::Call);
        fact.set_disposition(Disposition::NoAnswer);
        assert_eq!(concluded(&fact), "call: no answer");
        fact.set_disposition(Disposition::NotMade);
        fact.counted = false;
        assert_eq!(concluded(&fact), "call: not made in its time, not counted");
        fact.set_channel(Channel::Email);
        fact.letter_id = "lttr_1".into();
        (fact.counted, fact.disposition) = (true, Disposition::Unknown.into());
        assert_eq!(concluded(&fact), "letter by e-mail: may or may not have left");
    }

    #[test]
    fn a_stop_never_shows_the_address_that_it_is_about() {
        let mut fact = contact::StopPlaced { address: "hunter2".into(), ..Default::default() };
        fact.set_kind(StopKind::OptOut);
        fact.set_channel(Channel::Email);
        let words = stop_placed(&fact);
        assert_eq!(words, "contact stopped: opted out of e-mail to one number or address");
        let mut fact = contact::StopPlaced::default();
        fact.set_kind(StopKind::Attorney);
        assert_eq!(stop_placed(&fact), "contact stopped: represented by an attorney");
    }

    #[test]
    fn a_dispute_names_what_is_contested_and_not_the_debtors_words() {
        let mut fact = contact::DisputeOpened { detail: "hunter2".into(), ..Default::default() };
        fact.set_reason(DisputeReason::Quantity);
        assert_eq!(dispute_opened(&fact, None), "the whole account disputed: quantity");
        fact.item_numbers = vec!["I-1".into(), "I-2".into()];
        fact.pauses_account = true;
        assert_eq!(
            dispute_opened(&fact, Some(Money::new(500, Currency::USD))),
            "5.00 USD of items I-1, I-2 disputed: quantity; the account rests"
        );
    }

    #[test]
    fn a_duty_names_its_day_or_its_act_and_its_authority() {
        let mut fact = contact::ObligationOpened {
            what: "the notice follows within five days".into(),
            authority: "12 CFR 1006.34(a)(1)".into(),
            before: "further collection of the debt".into(),
            ..Default::default()
        };
        let duty = "the notice follows within five days (12 CFR 1006.34(a)(1))";
        let words = |fact: &contact::ObligationOpened, due_on| obligation_opened(fact, due_on);
        assert_eq!(
            words(&fact, Date::from_ymd_opt(2026, 1, 10)),
            format!("owed by 2026-01-10: {duty}")
        );
        assert_eq!(
            words(&fact, None),
            format!("owed before further collection of the debt: {duty}")
        );
        fact.before.clear();
        assert_eq!(words(&fact, None), format!("owed: {duty}"));
        let missed = contact::ObligationMissed {
            what: fact.what.clone(),
            authority: fact.authority.clone(),
            ..Default::default()
        };
        assert_eq!(obligation_missed(&missed), format!("missed: {duty}"));
        let void = |void| obligation_met(&contact::ObligationMet { void, ..Default::default() });
        assert_eq!(void(false), "what was owed was met");
        assert!(void(true).contains("no longer stands"));
    }
}
