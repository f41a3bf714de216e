use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::testing::{Scene, ny};

const LAW: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "Fla. Stat. 559.72(17)"));

/// SB 232: e-mails are left out since 16 May 2025.
#[test]
fn emails_have_hours_until_2025_05_15_and_none_since() {
    let miami = Scene::consumer().living_in("FL", None);
    for (medium, at, says) in [
        (Medium::Email, "2025-05-14T22:00", LAW),
        (Medium::Email, "2025-05-16T22:00", None),
        (Medium::Text, "2025-05-14T22:00", LAW),
        (Medium::Text, "2025-05-16T22:00", LAW),
        (Medium::Call, "2026-06-16T07:59:59", LAW),
        (Medium::Call, "2026-06-16T12:00", None),
        (Medium::Mail, "2026-06-16T22:00", None),
    ] {
        assert_eq!(miami.clone().by(medium).says("state_hours", ny(at)), says, "{medium} {at}");
    }
}

#[test]
fn part_1006_still_shuts_the_night_to_emails() {
    let miami = Scene::consumer().living_in("FL", None).by(Medium::Email);
    assert!(!miami.allows(ny("2026-06-16T22:00")));
}
