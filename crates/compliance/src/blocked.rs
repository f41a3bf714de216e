//! What rules say: blocked time, its grounds and its evidence. Text is built on demand.

use std::borrow::Cow;

use chrono::NaiveTime;
use duly_domain::{AccountId, Date, Effect, Force, Instant, StopKind, Zone};
use serde::{Deserialize, Serialize};

use crate::facts::AccountState;
use crate::medium::Medium;
use crate::span::Span;

/// What a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Stable name of the rule, `local_hours`.
    pub rule: &'static str,
    /// The citation, or `policy` and the policy's name.
    pub authority: &'static str,
    /// Whether it is law, policy or not verified.
    pub force: Force,
}

impl Ground {
    /// A ground in law; the authority is a citation.
    pub const fn law(rule: &'static str, authority: &'static str) -> Self {
        Self { rule, authority, force: Force::Law }
    }

    /// A ground in policy; the authority names the policy and cites nothing.
    pub const fn policy(rule: &'static str, authority: &'static str) -> Self {
        Self { rule, authority, force: Force::Policy }
    }

    /// A ground that nobody has verified; the authority is `unverified` and a name by which a compliance
    /// user rules it in or out ([`crate::Limits::ruled_out`]). It cites nothing and holds.
    pub const fn unverified(rule: &'static str, authority: &'static str) -> Self {
        Self { rule, authority, force: Force::Unverified }
    }

    /// What such a ground does: it denies, unless nobody has verified it.
    pub const fn effect(&self) -> Effect {
        match self.force {
            Force::Law | Force::Policy => Effect::Deny,
            Force::Unverified => Effect::Hold,
        }
    }
}

/// One stretch in which the attempt is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocked {
    /// When. May reach beyond the span that was asked about.
    pub span: Span,
    /// Denied, or held until a fact is known.
    pub effect: Effect,
    /// By which rule and authority.
    pub ground: &'static Ground,
    /// Which facts.
    pub evidence: Evidence,
}

impl Blocked {
    /// The reason with its sentence, as it is stored and shown.
    pub fn reason(&self) -> Reason {
        Reason {
            rule: Cow::Borrowed(self.ground.rule),
            authority: Cow::Borrowed(self.ground.authority),
            force: self.ground.force,
            effect: self.effect,
            sentence: self.evidence.sentence(),
            until: (self.span.until < Instant::MAX_UTC).then_some(self.span.until),
        }
    }
}

