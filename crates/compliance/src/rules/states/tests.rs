//! What the rules of states share, and what must hold of every place.

use chrono::Duration;
use duly_domain::address::UsRegionKind;
use duly_domain::{DebtClass, Effect, Force, Instant, UsState};
use proptest::prelude::*;

use super::outside;
use crate::medium::Medium;
use crate::packs::{BOOK, Reach};
use crate::testing::{Scene, id, ny, open_agency, utc, zones};
use crate::*;

/// An attempt of the agency that counts, about account 1, through a point.
pub(crate) fn tried(mut scene: Scene, medium: Medium, point: u32, at: Instant) -> Scene {
    let n = 1_000 + u32::try_from(scene.facts.attempts.len()).unwrap();
    let attempt = Attempt { point: Some(id(point)), ..Attempt::new(id(n), id(1), medium, at) };
    scene.facts.attempts.push(attempt);
    scene.facts.attempts.sort_by_key(|attempt| attempt.at);
    scene
}

/// The telephone is a landline at a place.
pub(crate) fn landline(mut scene: Scene, place: Option<Place>) -> Scene {
    let phone = &mut scene.facts.points[0];
    (phone.line, phone.place) = (LineType::Landline, place);
    scene
}

/// What is known of the first claim.
pub(crate) fn claiming(mut scene: Scene, claim: Claim) -> Scene {
    scene.facts.accounts[0].claim = claim;
    scene
}

/// A dated fact about account 1.
pub(crate) fn noting(mut scene: Scene, kind: EventKind, at: Instant) -> Scene {
    scene.facts.events.push(Event::new(kind, at).about(id(1)));
    scene
}

/// The agency ruled an authority out.
pub(crate) fn ruling_out(mut scene: Scene, authority: &str) -> Scene {
    let ruled_out = vec![authority.to_owned()];
    scene.facts.limits.push(Limits { ruled_out, ..Limits::default() });
    scene
}

fn packs(scene: &Scene, at: &str) -> Vec<String> {
    let at = utc(at);
    let evaluation = evaluate(&scene.facts, &scene.proposed, Span::days(at, 1));
    evaluation.rule_packs().iter().map(ToString::to_string).collect()
}

#[test]
fn a_pack_reaches_whoever_any_signal_puts_there_but_a_wrong_one() {
    let mut scene = Scene::consumer();
    let general = ["federal@1", "commercial@1", "agency@1"];
    assert_eq!(packs(&scene, "2026-06-16T12:00:00Z"), general, "no region is known");
    let region = |code| Some(Region { state: UsState::of(code).unwrap(), city: None });
    scene.facts.points[0].region = region("MA");
    scene.facts.points[1].region = region("WA");
    let both = ["federal@1", "state.ma@1", "state.wa@1", "commercial@1", "agency@1"];
    assert_eq!(packs(&scene, "2026-06-16T12:00:00Z"), both);
    scene.facts.points[0].state = PointState::Wrong;
    let one = ["federal@1", "state.wa@1", "commercial@1", "agency@1"];
    assert_eq!(packs(&scene, "2026-06-16T12:00:00Z"), one);
    scene.facts.points[1].region = region("OH");
    assert_eq!(packs(&scene, "2026-06-16T12:00:00Z"), general, "a state without a pack");
}

#[test]
fn a_day_is_judged_by_the_version_of_its_day() {
    let dc = Scene::consumer().living_in("DC", None);
    let of = |scene: &Scene, at, name: &str| {
        packs(scene, at).into_iter().find(|pack| pack.starts_with(name)).unwrap()
    };
    assert_eq!(of(&dc, "2022-12-30T12:00:00Z", "state.dc"), "state.dc@1");
    assert_eq!(of(&dc, "2023-01-01T00:00:00Z", "state.dc"), "state.dc@2");
    let fl = Scene::consumer().living_in("FL", None);
    assert_eq!(of(&fl, "2025-05-14T12:00:00Z", "state.fl"), "state.fl@1");
    assert_eq!(of(&fl, "2025-05-16T00:00:00Z", "state.fl"), "state.fl@2");
    let nyc = Scene::consumer().living_in("NY", Some(City::NewYork));
    assert_eq!(of(&nyc, "2026-08-30T12:00:00Z", "city.nyc"), "city.nyc@1");
    assert_eq!(of(&nyc, "2026-09-01T00:00:00Z", "city.nyc"), "city.nyc@2");
    assert_eq!(of(&nyc, "2027-01-01T00:00:00Z", "city.nyc"), "city.nyc@3");
    assert_eq!(of(&nyc, "2027-01-01T00:00:00Z", "state.ny"), "state.ny@1");
}

