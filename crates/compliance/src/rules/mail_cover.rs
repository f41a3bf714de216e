//! 12 CFR 1006.22(f)(1), (2): no postcard, and nothing on the envelope but the agency's address, and its name
//! where that does not tell of debt collection. What helps the post along may stand there: the addressee,
//! the postage, a barcode, "forwarding and address correction requested" (comment 22(f)(2)-1).

use super::{Case, Findings, Regime};
use crate::blocked::{Ground, Required};
use crate::medium::Medium;

static POSTCARD: Ground = Ground::law("no_postcard", "12 CFR 1006.22(f)(1)");
static ENVELOPE: Ground = Ground::law("plain_envelope", "12 CFR 1006.22(f)(2)");

/// Something that stands on an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoverItem {
    /// The addressee's name and address.
    Addressee,
    /// The agency's address.
    AgencyAddress,
    /// The agency's name, which does not tell of debt collection.
    PlainName,
    /// A name of the agency that does.
    TellingName,
    /// What helps the post: postage, barcode, "forwarding and address correction requested".
    Postal,
    /// Any other words or symbols.
    Other,
}

impl CoverItem {
    /// Whether it may stand there. 12 CFR 1006.22(f)(2), comment 22(f)(2)-1.
    pub const fn may_stand(self) -> bool {
        match self {
            Self::Addressee | Self::AgencyAddress | Self::PlainName | Self::Postal => true,
            Self::TellingName | Self::Other => false,
        }
    }
}

/// Consumer debts, whoever is written to.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.medium == Medium::Mail && case.any(Regime::Consumer) {
        out.require(Required::NoPostcard, &POSTCARD);
        out.require(Required::PlainEnvelope, &ENVELOPE);
    }
}

#[cfg(test)]
mod tests {
    use super::CoverItem;
    use crate::medium::Medium;
    use crate::testing::{Scene, ny};

    /// Comment 22(f)(2)-1.
    #[test]
    fn comment_22f2_1_what_helps_the_post_may_stand_on_the_envelope() {
        assert!(CoverItem::Addressee.may_stand() && CoverItem::Postal.may_stand());
        assert!(!CoverItem::TellingName.may_stand() && !CoverItem::Other.may_stand());
    }

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
