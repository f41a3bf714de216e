//! At work: Massachusetts, Washington, Oregon, New Hampshire.

use duly_domain::{Effect, PointId};

use super::counts::is_communication;
use super::{Cap, consumer, counted, in_one_week, loose, reaches};
use crate::properties::oracle::{Asked, Now, Said};
use crate::*;

/// Whether a number or address is at the person's work; `None`: a landline of which nobody knows.
pub fn at_work(asked: &Asked<'_>, point: Option<PointId>) -> Option<bool> {
    let Some(point) = asked.point(point) else { return Some(false) };
    match point.place {
        Some(place) => Some(place == Place::Work),
        None if point.line == LineType::Landline => None,
        None => Some(false),
    }
}

pub fn judge(now: &Now<'_>, said: &mut Said) {
    let here = at_work(now, now.proposed.point);
    let letter = now.proposed.medium == Medium::Mail;
    if reaches(now, "MA") && consumer(now) && here == Some(true) {
        massachusetts(now, said);
    }
    if here == Some(false) {
        return;
    }
    if reaches(now, "WA") && now.human() {
        washington(now, here == Some(true), said);
    }
    if reaches(now, "OR") && consumer(now) && !letter {
        oregon(now, here == Some(true), said);
    }
    // RSA 358-C:3, words not read.
    if reaches(now, "NH") && consumer(now) && !letter && !now.answers() {
        loose(now, "state_work", Effect::Hold, "unverified state.nh.work", said);
    }
}

/// Whether the person, or somebody who knows, told that work is no place for this.
fn told<'a>(now: &'a Now<'_>) -> impl Iterator<Item = &'a Designation> {
    now.facts.designations.iter().filter(|told| {
        let work = matches!(
            told.kind,
            DesignationKind::NotAtPlace(Place::Work) | DesignationKind::EmployerForbids
        );
        work && now.stands(told.from, told.until) && now.names(told.medium, told.point)
    })
}

/// 209 CMR 18.16(1)(c): "an oral request not to call at work is valid 10 days".
fn massachusetts(now: &Now<'_>, said: &mut Said) {
    let valid = |told: &Designation| {
        let request = told.kind != DesignationKind::EmployerForbids;
        !(told.oral && request) || now.within_days(told.from, 10)
    };
    if now.proposed.medium == Medium::Call && told(now).any(valid) {
        said.deny("state_work");
    }
}

/// RCW 19.16.250: "not more than 1 a week at work".
fn washington(now: &Now<'_>, sure: bool, said: &mut Said) {
    let perhaps = |a: &Attempt| counted(now, a) && at_work(now, a.point) != Some(false);
    Cap::policy("state_work", "policy state.wa.week", 1, 7).judge(now, perhaps, said);
    let certain =
        |a: &Attempt| counted(now, a) && at_work(now, a.point) == Some(true) && is_communication(a);
    if sure && !now.professional() && !now.answers() && in_one_week(now, 1, certain) {
        said.deny("state_work");
    }
}

/// ORS 646.639(2): "at most once a week, only if not reachable at home, and stop on request".
fn oregon(now: &Now<'_>, sure: bool, said: &mut Said) {
    let perhaps = |a: &Attempt| {
        counted(now, a) && a.medium != Medium::Mail && at_work(now, a.point) != Some(false)
    };
    Cap::policy("state_work", "policy state.or.week", 1, 7).judge(now, perhaps, said);
    if told(now).next().is_some() {
        said.deny("state_work");
    }
    if now.answers() {
        return;
    }
    if sure && in_one_week(now, 1, perhaps) {
        said.deny("state_work");
    }
    // That the person is not reachable at home is shown by a call home that was not answered, for a week.
    let unreached = now.facts.attempts.iter().any(|attempt| {
        counted(now, attempt)
            && attempt.medium == Medium::Call
            && !attempt.conversation
            && attempt.point.is_some()
            && at_work(now, attempt.point) == Some(false)
            && now.within_days(attempt.at, 7)
    });
    if !unreached {
        loose(now, "state_work", Effect::Deny, "policy state.or.home_first", said);
    }
}
