use duly_domain::{Date, Effect, Force};

use super::super::tests::{allows, says};
use super::window;
use crate::acts::Act;
use crate::facts::{Event, EventKind};
use crate::testing::{Scene, id, ny};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const NOTICE: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "12 CFR 1006.22(c)(1)"));

fn event(kind: EventKind, at: &str, dated_on: &str) -> Event {
    Event::new(kind, ny(at)).about(id(1)).stating(day(dated_on))
}

fn postdated() -> (Scene, Act) {
    let accepted = event(EventKind::PostdatedAccepted, "2026-06-01T12:00", "2026-06-26");
    (Scene::consumer().event(accepted), Act::Deposit { dated_on: day("2026-06-26") })
}

#[test]
fn the_window_counts_business_days_by_both_readings() {
    // Monday 1 June: Tuesday, Wednesday, Thursday; the tenth is Monday the 15th.
    assert_eq!(window(day("2026-06-01")), (day("2026-06-04"), day("2026-06-15")));
    // Over Juneteenth, a Friday: Monday the 15th to Tuesday the 30th.
    assert_eq!(window(day("2026-06-15")), (day("2026-06-18"), day("2026-06-30")));
    assert_eq!(window(day("2026-06-17")), (day("2026-06-23"), day("2026-07-02")));
    // Independence Day 2026 is a Saturday, observed on Friday the 3rd: it is no day of the three, and it is
    // one of the ten.
    assert_eq!(window(day("2026-06-30")), (day("2026-07-06"), day("2026-07-14")));
}

#[test]
fn a_notice_in_its_window_and_the_date_open_the_deposit() {
    let (scene, act) = postdated();
    assert_eq!(says(&scene, act, "deposit_notice", ny("2026-06-26T12:00")), NOTICE);
    let noticed = |at| scene.clone().event(event(EventKind::DepositNoticeSent, at, "2026-06-26"));
    assert!(allows(&noticed("2026-06-22T12:00"), act, ny("2026-06-26T12:00")));
    let late = noticed("2026-06-24T12:00");
    assert_eq!(says(&late, act, "deposit_notice", ny("2026-06-26T12:00")), NOTICE, "two days");
    assert!(allows(&late, act, ny("2026-06-29T12:00")), "the third business day");
    let early = noticed("2026-06-08T12:00");
    assert_eq!(says(&early, act, "deposit_notice", ny("2026-06-26T12:00")), NOTICE, "thirteen");
}

#[test]
fn it_is_never_deposited_before_its_date() {
    let (scene, act) = postdated();
    let scene = scene.event(event(EventKind::DepositNoticeSent, "2026-06-18T12:00", "2026-06-26"));
    let law = Some((Effect::Deny, Force::Law, "12 CFR 1006.22(c)"));
    assert_eq!(says(&scene, act, "deposit_early", ny("2026-06-25T12:00")), law);
    assert!(allows(&scene, act, ny("2026-06-26T00:00")));
}

#[test]
fn five_days_need_no_notice_and_an_unknown_instrument_is_held() {
    let accepted = event(EventKind::PostdatedAccepted, "2026-06-01T12:00", "2026-06-06");
    let scene = Scene::consumer().event(accepted);
    let act = Act::Deposit { dated_on: day("2026-06-06") };
    assert!(allows(&scene, act, ny("2026-06-06T12:00")));
    let other = Act::Deposit { dated_on: day("2026-06-07") };
    let hold = Some((Effect::Hold, Force::Law, "12 CFR 1006.22(c)(1)"));
    assert_eq!(says(&scene, other, "deposit_notice", ny("2026-06-08T12:00")), hold);
    assert!(allows(&Scene::business(), other, ny("2026-06-08T12:00")));
}
