//! Whether a voicemail is a limited-content message: 12 CFR 1006.2(j). It conveys nothing about a debt, so it
//! is no communication, and carries no disclosure; it is an attempt to communicate all the same.

/// One thing that a voicemail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageItem {
    /// A business name that does not indicate that the business collects debts. Required: (j)(1)(i).
    BusinessName,
    /// That the consumer reply. Required: (j)(1)(ii).
    RequestToReply,
    /// The name of one or more natural persons to contact. Required: (j)(1)(iii).
    ContactName,
    /// A telephone number to reply to. Required: (j)(1)(iv).
    CallbackNumber,
    /// A salutation. Optional: (j)(2).
    Salutation,
    /// Date and time of the message. Optional: (j)(2).
    DateAndTime,
    /// Dates and times for a reply. Optional: (j)(2).
    ReplyTimes,
    /// That the consumer may speak to any of the company's representatives or associates. Optional: (j)(2).
    AnyRepresentative,
    /// A business name that indicates debt collection: no item of either list.
    TellingBusinessName,
    /// Anything else.
    Other,
}

impl MessageItem {
    /// What a limited-content message must hold.
    pub const REQUIRED: [Self; 4] =
        [Self::BusinessName, Self::RequestToReply, Self::ContactName, Self::CallbackNumber];

    /// Whether a limited-content message may hold it.
    pub const fn may_stand(self) -> bool {
        match self {
            Self::BusinessName
            | Self::RequestToReply
            | Self::ContactName
            | Self::CallbackNumber
            | Self::Salutation
            | Self::DateAndTime
            | Self::ReplyTimes
            | Self::AnyRepresentative => true,
            Self::TellingBusinessName | Self::Other => false,
        }
    }
}

/// For whom a voicemail is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeftFor {
    /// The consumer.
    Consumer,
    /// Somebody else, and the agency knows it.
    KnownThirdParty,
}

/// Whether a voicemail that says just this is a limited-content message: every required item, no item
/// beyond the optional ones (comment 2(j)-1), and not knowingly left for a third party (comment 2(j)-2).
pub fn limited_content(items: &[MessageItem], left_for: LeftFor) -> bool {
    left_for == LeftFor::Consumer
        && MessageItem::REQUIRED.iter().all(|item| items.contains(item))
        && items.iter().all(|item| item.may_stand())
}

#[cfg(test)]
mod tests;
