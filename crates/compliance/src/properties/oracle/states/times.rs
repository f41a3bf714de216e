//! Hours of states: Massachusetts, Washington, West Virginia, Florida, Colorado, the District.

use super::{consumer, district_debts, on, reaches};
use crate::properties::oracle::clock::clock;
use crate::properties::oracle::hours::{Hours, shut};
use crate::properties::oracle::{Now, Said};
use crate::*;

const EASTERN: chrono_tz::Tz = chrono_tz::America::New_York;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    let medium = now.proposed.medium;
    let plain =
        Hours { from: clock(8, 0), until: clock(21, 0), edges_by_text: false, by_consent: false };
    let everywhere = |hours: &Hours| now.zones.iter().any(|tz| shut(now, hours, *tz));
    if consumer(now) && medium != Medium::Mail {
        // 209 CMR 18.16(1)(a): "after 8:00 and before 21:00 at consumer's location".
        let massachusetts = Hours { edges_by_text: true, by_consent: true, ..plain };
        // C.R.S. 5-16-105(1)(a): the like; nothing was read of consent.
        let colorado = Hours { edges_by_text: true, ..plain };
        // Fla. Stat. 559.72(17): "without consent"; e-mails excluded since 2025-05-16.
        let florida = Hours { by_consent: true, ..plain };
        let email = medium == Medium::Email && now.home >= on(2025, 5, 16);
        let shut = (reaches(now, "MA") && everywhere(&massachusetts))
            || (reaches(now, "CO") && everywhere(&colorado))
            || (reaches(now, "FL") && !email && everywhere(&florida))
            || (reaches(now, "WV") && everywhere(&plain));
        if shut {
            said.deny("state_hours");
        }
    }
    if reaches(now, "WA") {
        washington(now, Hours { from: clock(7, 30), ..plain }, said);
    }
    // 28-3814(k): "no telephone or text", Eastern time wherever the consumer is.
    let telephone = matches!(medium, Medium::Call | Medium::Text);
    let district = reaches(now, "DC") && now.home >= on(2023, 1, 1);
    if district && telephone && district_debts(now).next().is_some() && shut(now, &plain, EASTERN) {
        said.deny("state_hours");
    }
    // 940 CMR 7.05(3)(e): members of the household, Eastern time.
    let member = matches!(now.proposed.recipient, Recipient::Spouse | Recipient::ThirdParty);
    let called = reaches(now, "MA") && consumer(now) && member && medium == Medium::Call;
    if called && shut(now, &plain, EASTERN) {
        said.deny("state_household");
    }
}

/// RCW 19.16.250: "not at home before 7:30 or after 21:00", people, on any claim. In which zone a number is
/// taken to be is not known: every zone, and where none is known it is held.
fn washington(now: &Now<'_>, hours: Hours, said: &mut Said) {
    let at_work = super::work::at_work(now, now.proposed.point) == Some(true);
    let timed = now.proposed.medium != Medium::Mail;
    if !now.human() || now.professional() || at_work || !timed {
        return;
    }
    if now.unknown || now.zones.is_empty() {
        said.hold("state_hours");
    }
    if now.zones.iter().any(|tz| shut(now, &hours, *tz)) {
        said.deny("state_hours");
    }
}
