//! The guard a second time, slowly: one instant at a time, each sentence of the text by itself, no stretch
//! of time anywhere. It shares the facts with the guard and nothing else.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use duly_domain::{DebtClass, DebtorKind, Instant, PartyRole, StopKind, Zone};

use crate::*;

fn tz(zone: Zone) -> Tz {
    zone.name().parse().unwrap()
}

fn day(zone: Zone, at: Instant) -> NaiveDate {
    at.with_timezone(&tz(zone)).date_naive()
}

fn time(zone: Zone, at: Instant) -> NaiveTime {
    at.with_timezone(&tz(zone)).time()
}

/// Whether the attempt may be made at this instant.
pub fn permits(facts: &Facts, proposed: &Proposed, at: Instant) -> bool {
    let rows: Vec<&Account> =
        facts.accounts.iter().filter(|row| proposed.accounts.contains(&row.id)).collect();
    let consumer = rows.iter().any(|row| row.class == DebtClass::Consumer);
    let natural =
        rows.iter().any(|r| r.class == DebtClass::Commercial && r.kind == DebtorKind::Person);
    let places: Vec<&Point> =
        facts.points.iter().filter(|point| point.state != PointState::Wrong).collect();
    let mut zones = Vec::new();
    let mut nowhere = false;
    for point in &places {
        match &point.zones {
            Zones::NoSignal => {}
            Zones::Unknown => nowhere = true,
            Zones::In(some) => zones.extend(some.iter().copied()),
        }
    }
    nowhere |= zones.is_empty();

    // Who wrote or called is answered once, in that medium, within three days; the latest contact.
    let contact = facts
        .inbound
        .iter()
        .filter(|i| !i.answered && i.medium == proposed.medium)
        .rfind(|i| i.point.is_none() || i.point == proposed.point)
        .filter(|_| proposed.initiator == Initiator::Debtor);
    let answering = contact.is_some_and(|i| i.at <= at && at < i.at + chrono::Duration::days(3));

    let medium = proposed.medium;
    let stands = |from: Instant, until: Option<Instant>| from <= at && until.is_none_or(|u| at < u);

    // The contract: every account is placed, known, and the party is liable on it.
    for account in &proposed.accounts {
        if !rows.iter().any(|row| row.id == *account && row.party == proposed.party) {
            return false;
        }
    }
    if rows.iter().any(|r| r.party == proposed.party && r.state != AccountState::Workable) {
        return false;
    }

    // An address of the medium that is not known to be bad.
    let kind = match medium {
        Medium::Call | Medium::Text => Some(PointKind::Phone),
        Medium::Email => Some(PointKind::Email),
        Medium::Mail | Medium::Visit => Some(PointKind::Address),
        Medium::Portal | Medium::Social | Medium::SocialPublic => None,
    };
    let usable = |p: &&Point| kind == Some(p.kind) && p.state == PointState::Usable;
    if kind.is_some() && !facts.points.iter().filter(usable).any(|p| Some(p.id) == proposed.point) {
        return false;
    }

    // Stops.
    for stop in facts.stops.iter().filter(|stop| stands(stop.from, stop.until)) {
        let of_the_debt = rows.iter().any(|row| match stop.account {
            Some(account) => account == row.id,
            None => rows.iter().any(|r| r.id == row.id && r.party == stop.party),
        });
        let estate = rows.iter().any(|r| r.party == proposed.party && r.role == PartyRole::Estate);
        let electronic = medium == Medium::Text || medium == Medium::Email;
        let refused = match stop.kind {
            StopKind::Bankruptcy | StopKind::Military => true,
            StopKind::Deceased => !estate,
            StopKind::Cease => of_the_debt && proposed.purpose != Purpose::CeaseNotice,
            StopKind::Attorney => of_the_debt && !answering,
            StopKind::OptOut => {
                let confirmation = proposed.purpose == Purpose::OptOutConfirmation && electronic;
                (stop.medium.is_none() || stop.medium == Some(medium))
                    && (stop.point.is_none() || stop.point == proposed.point)
                    && !confirmation
                    && !answering
            }
        };
        if refused {
            return false;
        }
    }

    // Disputes.
    for dispute in facts.disputes.iter().filter(|d| stands(d.from, d.until)) {
        let pauses = rows.iter().any(|row| {
            row.id == dispute.account
                && (row.class == DebtClass::Consumer || dispute.extent == DisputeExtent::Whole)
        });
        let answers = [Purpose::Verification, Purpose::OptOutConfirmation];
        if pauses && !answers.contains(&proposed.purpose) {
            return false;
        }
    }

    // Required disclosures: not to an address opted out of, and electronically with consent only.
    let disclosure = [Purpose::ValidationNotice, Purpose::Verification].contains(&proposed.purpose);
    let electronic = medium == Medium::Text || medium == Medium::Email;
    if consumer && disclosure && electronic {
        let opted_out = facts.stops.iter().any(|stop| {
            stop.kind == StopKind::OptOut
                && stands(stop.from, stop.until)
                && (stop.medium.is_none() || stop.medium == Some(medium))
                && (stop.point.is_none() || stop.point == proposed.point)
        });
        if opted_out || proposed.purpose == Purpose::Verification {
            return false;
        }
    }

    // Nobody here has agreed to e-mails or texts: a consumer's address is shut but for an answer and for the
    // confirmation of an opt-out, and automated texts go to nobody unasked.
    let confirmation = proposed.purpose == Purpose::OptOutConfirmation;
    let mail = medium == Medium::Email && consumer && !confirmation;
    if (mail || medium == Medium::Text) && !answering {
        return false;
    }

    // Calls: seven in seven days, and seven days after a conversation, by every calendar.
    if medium == Medium::Call && !answering {
        let calendars =
            if zones.is_empty() { vec![facts.agency.hours.zone] } else { zones.clone() };
        for row in rows
            .iter()
            .filter(|row| row.class == DebtClass::Consumer || row.kind == DebtorKind::Person)
        {
            let same_debt = |attempt: &&Attempt| {
                facts.counter(attempt.account) == facts.counter(row.id)
                    && attempt.medium == Medium::Call
                    && attempt.at <= at
            };
            for zone in &calendars {
                let today = day(*zone, at);
                let first = today - Days::new(6);
                let wrong = |attempt: &&Attempt| {
                    let point = facts.points.iter().find(|p| Some(p.id) == attempt.point);
                    point.is_some_and(|p| p.state == PointState::Wrong)
                };
                let calls = facts.attempts.iter().filter(same_debt);
                let in_the_seven = |a: &&Attempt| (first..=today).contains(&day(*zone, a.at));
                let calls = calls.filter(|a| a.counted && !wrong(a)).filter(in_the_seven);
                if calls.count() >= 7 {
                    return false;
                }
                let talks = facts.attempts.iter().filter(same_debt).filter(|a| a.conversation);
                if talks.into_iter().any(|a| (first..=today).contains(&day(*zone, a.at))) {
                    return false;
                }
            }
        }
    }

    // Hours of the law, in every place; a contact made at night is answered in that night.
    if medium != Medium::Mail && (consumer || natural) {
        if nowhere {
            return false;
        }
        for zone in &zones {
            let convenient = |at: Instant| {
                let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
                let second = |h| NaiveTime::from_hms_opt(h, 0, 1).unwrap();
                second(8) <= time(*zone, at) && time(*zone, at) < hour(21)
            };
            if convenient(at) {
                continue;
            }
            let edge = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
            let this_night = contact.filter(|_| answering).is_some_and(|contact| {
                let mut then = contact.at;
                let mut same = !convenient(then);
                while same && then < at {
                    then += chrono::Duration::seconds(20);
                    same = then >= at || !convenient(then);
                }
                same
            });
            // The two edges are shut seconds of their own.
            let on_edge = |at: Instant| {
                let time = time(*zone, at).with_nanosecond_zero();
                time == edge || time == NaiveTime::from_hms_opt(21, 0, 0).unwrap()
            };
            let contact_on_edge = contact.is_some_and(|contact| on_edge(contact.at));
            if !this_night || on_edge(at) || contact_on_edge {
                return false;
            }
        }
    }

    // Hours of the agency.
    if (medium == Medium::Call || medium == Medium::Text) && !answering {
        let AgencyHours { zone, from, until, days: (first, last) } = facts.agency.hours;
        let today = day(zone, at).weekday();
        let working = std::iter::successors(Some(first), |day| Some(day.succ()))
            .take_while(|day| *day != last)
            .chain([last])
            .any(|day| day == today);
        if !working || time(zone, at) < from || time(zone, at) >= until {
            return false;
        }
    }
    true
}

trait Whole {
    fn with_nanosecond_zero(self) -> Self;
}

impl Whole for NaiveTime {
    fn with_nanosecond_zero(self) -> Self {
        use chrono::Timelike;
        self.with_nanosecond(0).unwrap()
    }
}
