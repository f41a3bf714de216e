//! The media of the law: wider than the channels on which Duly itself sends.

use std::fmt;

use duly_domain::Channel;
use serde::{Deserialize, Serialize};

/// Through what a person is, or was, contacted. 12 CFR 1006.2(b): "any medium".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A telephone call, whatever starts it: [`crate::DialMode`].
    Call,
    /// A text message.
    Text,
    /// An e-mail.
    Email,
    /// A letter by post.
    Mail,
    /// A message in a portal or application of the agency.
    Portal,
    /// A private message on a social network.
    Social,
    /// A message on a social network that the public or the person's contacts can see.
    SocialPublic,
    /// A visit.
    Visit,
}

impl Medium {
    /// Every medium.
    pub const ALL: [Self; 8] = [
        Self::Call,
        Self::Text,
        Self::Email,
        Self::Mail,
        Self::Portal,
        Self::Social,
        Self::SocialPublic,
        Self::Visit,
    ];

    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Text => "text",
            Self::Email => "email",
            Self::Mail => "mail",
            Self::Portal => "portal",
            Self::Social => "social",
            Self::SocialPublic => "social_public",
            Self::Visit => "visit",
        }
    }

    /// Whether rules of time bind it: all but the post, as no text dates a letter to an hour
    /// (12 CFR 1006.6(b)(1)(i); an electronic message by when it is sent, comment 6(b)(1)(i)-1).
    pub const fn has_hours(self) -> bool {
        !matches!(self, Self::Mail)
    }

    /// Whether it is electronic. 12 CFR 1006.6(e): "to a specific email address, telephone number for text
    /// messages, or other electronic-medium address".
    pub const fn is_electronic(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Portal | Self::Social | Self::SocialPublic)
    }
}

impl From<Channel> for Medium {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Call => Self::Call,
            Channel::Text => Self::Text,
            Channel::Email => Self::Email,
            Channel::Mail => Self::Mail,
        }
    }
}

impl fmt::Display for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
