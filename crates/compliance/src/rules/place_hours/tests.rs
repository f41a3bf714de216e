use chrono::{Duration, NaiveTime};
use chrono_tz::Tz;

use super::{Clock, Hours};
use crate::blocked::Ground;
use crate::rules::daily::DailyState;
use crate::testing::utc;

static NIGHT: Ground = Ground::law("hours", "1 Test Code 1");
static EDGE: Ground = Ground::policy("hours", "policy time.edge");
static BEFORE_OR_AFTER: Clock =
    Clock::not_before_or_after((7, 30), (21, 0), &NIGHT, &EDGE, "in the hours");
static AFTER_AND_BEFORE: Clock = Clock::after_and_before((8, 0), (21, 0), &NIGHT, "in the hours");

/// Zones whose clocks change at night, at midnight, by half an hour, and never.
const ZONES: [Tz; 5] = [
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::America__Santiago,
    Tz::Australia__Lord_Howe,
    Tz::America__Phoenix,
];

fn second(time: NaiveTime) -> u32 {
    use chrono::Timelike;
    time.num_seconds_from_midnight()
}

#[test]
fn an_instant_is_open_where_the_clock_on_the_wall_says_so_and_each_stretch_holds_its_instant() {
    let days = [
        "2026-03-07T12:00:00Z",
        "2026-10-31T12:00:00Z",
        "2026-04-04T00:00:00Z",
        "2026-09-05T12:00:00Z",
    ];
    for (clock, from, until) in [(&BEFORE_OR_AFTER, (7, 30), 21), (&AFTER_AND_BEFORE, (8, 0), 21)] {
        let opens = from.0 * 3600 + from.1 * 60 + 1;
        for tz in ZONES {
            for start in days {
                for minute in 0..3 * 24 * 60 {
                    for step in [-1, 0, 1] {
                        let at = utc(start) + Duration::minutes(minute) + Duration::seconds(step);
                        let time = second(at.with_timezone(&tz).time());
                        let open = (opens..until * 3600).contains(&time);
                        match (Hours { tz, clock }).state(at) {
                            DailyState::Open { until } => {
                                assert!(open, "{tz} {at}");
                                assert!(until > at);
                            }
                            DailyState::Shut(shut) => {
                                assert!(!open, "{tz} {at}");
                                assert!(shut.span.contains(at), "{tz} {at}");
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_edges_are_shut_by_policy_or_by_the_text() {
    let says = |clock, time: &str| {
        let at = utc(&format!("2026-06-16T{time}Z"));
        match (Hours { tz: Tz::UTC, clock }).state(at) {
            DailyState::Open { .. } => None,
            DailyState::Shut(shut) => Some(shut.ground.authority),
        }
    };
    for time in ["07:30:00", "21:00:00"] {
        assert_eq!(says(&BEFORE_OR_AFTER, time), Some("policy time.edge"));
    }
    for time in ["07:29:59", "21:00:01"] {
        assert_eq!(says(&BEFORE_OR_AFTER, time), Some("1 Test Code 1"));
    }
    for time in ["08:00:00", "21:00:00"] {
        assert_eq!(says(&AFTER_AND_BEFORE, time), Some("1 Test Code 1"));
    }
    assert_eq!(says(&AFTER_AND_BEFORE, "08:00:01"), None);
}
