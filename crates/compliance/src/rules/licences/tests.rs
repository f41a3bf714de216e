use duly_domain::{Date, DebtClass, Effect, Force};

use super::table::{Needed, ROWS};
use crate::medium::Medium;
use crate::rules::states::tests::ruling_out;
use crate::testing::{Scene, ny, utc, zones};
use duly_domain::UsState;

use crate::{City, Licence, Limits, Region, Zones};

const RULE: &str = "licence";

fn kept(mut scene: Scene) -> Scene {
    scene.facts.limits.push(Limits { licences_checked: Some(true), ..Limits::default() });
    scene
}

fn licensed(
    mut scene: Scene,
    state: &str,
    city: Option<City>,
    class: Option<DebtClass>,
    days: (&str, Option<&str>),
) -> Scene {
    let region = Region { state: UsState::of(state).unwrap(), city };
    let day = |text: &str| -> Date { text.parse().unwrap() };
    let licence = Licence { region, class, from: day(days.0), to: days.1.map(day) };
    scene.facts.licences.push(licence);
    scene
}

const SINCE_2020: (&str, Option<&str>) = ("2020-01-01", None);
const AT: &str = "2026-06-16T12:00";

#[test]
fn an_agency_that_keeps_no_table_is_not_asked() {
    let at = ny(AT);
    assert!(Scene::consumer().living_in("WA", None).allows(at));
    assert!(Scene::consumer().allows(at));
    let other = licensed(Scene::consumer().living_in("WA", None), "OR", None, None, SINCE_2020);
    let law = Some((Effect::Deny, Force::Law, "RCW 19.16.110"));
    assert_eq!(other.says(RULE, at), law, "a licence among the facts is a table that is kept");
}

#[test]
fn without_a_licence_where_one_is_needed_every_medium_is_refused() {
    let at = ny(AT);
    let law = Some((Effect::Deny, Force::Law, "RCW 19.16.110"));
    for scene in [Scene::consumer(), Scene::guarantor(), Scene::business()] {
        for medium in Medium::ALL {
            let scene = kept(scene.clone().living_in("WA", None).by(medium));
            assert_eq!(scene.says(RULE, at), law, "{medium}");
        }
    }
}

#[test]
fn a_licence_is_valid_on_its_days() {
    let days = ("2026-06-10", Some("2026-06-20"));
    let scene = licensed(kept(Scene::consumer().living_in("WA", None)), "WA", None, None, days);
    let law = Some((Effect::Deny, Force::Law, "RCW 19.16.110"));
    // The agency's zone is UTC.
    for (at, says) in [
        ("2026-06-09T23:59:59Z", law),
        ("2026-06-10T00:00:00Z", None),
        ("2026-06-20T23:59:59Z", None),
        ("2026-06-21T00:00:00Z", law),
    ] {
        assert_eq!(scene.says(RULE, utc(at)), says, "{at}");
    }
}

#[test]
fn a_licence_for_one_class_is_none_for_the_other() {
    let scene = |of: Scene| {
        let class = Some(DebtClass::Consumer);
        licensed(kept(of.living_in("FL", None)), "FL", None, class, SINCE_2020)
    };
    assert_eq!(scene(Scene::consumer()).says(RULE, ny(AT)), None);
    let law = Some((Effect::Deny, Force::Law, "Fla. Stat. 559.544"));
    assert_eq!(scene(Scene::business()).says(RULE, ny(AT)), law, "a separate registration");
}

#[test]
fn where_nobody_knows_it_is_held_until_ruled_out_or_licensed() {
    let at = ny(AT);
    let scene = kept(Scene::business().living_in("MA", None));
    let held = Some((Effect::Hold, Force::Unverified, "unverified licence.MA.commercial"));
    assert_eq!(scene.says(RULE, at), held);
    assert!(scene.evaluate(at).decide(at).is_hold());
    assert!(ruling_out(scene.clone(), "unverified licence.MA.commercial").allows(at));
    assert!(licensed(scene, "MA", None, None, SINCE_2020).allows(at));
    let island = kept(Scene::consumer().living_in("GU", None));
    let other = Some((Effect::Hold, Force::Unverified, "unverified licence.other"));
    assert_eq!(island.says(RULE, at), other);
}

#[test]
fn what_two_lists_say_denies_by_policy_and_what_one_says_holds() {
    let says = |state| kept(Scene::consumer().living_in(state, None)).says(RULE, ny(AT));
    assert_eq!(says("NJ"), Some((Effect::Deny, Force::Policy, "policy licence.NJ.consumer")));
    assert_eq!(
        says("AL"),
        Some((Effect::Hold, Force::Unverified, "unverified licence.AL.consumer"))
    );
    assert_eq!(says("VT"), None, "two lists say that none is needed");
    assert_eq!(
        says("GA"),
        Some((Effect::Hold, Force::Unverified, "unverified licence.GA.consumer"))
    );
    assert_eq!(says("UT"), None, "repealed in 2023");
}

#[test]
fn a_citys_licence_comes_on_top_of_the_states() {
    let at = ny(AT);
    let scene = kept(Scene::consumer().living_in("NY", Some(City::NewYork)));
    let scene = licensed(scene, "NY", None, None, SINCE_2020);
    let law = Some((Effect::Deny, Force::Law, "N.Y.C. Admin. Code 20-488"));
    assert_eq!(scene.says(RULE, at), law);
    assert_eq!(licensed(scene, "NY", Some(City::NewYork), None, SINCE_2020).says(RULE, at), None);
}

#[test]
fn a_person_in_no_known_state_is_held_where_it_may_be_in_the_country() {
    let at = ny(AT);
    let held = Some((Effect::Hold, Force::Policy, "policy licence.region_unknown"));
    assert_eq!(kept(Scene::consumer()).says(RULE, at), held);
    let vienna = Scene::consumer().in_zones(zones(&["Europe/Vienna"]), Zones::NoSignal);
    assert_eq!(kept(vienna).says(RULE, at), None);
    let nowhere = Scene::consumer().in_zones(Zones::NoSignal, Zones::NoSignal);
    assert_eq!(kept(nowhere).says(RULE, at), held);
}

#[test]
fn every_state_has_one_row_and_every_ground_its_own_name() {
    use duly_domain::address::UsRegionKind;
    for state in UsState::all() {
        let rows = ROWS.iter().filter(|row| row.region == Region { state, city: None }).count();
        let wanted = matches!(state.kind(), UsRegionKind::State | UsRegionKind::District)
            || state.code() == "PR";
        assert_eq!(rows, usize::from(wanted), "{state}");
    }
    let mut names = std::collections::HashSet::new();
    for row in ROWS {
        for needed in [&row.consumer, &row.commercial] {
            match needed {
                Needed::Yes(ground) | Needed::Unknown(ground) if ground.force != Force::Law => {
                    assert!(names.insert(ground.authority), "{}", ground.authority);
                }
                Needed::Yes(_) | Needed::Unknown(_) | Needed::No => {}
            }
        }
    }
}