/// One reason why an attempt is not allowed, in the form that is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name of the rule.
    pub rule: Cow<'static, str>,
    /// The citation or the policy's name.
    pub authority: Cow<'static, str>,
    /// What it rests on.
    pub force: Force,
    /// What it does.
    pub effect: Effect,
    /// In plain words; names no person.
    pub sentence: String,
    /// When this reason ends; `None`: by a fact only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// The facts behind a blocked stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Outside the hours of the law in a zone where the person may be.
    LocalHours(Zone),
    /// Outside the hours of a state; a clause: "between 7:30 in the morning and 9:00 in the evening".
    PlaceHours(&'static str),
    /// Nothing tells where the person is.
    NoZone,
    /// A number or address of the person is in no known zone.
    UnknownZone,
    /// Outside the agency's hours.
    AgencyHours {
        /// The agency's zone.
        zone: Zone,
        /// Opens.
        from: NaiveTime,
        /// Closes.
        until: NaiveTime,
    },
    /// So many counted calls stand in seven days.
    Calls {
        /// About this account.
        account: AccountId,
        /// How many.
        count: usize,
        /// The person's day of the oldest of them.
        since: Date,
    },
    /// A conversation took place.
    Conversation {
        /// About this account.
        account: AccountId,
        /// On this day of the person.
        on: Date,
    },
    /// A stop stands.
    Stop {
        /// Why.
        kind: StopKind,
        /// Since this day of the agency.
        since: Date,
    },
    /// An opt-out stands.
    OptOut {
        /// The medium; `None`: all.
        medium: Option<Medium>,
        /// Whether it names one number or address.
        one_point: bool,
        /// Since this day of the agency.
        since: Date,
    },
    /// A dispute is open.
    Dispute {
        /// Since this day of the agency.
        since: Date,
        /// Whether it is known how it came.
        form_known: bool,
    },
    /// The account may not be worked.
    Account(AccountState),
    /// A fact of its own kind stands.
    Known {
        /// The fact, a clause without a full stop: "the employer forbids contact at work".
        fact: &'static str,
        /// Since this day of the agency; `None`: no day tells.
        since: Option<Date>,
    },
    /// So many of something that is limited stand.
    TooMany {
        /// Of what, in the plural: "attempts by call, text and e-mail about this debt in seven days".
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// What the agency allows itself of attempts to one person is used up. The same words whoever's
    /// account the earlier attempts were about: no client learns of another.
    Budget {
        /// In which time: "on one day".
        within: &'static str,
    },
    /// A fact that the rule turns on is not known.
    Missing(&'static str),
    /// The account, or the party on it, is not known.
    UnknownAccount,
    /// No number or address for this medium is known.
    NoPoint,
    /// The number or address is known to be bad.
    BadPoint,
    /// The instant lies outside the span that was evaluated, or no version of a rule pack is in force.
    NotEvaluated,
}

/// What kind of fact stands against an attempt that was permitted before it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// An instruction or a status of the person.
    Stop,
    /// A dispute.
    Dispute,
    /// Where the account stands.
    Account,
}

impl Evidence {
    /// What kind of fact this is, where it is one that crosses what was permitted before.
    pub fn against(&self) -> Option<Against> {
        match self {
            Self::Stop { .. } | Self::OptOut { .. } | Self::Known { .. } => Some(Against::Stop),
            Self::Dispute { .. } => Some(Against::Dispute),
            Self::Account(_) | Self::UnknownAccount => Some(Against::Account),
            Self::LocalHours(_)
            | Self::PlaceHours(_)
            | Self::NoZone
            | Self::UnknownZone
            | Self::AgencyHours { .. }
            | Self::Calls { .. }
            | Self::Conversation { .. }
            | Self::TooMany { .. }
            | Self::Budget { .. }
            | Self::Missing(_)
            | Self::NoPoint
            | Self::BadPoint
            | Self::NotEvaluated => None,
        }
    }

    /// The sentence for people. It names no person, no number and no client.
    pub fn sentence(&self) -> String {
        match *self {
            Self::LocalHours(zone) => format!(
                "it is not between 8:00 in the morning and 9:00 in the evening in {zone}, where the \
                 person may be"
            ),
            Self::PlaceHours(hours) => format!("it is not {hours}"),
            Self::NoZone => {
                "no number or address tells in which time zone the person is".to_owned()
            }
            Self::UnknownZone => {
                "a number or address of the person is in no known time zone".to_owned()
            }
            Self::AgencyHours { zone, from, until } => format!(
                "the agency calls and texts on its working days from {} to {} ({zone})",
                from.format("%H:%M"),
                until.format("%H:%M")
            ),
            Self::Calls { count, since, .. } => format!(
                "{count} calls about this debt stand in the seven days that began on {since}; one more is \
                 presumed too many"
            ),
            Self::Conversation { on, .. } => format!(
                "the person was spoken to about this debt on {on}; a call on that day or the six after it \
                 is presumed too soon"
            ),
            Self::Stop { kind, since } => {
                let what = match kind {
                    StopKind::Attorney => "an attorney represents the person",
                    StopKind::Cease => "the person asked in writing that contact cease",
                    StopKind::Bankruptcy => "the person is in bankruptcy",
                    StopKind::Deceased => "the person has died",
                    StopKind::Military => "the person is in military service",
                    StopKind::OptOut => "the person does not want to be reached this way",
                };
                format!("{what} (known since {since})")
            }
            Self::OptOut { medium, one_point, since } => {
                let what = match (one_point, medium) {
                    (true, _) => "through this number or address".to_owned(),
                    (false, Some(medium)) => format!("by {medium}"),
                    (false, None) => "at all".to_owned(),
                };
                format!("the person asked on {since} not to be reached {what}")
            }
            Self::Dispute { since, form_known: true } => {
                format!("the debt is disputed since {since}")
            }
            Self::Dispute { since, form_known: false } => format!(
                "the debt is disputed since {since}, and it is not known whether in writing and in time"
            ),
            Self::Account(state) => match state {
                AccountState::Workable => "the account may be worked",
                AccountState::Recalled => "the client took the account back",
                AccountState::Closed => "the account is closed",
                AccountState::Settled => "the account is paid or settled",
                AccountState::NoBalance => "nothing is owed on the account",
                AccountState::Held => "the client asked that the account not be worked for now",
                AccountState::Complained => "a regulator's complaint about the account is open",
            }
            .to_owned(),
            Self::Known { fact, since: None } => fact.to_owned(),
            Self::Known { fact, since: Some(since) } => format!("{fact} (known since {since})"),
            Self::TooMany { what, count } => format!("{count} {what} stand; one more is too many"),
            Self::Budget { within } => {
                format!("the agency reaches one person only so often {within}")
            }
            Self::Missing(what) => format!("it is not known {what}"),
            Self::UnknownAccount => {
                "the account, or this party's liability on it, is not known".to_owned()
            }
            Self::NoPoint => "no number or address for this medium is known".to_owned(),
            Self::BadPoint => {
                "the number or address is known to be wrong or undeliverable".to_owned()
            }
            Self::NotEvaluated => "the rules of this instant were not evaluated".to_owned(),
        }
    }
}

/// What the content of an attempt must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Required {
    /// That the sender attempts to collect a debt and that any information obtained will be used for
    /// that purpose. 12 CFR 1006.18(e)(1).
    MiniMiranda,
    /// That the communication is from a debt collector. 12 CFR 1006.18(e)(2).
    FromDebtCollector,
    /// That disclosure in the language of the rest, complete and accurate. 12 CFR 1006.18(e)(4).
    DisclosureLanguage,
    /// The items of a limited-content message and nothing else. 12 CFR 1006.2(j).
    LimitedContent,
    /// A reasonable and simple way to opt out of messages to this address. 12 CFR 1006.6(e).
    OptOutLine,
    /// Nothing but that the opt-out will be honoured. 12 CFR 1006.14(h)(2)(i); 47 CFR 64.1200(a)(12).
    ConfirmationOnly,
    /// The name of the individual who asks, and that location information is confirmed or corrected.
    /// 12 CFR 1006.10(b)(1).
    IdentifyIndividual,
    /// No statement that the consumer owes a debt. 12 CFR 1006.10(b)(2).
    NoDebtStatement,
    /// The name of the employer only where it is expressly asked for. 12 CFR 1006.10(b)(1).
    EmployerOnlyIfAsked,
    /// No postcard. 12 CFR 1006.22(f)(1), 1006.10(b)(3).
    NoPostcard,
    /// Nothing on the envelope that tells of debt collection. 12 CFR 1006.22(f)(2), 1006.10(b)(4).
    PlainEnvelope,
    /// Who calls, at the start, and a telephone number. 47 CFR 64.1200(b).
    CallerIdentity,
    /// A way to opt out of further artificial or prerecorded calls. 47 CFR 64.1200(a)(3), (b).
    CallOptOut,
    /// That the debt is disputed. 12 CFR 1006.18(c)(2).
    ReportDisputed,
    /// A court where the contract was signed or the consumer resides, or where the land lies.
    /// 12 CFR 1006.30(d).
    Venue,
    /// A check, and before a default judgment an affidavit, of military status. 50 USC 3931(b).
    MilitaryStatus,
    /// A text that a state or a city asks for, by its code: `ny_1`. Where the code ends in a condition,
    /// `ca_4_if_time_barred`, whoever writes the letter decides whether it is met. [`crate::rules::states::texts`]
    /// has the list; the words are in the letters.
    StateText(&'static str),
}

impl Required {
    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MiniMiranda => "mini_miranda",
            Self::FromDebtCollector => "from_debt_collector",
            Self::DisclosureLanguage => "disclosure_language",
            Self::LimitedContent => "limited_content",
            Self::OptOutLine => "opt_out_line",
            Self::ConfirmationOnly => "confirmation_only",
            Self::IdentifyIndividual => "identify_individual",
            Self::NoDebtStatement => "no_debt_statement",
            Self::EmployerOnlyIfAsked => "employer_only_if_asked",
            Self::NoPostcard => "no_postcard",
            Self::PlainEnvelope => "plain_envelope",
            Self::CallerIdentity => "caller_identity",
            Self::CallOptOut => "call_opt_out",
            Self::ReportDisputed => "report_disputed",
            Self::Venue => "venue",
            Self::MilitaryStatus => "military_status",
            Self::StateText(code) => code,
        }
    }
}

/// One thing that the content must carry, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// What.
    pub what: Required,
    /// By which rule and authority.
    pub ground: &'static Ground,
}
