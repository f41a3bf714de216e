use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::{claiming, noting, ruling_out};
use crate::testing::{Scene, ny, utc};
use crate::{Claim, DebtKind, EventKind, Purpose};

const RULE: &str = "state_medical_notice";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "NRS 649.366"));

fn reno(kind: DebtKind) -> Scene {
    claiming(Scene::consumer().living_in("NV", None), Claim { kind, ..Claim::UNKNOWN })
}

#[test]
fn a_medical_debt_waits_sixty_days_after_its_notice_by_every_medium() {
    for medium in [Medium::Call, Medium::Mail, Medium::Email] {
        let scene = reno(DebtKind::Medical).by(medium);
        assert_eq!(scene.says(RULE, ny("2026-06-16T12:00")), LAW, "no notice");
        // Mailed on 1 April: sixty days later is 31 May, and collection begins on the day after.
        let mailed = noting(scene, EventKind::MedicalNoticeMailed, utc("2026-04-01T12:00:00Z"));
        assert_eq!(mailed.says(RULE, utc("2026-05-31T23:59:59Z")), LAW);
        assert_eq!(mailed.says(RULE, utc("2026-06-01T00:00:00Z")), None);
    }
}

#[test]
fn the_notice_itself_passes() {
    let mut notice = reno(DebtKind::Medical).by(Medium::Mail);
    notice.proposed.purpose = Purpose::RequiredByLaw;
    assert_eq!(notice.says(RULE, ny("2026-06-16T12:00")), None);
}

#[test]
fn a_debt_of_unknown_kind_is_held_until_it_is_known_or_ruled_out() {
    let at = ny("2026-06-16T12:00");
    let held = Some((Effect::Hold, Force::Policy, "policy state.nv.kind_unknown"));
    assert_eq!(reno(DebtKind::Unknown).says(RULE, at), held);
    assert!(reno(DebtKind::CreditCard).allows(at));
    assert!(ruling_out(reno(DebtKind::Unknown), "policy state.nv.kind_unknown").allows(at));
    let business = Scene::business().living_in("NV", None);
    assert!(business.allows(at));
}
