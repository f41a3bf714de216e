//! Social networks. 12 CFR 1006.22(f)(4): nothing that the general public or the person's contacts can see.
//! 12 CFR 1006.18(d), comment 18(d)-1.i: a private request or message tells that it comes from a debt
//! collector. A private message is else like any other (comment 22(f)(4)-1).

use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground, Required};
use crate::medium::Medium;
use crate::span::Span;

static PUBLIC: Ground = Ground::law("social_public", "12 CFR 1006.22(f)(4)");
static PRIVATE: Ground = Ground::law("social_private", "12 CFR 1006.18(d)");

/// Consumer debts. Whoever is addressed: "a person".
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if !case.any(Regime::Consumer) {
        return;
    }
    match case.proposed.medium {
        Medium::SocialPublic => {
            let fact = "the public or the person's contacts could see it";
            out.deny(Span::ALWAYS, &PUBLIC, Evidence::Known { fact, since: None });
        }
        // Somebody who is asked for location information learns of no debt (1006.10(b)(1)).
        Medium::Social if case.proposed.recipient.is_consumer() => {
            out.require(Required::FromDebtCollector, &PRIVATE);
        }
        Medium::Social
        | Medium::Call
        | Medium::Text
        | Medium::Email
        | Medium::Mail
        | Medium::Portal
        | Medium::Visit => {}
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use crate::medium::Medium;
    use crate::proposed::Recipient;
    use crate::testing::{Scene, ny};

    const AT: &str = "2026-06-01T10:00";

    /// Comment 22(f)(4)-1.
    #[test]
    fn comment_22f4_1_what_others_can_see_is_barred_and_a_private_message_is_not() {
        let scene = Scene::consumer();
        let law = (Effect::Deny, Force::Law, "12 CFR 1006.22(f)(4)");
        let public = scene.clone().by(Medium::SocialPublic);
        assert_eq!(public.says("social_public", ny(AT)), Some(law));
        assert!(scene.by(Medium::Social).allows(ny(AT)));
    }

    /// Comment 18(d)-1.i: the request tells who asks.
    #[test]
    fn comment_18d_1_i_a_private_contact_request_tells_of_the_debt_collector() {
        let mut scene = Scene::consumer().by(Medium::Social);
        assert!(scene.requires(ny(AT)).contains(&"from_debt_collector"));
        scene.proposed.recipient = Recipient::ThirdParty;
        assert!(!scene.requires(ny(AT)).contains(&"from_debt_collector"));
    }
}
