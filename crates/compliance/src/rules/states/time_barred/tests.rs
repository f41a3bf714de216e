use duly_domain::{Date, Effect, Force};

use crate::rules::states::tests::{claiming, ruling_out};
use crate::testing::{Scene, ny};
use crate::{Claim, Purpose};

fn old(state: &str, year: i32) -> Scene {
    let claim = Claim { accrued_on: Date::from_ymd_opt(year, 1, 15), ..Claim::UNKNOWN };
    claiming(Scene::consumer().living_in(state, None), claim)
}

#[test]
fn where_the_period_may_extinguish_the_debt_its_end_holds_every_attempt_to_collect() {
    let at = ny("2026-06-16T12:00");
    for (state, years, authority) in [
        ("WI", 6, "unverified state.wi.extinguished"),
        ("MS", 3, "unverified state.ms.extinguished"),
    ] {
        let held = Some((Effect::Hold, Force::Unverified, authority));
        assert_eq!(old(state, 2026 - years).says("state_time_barred", at), held, "{state}");
        assert_eq!(old(state, 2027 - years).says("state_time_barred", at), None, "{state}");
        assert!(ruling_out(old(state, 2000), authority).allows(at));
        let mut notice = old(state, 2000);
        notice.proposed.purpose = Purpose::CeaseNotice;
        assert_eq!(notice.says("state_time_barred", at), None);
        let unknown = Scene::consumer().living_in(state, None);
        assert!(unknown.allows(at), "nothing says that it has run");
    }
}
