//! What rarely comes together by chance is put together here, so that every rule is met in few scenes. The
//! rest of a scene is drawn as ever.

use chrono::Duration;
use duly_domain::{DebtClass, DebtorKind, StopKind};
use proptest::prelude::*;

use super::{ADDRESS, EMAIL, NEIGHBOUR, PHONES, Scene, one_of};
use crate::testing::id;
use crate::*;

/// States whose rules ask for a certain medium, purpose or place.
const STATES: [&str; 11] = ["CA", "CO", "DC", "MA", "MS", "NC", "NH", "NV", "OR", "WA", "WI"];

/// What a scene is about.
#[derive(Debug, Clone, Copy)]
pub enum Focus {
    /// Whatever comes.
    Nothing,
    /// The person is in one of these states.
    In(&'static str),
    /// The person is at work in one of these states.
    AtWork(&'static str),
    /// The person is in New York, the city or the state.
    NewYork(Option<City>),
    /// Somebody else is asked where the person may be reached, in Colorado or anywhere.
    Location(bool),
    /// An opt-out is confirmed.
    Confirmation,
    /// Recorded calls to a landline.
    Recorded,
    /// A human owes commercial debts in California.
    Covered,
    /// Conversations with somebody in one of these states.
    Talks(&'static str),
    /// Messages, one after another.
    Messages,
    /// A visit in the District.
    Visit,
    /// The employer is told, in New York or the District.
    Employer(&'static str),
    /// A disclosure is sent by e-mail.
    Disclosure(Purpose),
}

pub fn focus() -> impl Strategy<Value = Focus> {
    let places = one_of(&[None, Some(City::NewYork), Some(City::Buffalo)]);
    prop_oneof![
        10 => Just(Focus::Nothing),
        4 => one_of(&STATES).prop_map(Focus::In),
        2 => one_of(&["MA", "NH", "OR", "WA"]).prop_map(Focus::AtWork),
        2 => places.prop_map(Focus::NewYork),
        2 => any::<bool>().prop_map(Focus::Location),
        1 => Just(Focus::Confirmation),
        1 => Just(Focus::Recorded),
        1 => Just(Focus::Covered),
        2 => one_of(&["DC", "WV", "WA"]).prop_map(Focus::Talks),
        1 => Just(Focus::Messages),
        1 => Just(Focus::Visit),
        1 => one_of(&["DC", "NY"]).prop_map(Focus::Employer),
        1 => one_of(&[
            Purpose::ValidationNotice,
            Purpose::Verification,
            Purpose::OriginalCreditor,
        ])
        .prop_map(Focus::Disclosure),
    ]
}

/// The same scene, about this.
pub fn focused((start, mut facts, mut proposed): Scene, focus: Focus) -> Scene {
    match focus {
        Focus::Nothing => {}
        Focus::In(state) => lives(&mut facts, state, None),
        Focus::AtWork(state) => {
            lives(&mut facts, state, None);
            facts.points[0].place = Some(Place::Work);
            by_phone(&mut proposed, PHONES[0]);
        }
        Focus::NewYork(city) => lives(&mut facts, "NY", city),
        Focus::Location(colorado) => {
            by_phone(&mut proposed, NEIGHBOUR[0]);
            proposed.recipient = Recipient::ThirdParty;
            proposed.purpose = Purpose::Location;
            for attempt in facts.attempts.iter_mut().step_by(4) {
                attempt.point = Some(id(NEIGHBOUR[1]));
                attempt.purpose = Purpose::Location;
                attempt.recipient = Recipient::ThirdParty;
            }
            if let Some(stop) = facts.stops.first_mut() {
                stop.kind = StopKind::Attorney;
                stop.from -= Duration::days(20);
            }
            if colorado {
                lives(&mut facts, "CO", None);
            }
        }
        Focus::Confirmation => {
            proposed.medium = Medium::Text;
            proposed.point = Some(id(PHONES[0]));
            proposed.dial_mode = Some(DialMode::TextPlatform);
            proposed.purpose = Purpose::OptOutConfirmation;
            for stop in &mut facts.stops {
                stop.kind = StopKind::OptOut;
                stop.medium = stop.medium.map(|_| Medium::Text);
            }
        }
        Focus::Recorded => {
            by_phone(&mut proposed, PHONES[0]);
            proposed.dial_mode = Some(DialMode::Prerecorded);
            facts.points[0].line = LineType::Landline;
            for attempt in &mut facts.attempts {
                attempt.dial_mode = Some(DialMode::Prerecorded);
            }
        }
        Focus::Covered => {
            lives(&mut facts, "CA", None);
            for row in &mut facts.accounts {
                row.class = DebtClass::Commercial;
                row.kind = DebtorKind::Person;
                row.claim.credit_total_minor = None;
                row.claim.assigned_on = None;
            }
        }
        Focus::Talks(state) => {
            lives(&mut facts, state, None);
            by_phone(&mut proposed, PHONES[1]);
            for attempt in facts.attempts.iter_mut().step_by(2) {
                attempt.conversation = attempt.medium == Medium::Call;
            }
        }
        Focus::Messages => {
            for attempt in &mut facts.attempts {
                attempt.medium = Medium::Email;
            }
            by(&mut proposed, Medium::Email, EMAIL);
        }
        Focus::Visit => {
            lives(&mut facts, "DC", None);
            by(&mut proposed, Medium::Visit, ADDRESS);
        }
        Focus::Employer(state) => {
            lives(&mut facts, state, None);
            proposed.recipient = Recipient::Employer;
        }
        Focus::Disclosure(purpose) => {
            proposed.purpose = purpose;
            if proposed.party == id(1) {
                by(&mut proposed, Medium::Email, EMAIL);
            }
        }
    }
    (start, facts, proposed)
}

/// What the first telephone number and the address say.
fn lives(facts: &mut Facts, state: &str, city: Option<City>) {
    for point in facts.points.iter_mut().filter(|point| point.region.is_some()).take(2) {
        point.region = Some(Region { state: state.parse().unwrap(), city });
    }
}

fn by(proposed: &mut Proposed, medium: Medium, point: u32) {
    proposed.medium = medium;
    proposed.point = Some(id(point));
    proposed.dial_mode = None;
}

fn by_phone(proposed: &mut Proposed, point: u32) {
    proposed.medium = Medium::Call;
    proposed.point = Some(id(point));
    proposed.dial_mode = proposed.dial_mode.filter(|mode| *mode != DialMode::TextPlatform);
    proposed.dial_mode = proposed.dial_mode.or(Some(DialMode::Manual));
}