#[test]
fn a_place_of_the_years_before_regulation_f_adds_nothing_to_its_hold() {
    let at = utc("2020-07-01T16:00:00Z");
    let business = Scene::business().living_in("DC", None);
    assert!(evaluate(&business.facts, &business.proposed, Span::days(at, 1)).permits(at));
}

#[test]
fn seven_days_are_calendar_days_by_law_and_seven_times_24_hours_by_policy() {
    let scene = Scene::consumer().living_in("MA", None);
    let scene = scene.called(1, ny("2026-06-01T15:00")).called(1, ny("2026-06-02T10:00"));
    let says = |at| scene.says("state_frequency", ny(at));
    let law = Some((Effect::Deny, Force::Law, "209 CMR 18.16(1)(d)"));
    assert_eq!(says("2026-06-07T20:59"), law);
    assert_eq!(says("2026-06-08T08:30"), None);
    let policy = Some((Effect::Deny, Force::Policy, "policy state.window_hours"));
    assert_eq!(scene.says("state_window", ny("2026-06-08T08:30")), policy);
    assert!(!scene.allows(ny("2026-06-08T14:59:59")));
    assert!(scene.allows(ny("2026-06-08T15:00")));
}

#[test]
fn what_is_outside_of_stretches_is_the_rest_of_all_time() {
    let at = |hour: i64| utc("2026-06-16T00:00:00Z") + Duration::hours(hour);
    let span = |from, until| Span::new(at(from), at(until));
    assert_eq!(outside([])[..], [Span::ALWAYS]);
    assert_eq!(outside([Span::ALWAYS])[..], []);
    let gaps = outside([span(5, 7), span(1, 3), span(2, 4), span(9, 8)]);
    let before = Span { until: at(1), ..Span::ALWAYS };
    assert_eq!(gaps[..], [before, span(4, 5), Span::since(at(7))]);
}

#[test]
fn a_compliance_user_rules_out_what_is_not_verified_and_never_law() {
    let at = ny("2026-06-16T12:00");
    let work = landline(Scene::consumer().living_in("NH", None), Some(Place::Work));
    let held = Some((Effect::Hold, Force::Unverified, "unverified state.nh.work"));
    assert_eq!(work.says("state_work", at), held);
    assert!(work.evaluate(at).decide(at).is_hold());
    assert!(ruling_out(work.clone(), "unverified state.nh.work").allows(at));
    let mut of_a_client = ruling_out(work, "unverified state.nh.work");
    of_a_client.facts.limits[0].accounts = vec![id(1)];
    assert!(!of_a_client.allows(at), "a client rules nothing out");
    let law = Scene::consumer().living_in("DC", None).by(Medium::Visit);
    assert!(!ruling_out(law, "D.C. Code 28-3814(d)(5)").allows(at));
    let mut zone = Scene::consumer().in_zones(Zones::Unknown, Zones::NoSignal);
    zone = ruling_out(zone.living_in("MA", None), "policy time.zone_unknown");
    assert!(!zone.allows(at), "nor what is not a place's");
}

#[test]
fn no_ground_of_a_place_cites_what_nobody_verified() {
    for text in &super::texts::TEXTS {
        let named = text.ground.authority.starts_with("unverified ");
        assert_eq!(named, text.ground.force == Force::Unverified, "{}", text.code);
        let citation = text.ground.authority.bytes().any(|byte| byte.is_ascii_digit());
        assert_eq!(citation, text.ground.force == Force::Law, "{}", text.code);
    }
}

fn states() -> impl Iterator<Item = UsState> {
    UsState::all().filter(|state| state.kind() != UsRegionKind::Military)
}

