//! What conveys information about a debt, and what begins the duties of the first time: 12 CFR 1006.2(b),
//! 1006.2(d), 1006.34(b)(2).

/// What a contact conveys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Information about a debt: that there is one, that it should be paid.
    AboutDebt,
    /// A limited-content message and nothing else.
    LimitedContent,
    /// Nothing about a specific debt, as an advertisement. Comment 2(d)-2.
    NoSpecificDebt,
    /// A formal pleading in a civil action, a proof of claim in bankruptcy included.
    FormalPleading,
    /// A notice in the form that tax, privacy or data-breach law asks for.
    TaxOrPrivacyNotice,
    /// Nothing: nobody was reached and nothing was left.
    Nothing,
}

impl Content {
    /// Whether it is a communication: it conveys information about a debt to anybody. 1006.2(d).
    pub const fn is_communication(self) -> bool {
        match self {
            Self::AboutDebt | Self::FormalPleading | Self::TaxOrPrivacyNotice => true,
            Self::LimitedContent | Self::NoSpecificDebt | Self::Nothing => false,
        }
    }

    /// Whether it tries to communicate: an act to begin a contact about a debt, whether or not the person
    /// is reached. 1006.2(b), comment 2(b)-1.
    pub const fn is_attempt(self) -> bool {
        !matches!(self, Self::NoSpecificDebt)
    }

    /// Whether it can be the initial communication, with which the five days of 1006.34(a)(1)(i)(B) and the
    /// first disclosure of 1006.18(e)(1) begin: whoever began the contact (comment 18(e)(1)-1).
    /// 1006.34(b)(2) leaves out pleadings and certain notices.
    pub const fn is_initial(self) -> bool {
        matches!(self, Self::AboutDebt)
    }
}

#[cfg(test)]
mod tests;
