//! What is in writing, in time and duplicative: 12 CFR 1006.38 and its comment 38-1, comment 6(c)(1)-1.

use duly_domain::Date;

use crate::facts::DisputeForm;

/// How a dispute, a request or a refusal came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrived {
    /// By post.
    ByPost,
    /// By hand, or by a courier.
    ByHand,
    /// On the form of the validation notice.
    OnTheForm,
    /// By e-mail, portal or another medium through which the agency accepts what consumers write.
    ByAcceptedMedium,
    /// By an electronic medium through which it does not.
    ByOtherMedium,
    /// By word of mouth.
    Spoken,
}

impl Arrived {
    /// Whether it is in writing. Comments 38-1, 6(c)(1)-1.
    pub const fn is_in_writing(self) -> bool {
        match self {
            Self::ByPost | Self::ByHand | Self::OnTheForm | Self::ByAcceptedMedium => true,
            Self::ByOtherMedium | Self::Spoken => false,
        }
    }
}

/// How a dispute came, for the guard: in writing and by the end date that the notice printed. Where no such
/// date is known it is not known either.
pub fn dispute_form(arrived: Arrived, received_on: Date, period_ends: Option<Date>) -> DisputeForm {
    match (arrived.is_in_writing(), period_ends) {
        (false, _) => DisputeForm::Other,
        (true, None) => DisputeForm::Unknown,
        (true, Some(end)) if received_on <= end => DisputeForm::TimelyWritten,
        (true, Some(_)) => DisputeForm::Other,
    }
}

/// A dispute that comes after another about the same debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaterDispute {
    /// How it came.
    pub form: DisputeForm,
    /// Whether it is substantially the same as an earlier one, whatever its words (comment 38(a)(1)-1).
    pub substantially_same: bool,
    /// Whether that one was timely, in writing, and answered with verification or a judgment.
    pub earlier_was_verified: bool,
    /// Whether it brings information that was not given before and is reasonably likely to change the
    /// verification.
    pub new_and_material: bool,
}

impl LaterDispute {
    /// Whether it is duplicative: 12 CFR 1006.38(a)(1) asks for all of it. It pauses collection all the same
    /// until the notice that says so is sent (1006.38(d)(2)(ii)).
    pub fn is_duplicative(self) -> bool {
        self.form == DisputeForm::TimelyWritten
            && self.substantially_same
            && self.earlier_was_verified
            && !self.new_and_material
    }
}

#[cfg(test)]
mod tests;