/// In every state, district and territory: a plain call about a consumer debt of which nothing else is
/// known is open at noon, or says why not under the name of the place.
#[test]
fn a_plain_call_in_every_state_is_open_at_noon_or_says_why_not() {
    let noon = utc("2026-06-16T17:00:00Z");
    for state in states() {
        for class in [DebtClass::Consumer, DebtClass::Commercial] {
            let mut scene = Scene::consumer().living_in(state.code(), None);
            scene.facts.accounts[0].class = class;
            let decision = scene.evaluate(noon).decide(noon);
            let expected: &[&str] = match (state.code(), class) {
                ("NV", DebtClass::Consumer) => &["policy state.nv.kind_unknown"],
                _ => &[],
            };
            let said: Vec<_> = decision.reasons.iter().map(|b| b.ground.authority).collect();
            assert_eq!(said, expected, "{state} {class:?}");
            for reason in &scene.evaluate(noon).explain(noon).reasons {
                assert!(!reason.sentence.is_empty());
            }
        }
    }
}

/// Of every medium at every hour of three days, with zones and without, licensed or not asked: a refusal has
/// a reason with a sentence, law a citation and nothing else one, and what has no end says so.
#[test]
fn in_every_state_what_is_refused_says_why_and_only_law_cites() {
    for state in states() {
        for (medium, licensed, zoned) in Medium::ALL.into_iter().flat_map(|medium| {
            [(medium, false, true), (medium, true, true), (medium, false, false)]
        }) {
            let mut scene = Scene::consumer().living_in(state.code(), None).by(medium);
            if !zoned {
                scene = scene.in_zones(Zones::NoSignal, Zones::Unknown);
            }
            let licences_checked = Some(licensed);
            scene.facts.limits = vec![Limits { licences_checked, ..Limits::default() }];
            let span = Span::days(utc("2026-11-01T00:00:00Z"), 3);
            let evaluation = evaluate(&scene.facts, &scene.proposed, span);
            for hour in 0..72 {
                let at = span.from + Duration::hours(hour);
                let explained = evaluation.explain(at);
                assert_eq!(evaluation.permits(at), explained.reasons.is_empty());
                for reason in explained.reasons {
                    let authority = &reason.authority;
                    let citation = authority.bytes().any(|byte| byte.is_ascii_digit());
                    assert_eq!(citation, reason.force == Force::Law, "{state} {authority}");
                    assert!(!reason.sentence.is_empty());
                    assert!(reason.force != Force::Unverified || reason.effect == Effect::Hold);
                }
            }
        }
    }
}

#[test]
fn every_place_of_a_pack_is_one_of_the_postal_services_and_named_after_it() {
    for pack in BOOK {
        match pack.reach {
            Reach::State(state) => {
                assert_eq!(pack.id.name, format!("state.{}", state.code().to_lowercase()));
            }
            Reach::City(city) => assert_eq!((pack.id.name, city), ("city.nyc", City::NewYork)),
            Reach::Everyone | Reach::LicencesKept => {}
        }
        assert!(!pack.rules.is_empty(), "{}", pack.id);
    }
}

/// A place: mostly one with a pack.
fn region() -> impl Strategy<Value = Option<Region>> {
    let with_packs = BOOK.iter().filter_map(|pack| match pack.reach {
        Reach::State(state) => Some(state),
        Reach::City(_) | Reach::Everyone | Reach::LicencesKept => None,
    });
    let states = prop_oneof![
        4 => prop::sample::select(with_packs.collect::<Vec<_>>()),
        1 => prop::sample::select(UsState::all().collect::<Vec<_>>()),
    ];
    let cities = vec![None, None, Some(City::NewYork), Some(City::Chicago), Some(City::Buffalo)];
    let known = (states, prop::sample::select(cities));
    prop::option::weighted(0.8, known.prop_map(|(state, city)| Region { state, city }))
}

fn medium() -> impl Strategy<Value = Medium> {
    prop::sample::select(Medium::ALL.as_slice())
}

