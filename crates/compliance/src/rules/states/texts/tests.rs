use duly_domain::Force;

use super::TEXTS;
use crate::medium::Medium;
use crate::rules::states::tests::claiming;
use crate::testing::{ADDRESS, Scene, id, ny};
use crate::{City, Claim, Region};

fn codes(scene: &Scene) -> Vec<&'static str> {
    let evaluation = scene.evaluate(ny("2026-06-16T12:00"));
    let texts = TEXTS.iter().map(|text| text.code);
    let of = |code: &&str| evaluation.requires().iter().any(|needed| needed.what.as_str() == *code);
    texts.filter(of).collect()
}

fn letter(state: &str, city: Option<City>) -> Scene {
    Scene::consumer().living_in(state, city).by(Medium::Mail)
}

#[test]
fn the_first_letter_to_each_place_carries_its_texts() {
    for (state, city, wanted) in [
        ("CA", None, vec!["ca_1", "ca_3", "ca_4_if_time_barred", "ca_5"]),
        ("CO", None, vec!["co_1", "co_2", "co_3"]),
        ("MA", None, vec!["ma_1", "ma_2", "ma_if_time_barred"]),
        (
            "NY",
            None,
            vec!["ny_1", "ny_2", "ny_3_if_charged_off", "ny_4_before_payment_if_time_barred"],
        ),
        (
            "NY",
            Some(City::NewYork),
            vec![
                "ny_1",
                "ny_2",
                "ny_3_if_charged_off",
                "ny_4_before_payment_if_time_barred",
                "nyc_1",
                "nyc_2",
                "nyc_3",
                "nyc_if_time_barred",
            ],
        ),
        ("WI", None, vec!["wi"]),
        ("MN", None, vec!["mn_1", "mn_2"]),
        ("NC", None, vec!["nc"]),
        ("TX", None, vec!["tx_if_bought_and_time_barred"]),
        ("DC", None, vec!["dc_if_charged_off"]),
        ("OH", None, vec![]),
    ] {
        assert_eq!(codes(&letter(state, city)), wanted, "{state}");
    }
}

#[test]
fn a_later_letter_carries_only_what_is_due_in_each() {
    let mut later = letter("CO", None);
    later.facts.accounts[0].first_written_at = Some(ny("2026-01-05T10:00"));
    assert_eq!(codes(&later), ["co_3"]);
    let known = Claim { charged_off: Some(false), ..Claim::UNKNOWN };
    assert!(!codes(&claiming(letter("NY", None), known)).contains(&"ny_3_if_charged_off"));
}

#[test]
fn a_letter_carries_the_texts_of_its_address_and_other_media_those_of_every_place() {
    let mut scene = letter("CO", None);
    let minnesota = Region { state: super::state("MN"), city: None };
    scene.facts.points[0].region = Some(minnesota);
    assert_eq!(codes(&scene), ["co_1", "co_2", "co_3"]);
    let email = scene.clone().by(Medium::Email);
    assert_eq!(codes(&email), ["co_1", "co_2", "co_3", "mn_1", "mn_2"]);
    // An address that names no state.
    scene.facts.points[1].region = None;
    assert_eq!(scene.proposed.point, Some(id(ADDRESS)));
    assert_eq!(codes(&scene), ["mn_1", "mn_2"]);
}

#[test]
fn a_call_carries_what_is_due_in_each_communication() {
    assert_eq!(codes(&Scene::consumer().living_in("MA", None)), ["ma_2"]);
    assert_eq!(codes(&Scene::consumer().living_in("NY", Some(City::NewYork))), ["nyc_1"]);
    assert!(codes(&Scene::consumer().living_in("CA", None)).is_empty());
}

#[test]
fn a_commercial_letter_carries_what_is_due_to_everyone() {
    let business = |state| Scene::business().living_in(state, None).by(Medium::Mail);
    assert_eq!(codes(&business("NC")), ["nc"]);
    assert!(codes(&business("NY")).is_empty());
}

#[test]
fn a_message_in_the_district_carries_a_way_to_opt_out() {
    let at = ny("2026-06-16T12:00");
    let message = Scene::consumer().living_in("DC", None).by(Medium::Email);
    assert!(message.requires(at).contains(&"opt_out_line"));
}

#[test]
fn the_codes_are_distinct_and_every_duty_by_law_has_a_citation() {
    for (n, text) in TEXTS.iter().enumerate() {
        assert!(TEXTS[..n].iter().all(|other| other.code != text.code), "{}", text.code);
        assert!(text.ground.force != Force::Policy);
    }
}
