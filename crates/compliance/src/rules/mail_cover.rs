//! 12 CFR 1006.22(f)(1), (2): no postcard, and nothing on the envelope but the agency's address, and its name
//! where that does not tell of debt collection. What helps the post along may stand there: the addressee,
//! the postage, a barcode, "forwarding and address correction requested" (comment 22(f)(2)-1).

use super::{Case, Findings, Regime};
use crate::blocked::{Ground, Required};
use crate::medium::Medium;

static POSTCARD: Ground = Ground::law("no_postcard", "12 CFR 1006.22(f)(1)");
static ENVELOPE: Ground = Ground::law("plain_envelope", "12 CFR 1006.22(f)(2)");

/// Consumer debts, whoever is written to.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.medium == Medium::Mail && case.any(Regime::Consumer) {
        out.require(Required::NoPostcard, &POSTCARD);
        out.require(Required::PlainEnvelope, &ENVELOPE);
    }
}

#[cfg(test)]
mod tests {
    use crate::medium::Medium;
    use crate::testing::{Scene, ny};

    #[test]
    fn a_letter_to_a_consumer_goes_in_a_plain_envelope_and_other_media_have_none() {
        let both = ["no_postcard", "plain_envelope"];
        let requires = |scene: &Scene| {
            let all = scene.requires(ny("2026-06-01T10:00"));
            both.map(|code| all.contains(&code))
        };
        assert_eq!(requires(&Scene::consumer().by(Medium::Mail)), [true, true]);
        assert_eq!(requires(&Scene::consumer().by(Medium::Email)), [false, false]);
        assert_eq!(requires(&Scene::business().by(Medium::Mail)), [false, false]);
    }
}