/// Somebody of whom much is known, and where somebody may be.
fn person() -> impl Strategy<Value = (Facts, Proposed)> {
    let kinds = vec![
        DebtKind::Unknown,
        DebtKind::Medical,
        DebtKind::CreditCard,
        DebtKind::Mortgage,
        DebtKind::Goods,
    ];
    let creditors = vec![CreditorKind::Unknown, CreditorKind::Lender, CreditorKind::DebtBuyer];
    let places = vec![None, Some(Place::Home), Some(Place::Work), Some(Place::Other)];
    let attempts = prop::collection::vec((medium(), -40..40i64, any::<bool>(), 1..4u32), 0..8);
    let purposes = vec![Purpose::Collect, Purpose::Collect, Purpose::AskConsent, Purpose::Location];
    let claim = (
        prop::sample::select(kinds),
        prop::sample::select(creditors),
        prop::option::of(2010..2026i32),
    );
    (
        claim,
        prop::sample::select(places),
        attempts,
        medium(),
        prop::sample::select(purposes),
        prop::bool::ANY,
        prop::sample::select(vec![DebtClass::Consumer, DebtClass::Commercial]),
    )
        .prop_map(
            |((kind, creditor, accrued), place, attempts, medium, purpose, landline, class)| {
                let mut scene = Scene::consumer().by(medium);
                scene.facts.agency = open_agency();
                scene.proposed.purpose = purpose;
                let row = &mut scene.facts.accounts[0];
                row.class = class;
                row.claim = Claim {
                    kind,
                    creditor,
                    accrued_on: accrued
                        .and_then(|year| duly_domain::Date::from_ymd_opt(year, 3, 1)),
                    ..Claim::UNKNOWN
                };
                let phone = &mut scene.facts.points[0];
                phone.place = place;
                phone.line = if landline { LineType::Landline } else { LineType::Unknown };
                phone.zones = zones(&["America/New_York", "America/Los_Angeles"]);
                for (medium, hours, conversation, point) in attempts {
                    scene = tried(scene, medium, point, start() + Duration::hours(6 * hours));
                    for attempt in &mut scene.facts.attempts {
                        attempt.conversation = conversation && attempt.medium == Medium::Call;
                    }
                }
                (scene.facts, scene.proposed)
            },
        )
}

fn start() -> Instant {
    utc("2026-08-25T04:00:00Z")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// What is known of where a person is only adds: another place never opens what was shut.
    #[test]
    fn another_region_never_widens(
        (facts, proposed) in person(),
        one in region(),
        other in region(),
        licensed in any::<bool>(),
    ) {
        let mut before = facts;
        before.points[0].region = one;
        before.limits = vec![Limits { licences_checked: Some(licensed), ..Limits::default() }];
        let mut after = before.clone();
        after.points[1].region = other;
        let over = Span::days(start(), 10);
        let (before_says, after_says) =
            (evaluate(&before, &proposed, over), evaluate(&after, &proposed, over));
        for half_hours in 0..20 * 24 {
            let at = start() + Duration::minutes(30 * half_hours) + Duration::seconds(1);
            // Where nothing at all was known of the place, that alone was a hold.
            let unknown = licensed && one.is_none();
            prop_assert!(
                before_says.permits(at) || !after_says.permits(at) || unknown,
                "{} {:?}", at, before_says.decide(at)
            );
        }
        for required in before_says.requires() {
            // A text of the first place is asked of a letter only where its address is there.
            let letter = proposed.medium == Medium::Mail;
            let kept = after_says.requires().iter().any(|after| after.what == required.what);
            prop_assert!(kept || letter, "{:?}", required);
        }
    }

    /// A replay of what is kept of a decision says the same, in whatever place.
    #[test]
    fn a_replay_of_any_place_is_the_decision(
        (facts, proposed) in person(),
        one in region(),
        minute in 0..20 * 24 * 60i64,
    ) {
        let mut facts = facts;
        facts.points[0].region = one;
        let at = start() + Duration::minutes(minute);
        let over = Span::days(start(), 20);
        let evaluation = evaluate(&facts, &proposed, over);
        let snapshot = Snapshot::of(&facts, &proposed, &evaluation, at);
        let read: Snapshot =
            serde_json::from_str(&serde_json::to_string(&snapshot).unwrap()).unwrap();
        prop_assert_eq!(replay(&read).unwrap(), evaluation.explain(at));
    }

    /// One attempt less never narrows, in whatever place.
    #[test]
    fn one_attempt_less_never_narrows(
        (facts, proposed) in person(),
        one in region(),
        n in any::<prop::sample::Index>(),
    ) {
        let mut facts = facts;
        facts.points[0].region = one;
        let mut fewer = facts.clone();
        if !fewer.attempts.is_empty() {
            fewer.attempts.remove(n.index(facts.attempts.len()));
        }
        // In Oregon an unanswered call home is what opens the number at work.
        let oregon = one.is_some_and(|region| region.state.code() == "OR");
        let over = Span::days(start(), 10);
        let (more, less) = (evaluate(&facts, &proposed, over), evaluate(&fewer, &proposed, over));
        for hours in 0..10 * 24 {
            let at = start() + Duration::hours(hours);
            prop_assert!(less.permits(at) || !more.permits(at) || oregon, "{}", at);
        }
    }
}
