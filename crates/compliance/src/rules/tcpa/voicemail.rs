//! Policy: no artificial or prerecorded voice leaves a message about a consumer debt in a mailbox. It must say who
//! calls (47 CFR 64.1200(b), not verified), and whoever shares the mailbox must not learn of the debt
//! (12 CFR 1006.6(d)(1)): both at once cannot be.

use super::super::{Case, Findings, Regime};
use super::automated;
use crate::blocked::{Evidence, Ground};
use crate::proposed::DialMode;
use crate::span::Span;

static GROUND: Ground = Ground::policy("tcpa_voicemail", "policy tcpa.voicemail");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let mailbox = match automated(case) {
        Some(DialMode::Ringless) => true,
        Some(DialMode::Prerecorded) => case.proposed.limited_content,
        Some(DialMode::Manual | DialMode::ListDialer | DialMode::TextPlatform) | None => false,
    };
    if mailbox && case.any(Regime::Consumer) {
        let fact =
            "a recorded voice leaves no messages: it must say who calls, and others may hear it";
        out.deny(Span::ALWAYS, &GROUND, Evidence::Known { fact, since: None });
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use crate::proposed::DialMode;
    use crate::testing::{Scene, ny};

    #[test]
    fn a_recorded_voice_leaves_no_message_about_a_consumer_debt() {
        let says = Some((Effect::Deny, Force::Policy, "policy tcpa.voicemail"));
        for (mode, limited, said) in [
            (DialMode::Ringless, false, says),
            (DialMode::Prerecorded, true, says),
            (DialMode::Prerecorded, false, None),
            (DialMode::ListDialer, true, None),
            (DialMode::Manual, true, None),
        ] {
            let mut scene = Scene::consumer();
            scene.proposed.dial_mode = Some(mode);
            scene.proposed.limited_content = limited;
            assert_eq!(scene.says("tcpa_voicemail", ny("2026-06-17T12:00")), said, "{mode:?}");
            let mut scene = Scene::business();
            scene.proposed.dial_mode = Some(mode);
            assert_eq!(scene.says("tcpa_voicemail", ny("2026-06-17T12:00")), None);
        }
    }
}
