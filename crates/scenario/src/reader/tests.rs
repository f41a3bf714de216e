use super::*;
use chrono::{NaiveTime, Weekday};

fn said(text: &str, voice: Voice) -> Said {
    let on = "2026-03-02".parse().unwrap();
    read(text, voice, on, &["N1".to_owned(), "N2".to_owned()])
}

fn clock(hour: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, 0, 0)
}

fn days(times: &Times) -> Vec<Weekday> {
    times.days.into()
}

#[test]
fn a_note_of_days_through_the_end_of_the_year() {
    let text = "consumer cannot be disturbed on Tuesdays and Thursdays through the end of the calendar year";
    let said = said(text, Voice::Note);
    assert_eq!(said.not_at.len(), 1, "{said:?}");
    let times = said.not_at[0].0;
    assert_eq!(days(&times), [Weekday::Tue, Weekday::Thu]);
    assert_eq!(times.last_day, Some("2026-12-31".parse().unwrap()));
    assert_eq!((times.from, said.no_contact), (None, false));
}

#[test]
fn an_exception_turns_what_was_agreed() {
    let said = said("on weekdays, except from 3:00 p.m. to 5:00 p.m.; weekends: no", Voice::Person);
    assert_eq!(said.not_at.len(), 2, "{said:?}");
    let (first, second) = (said.not_at[0].0, said.not_at[1].0);
    assert_eq!((first.from, first.until, days(&first).len()), (clock(15), clock(17), 5));
    assert_eq!((second.from, days(&second)), (None, vec![Weekday::Sat, Weekday::Sun]));
    assert_eq!(said.please.len(), 1);
}

#[test]
fn what_is_inconvenient_needs_no_word_for_it() {
    for text in ["every Friday, all communications", "Fridays", "Friday every week"] {
        let said = said(text, Voice::Inconvenient);
        assert_eq!(said.not_at.len(), 1, "{text}: {said:?}");
        assert_eq!((days(&said.not_at[0].0), said.not_at[0].1), (vec![Weekday::Fri], None));
    }
    let said = said("weekdays 15:00-17:00", Voice::Inconvenient);
    assert_eq!((said.not_at[0].0.from, said.not_at[0].0.until), (clock(15), clock(17)));
}

#[test]
fn places_media_and_numbers() {
    let home = said("do not communicate with me at home", Voice::Person);
    assert_eq!((home.not_places.as_slice(), home.no_contact), (&[(Place::Home, None)][..], false));
    let work = said("I cannot take personal calls at work", Voice::Person);
    assert!(work.employer_forbids);
    assert_eq!(said("stop calling", Voice::Person).not_media, [Medium::Call]);
    assert_eq!(said("Please stop mailing letters to me", Voice::Person).not_media, [Medium::Mail]);
    assert_eq!(said("do not use N1", Voice::Person).not_points, ["N1"]);
    assert!(said("do not contact me again", Voice::Person).no_contact);
    assert!(said("My employer does not allow calls", Voice::Person).employer_forbids);
}

#[test]
fn leave_to_call() {
    let monday = said("call back on Monday", Voice::Person);
    assert!(monday.may_call);
    assert_eq!(days(&monday.please[0]), [Weekday::Mon]);
    let number =
        said("You can call me at 123-456-7891 to discuss the repayment options.", Voice::Person);
    assert_eq!(
        (number.may_call, number.points.as_slice()),
        (true, &["123-456-7891".to_owned()][..])
    );
    let five = said("call me only after 5 pm", Voice::Person);
    assert_eq!(five.not_at[0].0.until, clock(17));
    assert!(!said("do not call back", Voice::Person).may_call);
}

#[test]
fn set_phrases() {
    assert_eq!(said("I have an attorney", Voice::Person).attorney, Some(true));
    assert_eq!(said("I no longer have an attorney", Voice::Person).attorney, Some(false));
    assert!(said("I do not owe this", Voice::Person).disputes);
    assert!(said("I refuse to pay", Voice::Person).refuses);
    assert!(said("These times are no longer inconvenient", Voice::Person).lifts);
    let busy = said("I am busy", Voice::Person);
    assert_eq!(busy.not_at[0].0.last_day, Some("2026-03-02".parse().unwrap()));
}

#[test]
fn what_nobody_understands_holds_every_time() {
    for voice in [Voice::Inconvenient, Voice::Note, Voice::Person] {
        let said = said("xyzzy plugh", voice);
        assert!(said.unread);
        assert_eq!(said.not_at, [(every_time(), None)]);
    }
}
