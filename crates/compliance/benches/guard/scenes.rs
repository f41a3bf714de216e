//! Persons about whom the guard is asked.

use chrono::{Datelike, Duration, NaiveTime};
use duly_compliance::*;
use duly_domain::id::IdKind;
use duly_domain::{DebtClass, DebtorKind, Id, Instant, PartyRole, StopKind, Zone};

/// A person, and what is asked.
pub struct Scene {
    pub name: &'static str,
    pub facts: Facts,
    pub questions: Vec<(Proposed, Instant)>,
}

const MOBILE: u32 = 1;
const LANDLINE: u32 = 2;
const EMAIL: u32 = 3;
const HOME: u32 = 4;
/// How much history there is.
const ATTEMPTS: u32 = 20;

fn id<T: IdKind>(n: u32) -> Id<T> {
    format!("{}_{n:032x}", T::PREFIX).parse().expect("a number makes an id")
}

/// The moment from which is asked: a Tuesday, eight in the morning in New York.
fn start() -> Instant {
    "2026-06-16T12:00:00Z".parse().expect("an instant")
}

/// Everything in every scene is asked at each hour of two days: by hand, by platform, by e-mail, by post.
fn questions(account: u32) -> Vec<(Proposed, Instant)> {
    let by = |medium, point| Proposed::collect(id(1), id(account), medium, Some(id(point)));
    let proposed = [
        by(Medium::Call, MOBILE),
        by(Medium::Call, LANDLINE),
        by(Medium::Text, MOBILE),
        by(Medium::Email, EMAIL),
        by(Medium::Mail, HOME),
    ];
    let hours = (0..48).map(|hour| start() + Duration::minutes(60 * hour + 17));
    hours.flat_map(|at| proposed.clone().map(|proposed| (proposed, at))).collect()
}

/// A person with two accounts, a mobile and a landline number, an e-mail and a postal address, and twenty
/// attempts in the last ten days, `calls` in each ten of them by telephone.
fn person(regions: [(&str, Region); 2], class: DebtClass, calls: u32) -> Facts {
    let zone = |name: &str| name.parse::<Zone>().expect("a zone");
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time of day");
    let office = AgencyHours::weekdays(zone("America/New_York"), clock(8), clock(20));
    let account = |n| {
        let spoken = Some(start() - Duration::days(60));
        Account {
            first_spoken_at: spoken,
            first_written_at: spoken,
            claim: Claim {
                kind: DebtKind::CreditCard,
                creditor: CreditorKind::Lender,
                placed_on: Some((start() - Duration::days(90)).date_naive()),
                ..Claim::UNKNOWN
            },
            ..Account::new(id(n), id(1), DebtorKind::Person, PartyRole::Principal, class)
        }
    };
    let [(mobile_zone, mobile), (home_zone, home)] = regions;
    let at = |n, kind, zone_name: &str, region| Point {
        region: Some(region),
        ..Point::new(id(n), kind, Zones::In(vec![zone(zone_name)]))
    };
    let points = vec![
        Point { line: LineType::Wireless, ..at(MOBILE, PointKind::Phone, mobile_zone, mobile) },
        Point {
            line: LineType::Landline,
            place: Some(Place::Home),
            ..at(LANDLINE, PointKind::Phone, home_zone, home)
        },
        Point {
            of_employer: Some(false),
            public_domain: Some(true),
            ..Point::new(id(EMAIL), PointKind::Email, Zones::NoSignal)
        },
        Point { place: Some(Place::Home), ..at(HOME, PointKind::Address, home_zone, home) },
    ];
    let attempts = (0..ATTEMPTS).map(|n| {
        let (medium, point) = match (n * 3) % 10 {
            of if of < calls => (Medium::Call, if n % 2 == 0 { MOBILE } else { LANDLINE }),
            of if of % 3 == 0 => (Medium::Text, MOBILE),
            of if of % 3 == 1 => (Medium::Email, EMAIL),
            _ => (Medium::Mail, HOME),
        };
        let ago = Duration::hours(i64::from(ATTEMPTS - n) * 12);
        Attempt {
            point: Some(id(point)),
            dial_mode: Proposed::collect(id(1), id(1), medium, None).dial_mode,
            ..Attempt::new(id(n + 1), id(1 + n % 2), medium, start() - ago)
        }
    });
    let given = start() - Duration::days(30);
    let consent = |what, point| Consent {
        what,
        given_to: GivenTo::Agency,
        account: None,
        medium: None,
        point: Some(id(point)),
        from: given,
        until: None,
        withdrawn_at: None,
    };
    let licence = |region| Licence {
        region,
        class: None,
        from: chrono::NaiveDate::from_ymd_opt(start().year() - 2, 1, 1).expect("a day"),
        to: None,
    };
    Facts {
        accounts: vec![account(1), account(2)],
        points,
        attempts: attempts.collect(),
        consents: vec![
            consent(ConsentFor::Text, MOBILE),
            consent(ConsentFor::Automated, MOBILE),
            consent(ConsentFor::Email, EMAIL),
        ],
        events: vec![
            Event::new(EventKind::ValidationSent, start() - Duration::days(59))
                .about(id(1))
                .stating((start() - Duration::days(20)).date_naive()),
            Event::new(EventKind::NotReassigned, start() - Duration::days(5)).at_point(id(MOBILE)),
        ],
        licences: vec![licence(mobile), licence(home)],
        ..Facts::new(id(1), AgencyPolicy { hours: office })
    }
}

fn region(state: &str, city: Option<City>) -> Region {
    Region { state: state.parse().expect("a state"), city }
}

/// One state without a rule of its own, two states with many, and what is refused.
pub fn all() -> Vec<Scene> {
    let texas = || ("America/Chicago", region("TX", None));
    let georgia = || ("America/New_York", region("GA", None));
    let boston = || ("America/New_York", region("MA", None));
    let seattle = || ("America/Los_Angeles", region("WA", None));
    let new_york = || ("America/New_York", region("NY", Some(City::NewYork)));
    let scene = |name, facts| Scene { name, facts, questions: questions(1) };
    let mut evenings = person([texas(), georgia()], DebtClass::Consumer, 3);
    evenings.designations.push(Designation {
        kind: DesignationKind::NotAt(Times {
            days: Weekdays::ALL,
            from: NaiveTime::from_hms_opt(12, 0, 0),
            until: NaiveTime::from_hms_opt(17, 0, 0),
            first_day: None,
            last_day: None,
        }),
        medium: None,
        point: None,
        from: start() - Duration::days(40),
        until: None,
        oral: false,
    });
    let mut counsel = person([texas(), texas()], DebtClass::Consumer, 3);
    counsel.stops.push(Stop {
        id: id(1),
        kind: StopKind::Attorney,
        party: id(1),
        account: None,
        medium: None,
        point: None,
        from: start() - Duration::days(40),
        until: None,
    });
    vec![
        scene("Texas", person([texas(), texas()], DebtClass::Consumer, 3)),
        scene("Texas and Georgia, not from noon to five", evenings),
        scene("Boston and Seattle", person([boston(), seattle()], DebtClass::Consumer, 3)),
        scene("New York City", person([new_york(), new_york()], DebtClass::Consumer, 3)),
        scene("twenty calls", person([texas(), georgia()], DebtClass::Consumer, 10)),
        scene("a guarantor in Texas", person([texas(), texas()], DebtClass::Commercial, 3)),
        scene("an attorney in Texas", counsel),
    ]
}
