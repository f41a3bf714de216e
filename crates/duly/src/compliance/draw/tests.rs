use duly_proto::common::v1::{Channel, Date as WireDate, Force};

use super::*;

fn because(rule: &str, sentence: &str) -> Reason {
    let mut reason = Reason {
        rule: rule.to_owned(),
        authority: format!("12 CFR {rule}"),
        sentence: sentence.to_owned(),
        ..Reason::default()
    };
    reason.set_force(Force::Law);
    reason
}

fn stretch(from: &str, until: &str, reasons: &[Reason]) -> Stretch {
    Stretch {
        local_from: from.to_owned(),
        local_until: until.to_owned(),
        permitted: reasons.is_empty(),
        reasons: reasons.to_vec(),
        ..Stretch::default()
    }
}

fn of(channel: Channel, stretches: Vec<Stretch>) -> ChannelDay {
    let mut day = ChannelDay { stretches, ..ChannelDay::default() };
    day.set_channel(channel);
    day
}

fn on(day: i32, channels: Vec<ChannelDay>) -> CalendarDay {
    let on = Some(WireDate { year: 2026, month: 1, day });
    CalendarDay { on, channels, ..CalendarDay::default() }
}

fn night() -> Reason {
    because("hours", "it is before 08:00 or after 21:00 where the person may be.")
}

fn weekday(day: i32) -> CalendarDay {
    let stop = because("stop", "the person does not want texts.");
    let call = vec![
        stretch("00:00", "08:00", &[night()]),
        stretch("08:00", "12:15", &[]),
        stretch("12:15", "13:00", &[because("lunch", "not at noon.")]),
        stretch("13:00", "21:00", &[]),
        stretch("21:00", "24:00", &[night(), because("lunch", "not at noon.")]),
    ];
    on(
        day,
        vec![of(Channel::Call, call), of(Channel::Text, vec![stretch("00:00", "24:00", &[stop])])],
    )
}

#[test]
fn each_half_hour_is_permitted_throughout_or_names_its_reasons() {
    let mut why = Why::default();
    let day = weekday(5);
    let bar = bar(&day.channels[0], &mut why);
    let expected =
        format!("{}{}{}{}{}", "a".repeat(16), "█".repeat(8), "bb", "█".repeat(16), "c".repeat(6));
    assert_eq!(bar, expected);
    // Each reason is told once, behind every letter that it stands for.
    let legend = why.legend();
    assert!(legend.contains("  ac  it is before 08:00 or after 21:00"), "{legend}");
    assert!(legend.contains("  bc  not at noon (law, 12 CFR lunch)"), "{legend}");
}

#[test]
fn what_is_past_is_blank_and_the_hour_that_comes_twice_is_not_lost() {
    let mut why = Why::default();
    let today = of(Channel::Call, vec![stretch("10:07", "24:00", &[])]);
    assert_eq!(bar(&today, &mut why), format!("{}{}", " ".repeat(20), "█".repeat(28)));
    // The second after a day begins is not drawn; the hours beside the line tell it.
    let edge = of(
        Channel::Call,
        vec![stretch("08:00", "08:00:01", &[night()]), stretch("08:00:01", "24:00", &[])],
    );
    assert_eq!(bar(&edge, &mut why), format!("{}{}", " ".repeat(16), "█".repeat(32)));
    assert_eq!((hours(&edge).as_str(), why.legend().as_str()), ("08:00:01-24:00", ""));
    let twice = of(
        Channel::Call,
        vec![stretch("00:00", "01:45", &[]), stretch("01:45", "01:15", &[night()])],
    );
    assert_eq!(bar(&twice, &mut why).trim_end(), "██aa");
}

#[test]
fn a_calendar_fits_a_hundred_columns_and_says_everything_once() {
    let mut first = weekday(5);
    let owed = Obligation {
        what: "the validation notice follows the initial communication within five days".into(),
        authority: "12 CFR 1006.34(a)(1)".into(),
        ..Obligation::default()
    };
    first.due = vec![owed.clone()];
    let answer = CalendarResponse {
        zone: "America/New_York".to_owned(),
        zones: vec!["America/New_York".to_owned(), "America/Los_Angeles".to_owned()],
        days: vec![first, weekday(6)],
        owed: vec![owed],
    };
    let drawn = calendar("ACME/A-1, principal", &answer).unwrap();
    assert!(drawn.lines().all(|line| line.chars().count() <= COLUMNS), "{drawn}");
    assert!(drawn.contains("Mon 01-05  aaaaaaaaaaaaaaaa████████bb"), "{drawn}");
    assert!(drawn.contains("cccccc  08:00-12:15 13:00-21:00\n"), "{drawn}");
    assert!(drawn.contains("text: at no time in these days (d)"), "{drawn}");
    assert!(drawn.contains("\nFalls due\n  2026-01-05: the validation notice"), "{drawn}");
    assert!(drawn.contains("may be in America/New_York, America/Los_Angeles"), "{drawn}");
    assert_eq!(drawn.matches("the person does not want texts").count(), 1, "{drawn}");
}

#[test]
fn many_permitted_times_of_a_day_are_counted_where_they_do_not_fit() {
    let every_hour =
        (0..12).map(|n| stretch(&format!("{:02}:00", 2 * n), &format!("{:02}:00", 2 * n + 1), &[]));
    let said = hours(&of(Channel::Call, every_hour.collect()));
    assert!(said.ends_with("more") && said.starts_with("00:00-01:00 "), "{said}");
    assert!(said.len() <= COLUMNS - MARGIN - CELLS - 2, "{said}");
    let told = said.matches('-').count();
    assert!(said.contains(&format!("and {} more", 12 - told)), "{said}");
}

#[test]
fn a_channel_that_is_never_or_always_permitted_is_one_line() {
    let stop = || because("stop", "the person does not want texts.");
    let text =
        vec![stretch("00:00", "08:00", &[night(), stop()]), stretch("08:00", "24:00", &[stop()])];
    let mail = vec![stretch("00:00", "24:00", &[])];
    let day = on(5, vec![of(Channel::Text, text), of(Channel::Mail, mail)]);
    let answer = CalendarResponse { days: vec![day], ..CalendarResponse::default() };
    let drawn = calendar("ACME/A-1, principal", &answer).unwrap();
    assert!(drawn.contains("text: at no time in these days (a)"), "{drawn}");
    assert!(drawn.contains("post: at any time in these days"), "{drawn}");
    assert!(
        drawn.contains("  a  the person does not want texts") && !drawn.contains("08:00"),
        "{drawn}"
    );
}
