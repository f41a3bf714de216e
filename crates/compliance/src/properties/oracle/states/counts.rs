//! How often: Massachusetts, New York City, the District, Washington, West Virginia.

use super::{
    Cap, begun, consumer, counted, district_debts, in_one_week, in_the_city, on, owed_letter,
    reaches, same_debt,
};
use crate::properties::oracle::{Now, Said};
use crate::*;
use duly_domain::{Effect, PointId};

pub fn judge(now: &Now<'_>, said: &mut Said) {
    if reaches(now, "MA") {
        massachusetts(now, said);
    }
    if in_the_city(now) {
        new_york_city(now, said);
    }
    if reaches(now, "DC") {
        district(now, said);
    }
    if reaches(now, "WA") {
        washington(now, said);
    }
    if reaches(now, "WV") {
        west_virginia(now, said);
    }
}

/// 209 CMR 18.16(1)(d): two in 7 days to "residence or cellular telephone", two in 30 days elsewhere, per
/// debt, texts with calls. 940 CMR 7.05(3)(d): calls to members of the household, the same.
fn massachusetts(now: &Now<'_>, said: &mut Said) {
    // A landline of which nobody knows may be either.
    let may_be = |point: Option<PointId>| match now.point(point) {
        Some(Point { place: Some(Place::Home), .. }) => (true, false),
        Some(Point { place: Some(_), .. }) => (false, true),
        Some(point) if point.line != LineType::Landline => (true, false),
        _ => (true, true),
    };
    let (home, elsewhere) = may_be(now.proposed.point);
    let member = matches!(now.proposed.recipient, Recipient::Spouse | Recipient::ThirdParty);
    let call = now.proposed.medium == Medium::Call;
    if !call && now.proposed.medium != Medium::Text {
        return;
    }
    for row in now.consumers() {
        let mut cap = |rule, media: &'static [Medium]| {
            let told = |attempt: &Attempt| {
                counted(now, attempt)
                    && media.contains(&attempt.medium)
                    && same_debt(now, attempt, row.id)
            };
            let at_home = |attempt: &Attempt| told(attempt) && may_be(attempt.point).0;
            let away = |attempt: &Attempt| told(attempt) && may_be(attempt.point) == (false, true);
            let perhaps = |attempt: &Attempt| told(attempt) && may_be(attempt.point).1;
            if home {
                Cap::law(rule, 2, 7).judge(now, at_home, said);
            } else {
                Cap::law(rule, 2, 30).judge(now, away, said);
            }
            if elsewhere {
                let policy = "policy state.ma.place_unknown";
                Cap::policy("state_frequency", policy, 2, 30).judge(now, perhaps, said);
            }
        };
        cap("state_frequency", &[Medium::Call, Medium::Text]);
        if member && call {
            cap("state_household", &[Medium::Call]);
        }
    }
}

/// 6 RCNY 5-77(b)(1)(iv): two contacts in 7 days; (iii), SHIELD: three attempts on an account in 7 days. While
/// its date is in conflict both by policy; the old number stays by policy after it.
fn new_york_city(now: &Now<'_>, said: &mut Said) {
    let letter = now.proposed.medium == Medium::Mail;
    let shield = now.home >= on(2026, 9, 1);
    if consumer(now) && !owed_letter(now.proposed) {
        let no_letter = |attempt: &Attempt| counted(now, attempt) && attempt.medium != Medium::Mail;
        let any = |attempt: &Attempt| counted(now, attempt);
        let (still, post) = ("policy city.nyc.two_contacts", "policy city.nyc.post");
        if shield {
            Cap::policy("state_frequency", still, 2, 7).judge(now, any, said);
        } else {
            if !letter {
                Cap::law("state_frequency", 2, 7).judge(now, no_letter, said);
            }
            // Whether a letter is such a contact is not said: it is, by policy.
            Cap::policy("state_frequency", post, 2, 7).judge(now, any, said);
        }
    }
    if shield && !letter {
        for row in now.consumers() {
            let attempted = |attempt: &Attempt| {
                begun(now, attempt)
                    && attempt.medium != Medium::Mail
                    && same_debt(now, attempt, row.id)
            };
            let date = "policy city.nyc.shield_date";
            let certain = now.home >= on(2027, 1, 1);
            let authority = (!certain).then_some(date);
            let cap = Cap { authority, ..Cap::law("state_frequency", 3, 7) };
            cap.judge(now, attempted, said);
        }
    }
}

/// D.C. Code 28-3814(d)(4)(A): four calls per account in 7 days, none in 7 days after a completed one. Before
/// 2023 three per person, from a copy whose first day was not read.
fn district(now: &Now<'_>, said: &mut Said) {
    if now.proposed.medium != Medium::Call || district_debts(now).next().is_none() {
        return;
    }
    if now.home < on(2023, 1, 1) {
        let call = |attempt: &Attempt| counted(now, attempt) && attempt.medium == Medium::Call;
        let authority = Some("unverified state.dc.before_2023");
        let cap = Cap { authority, effect: Effect::Hold, ..Cap::law("state_frequency", 3, 7) };
        cap.judge(now, call, said);
        return;
    }
    for row in district_debts(now) {
        let call =
            |attempt: &Attempt| attempt.medium == Medium::Call && same_debt(now, attempt, row.id);
        let placed = |attempt: &Attempt| call(attempt) && counted(now, attempt);
        let completed = |attempt: &Attempt| call(attempt) && attempt.conversation;
        Cap::law("state_frequency", 4, 7).judge(now, placed, said);
        Cap::law("state_conversation", 1, 7).judge(now, completed, said);
    }
}

/// RCW 19.16.250: three communications with the debtor in a week, every claim. By policy any seven days, all
/// claims together, post and unanswered calls included; by law what is a communication by every reading, in a
/// week by every reading.
fn washington(now: &Now<'_>, said: &mut Said) {
    if now.rows.is_empty() || owed_letter(now.proposed) {
        return;
    }
    let any = |attempt: &Attempt| counted(now, attempt);
    Cap::policy("state_frequency", "policy state.wa.week", 3, 7).judge(now, any, said);
    let certain = |attempt: &Attempt| counted(now, attempt) && is_communication(attempt);
    let letter = now.proposed.medium == Medium::Mail;
    if !letter && !now.professional() && !now.answers() && in_one_week(now, 3, certain) {
        said.deny("state_frequency");
    }
}

/// By every reading: a conversation, or a message that is no letter.
pub fn is_communication(attempt: &Attempt) -> bool {
    match attempt.medium {
        Medium::Call => attempt.conversation,
        Medium::Mail => false,
        _ => true,
    }
}

/// W. Va. Code 46A-2-125(d): thirty calls, ten conversations a week.
fn west_virginia(now: &Now<'_>, said: &mut Said) {
    if !consumer(now) || now.proposed.medium != Medium::Call {
        return;
    }
    let call = |attempt: &Attempt| counted(now, attempt) && attempt.medium == Medium::Call;
    let talk = |attempt: &Attempt| attempt.medium == Medium::Call && attempt.conversation;
    let policy = "policy state.wv.week";
    Cap::policy("state_frequency", policy, 30, 7).judge(now, call, said);
    Cap::policy("state_conversation", policy, 10, 7).judge(now, talk, said);
    if now.answers() {
        return;
    }
    if in_one_week(now, 30, call) {
        said.deny("state_frequency");
    }
    if in_one_week(now, 10, talk) {
        said.deny("state_conversation");
    }
}
