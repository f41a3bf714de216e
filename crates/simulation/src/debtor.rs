//! One liable party of one account: who it is, and what it does once it was reached.

use duly_domain::{Channel, Currency, DebtClass, DebtorKind, DisputeReason, HitKind, ReturnReason};

use crate::{
    dice::Dice,
    pay::{self, Payment, Promise},
    rates::{
        ACTS_AT_MAX, BANKRUPT, BUSINESS_ATTITUDES, CONSUMER_ATTITUDES, DECEASED, EMAIL_BOUNCES,
        HAS_VOICEMAIL, LINE_DEAD, LINE_OF_SOMEBODY_ELSE, MILITARY, MOVED, OPTS_OUT_OF_CALLS,
        OPTS_OUT_OF_EMAIL, PAYS_AFTER_ANSWER, SCRUB_FINDS,
    },
};

/// Names a liable party by the creditor's own references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key<'a> {
    /// The creditor's short name.
    pub client_ref: &'a str,
    /// Its reference of the account.
    pub account_ref: &'a str,
    /// 0 for the principal debtor.
    pub position: u32,
}

/// Where money comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoneyModel {
    /// Debtors pay as the model says.
    Invented,
    /// Payments are on record elsewhere: no debtor pays, promises or is credited anything.
    Recorded,
}

/// What a debtor does once reached often enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attitude {
    /// Pays all at once.
    PaysInFull,
    /// Pays a part, and perhaps another.
    PaysInPart,
    /// Promises and keeps it.
    PromisesAndKeeps,
    /// Promises, and the money does not come or not in full.
    PromisesAndBreaks,
    /// Contests one invoice.
    DisputesItem,
    /// Contests all of it.
    DisputesAll,
    /// Pays the creditor and not the agency.
    PaysCreditor,
    /// Has an attorney write.
    HiresAttorney,
    /// Asks in writing to be left alone.
    Ceases,
    /// Pays all at once upon the first demand. Never drawn: see [`Debtor::followed`].
    PaysOnDemand,
    /// Does nothing.
    Ignores,
}

/// Whose telephone number the creditor gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// The debtor's.
    Own,
    /// Somebody else's.
    SomebodyElses,
    /// Nobody's any more.
    Dead,
}

/// What does not change about a debtor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// What it does once reached often enough.
    pub attitude: Attitude,
    /// The contact, from 1, at which it does.
    pub acts_at: u32,
    /// Whose number the creditor gave.
    pub line: Line,
    /// First and last local hour of the best time to call.
    pub best_hours: (u32, u32),
    /// Whether a message can be left.
    pub has_voicemail: bool,
    /// Whether it lives elsewhere than the creditor says.
    pub moved: bool,
    /// Whether the e-mail address that the creditor gave is no more.
    pub email_bounces: bool,
    /// Wants no more calls once reached by one.
    pub opts_out_of_calls: bool,
    /// Wants no more e-mails once one came.
    pub opts_out_of_email: bool,
    /// Went bankrupt, died or serves.
    pub blocked_by: Option<HitKind>,
    /// Whether a scrub finds that.
    pub scrub_finds: bool,
}

/// What a debtor contests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of it.
    Whole,
    /// One item: this one of them, counted from 0 and around.
    Item(u32),
}

/// Something that a debtor does, or that happens to a letter to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Pays.
    Pays(Payment),
    /// Promises.
    Promises(Promise),
    /// Contests.
    Disputes {
        /// Why.
        reason: DisputeReason,
        /// What.
        scope: Scope,
    },
    /// An attorney writes that he represents the debtor.
    HiresAttorney,
    /// Writes that contact shall end.
    Ceases,
    /// Wants no more of this medium.
    OptsOut(Channel),
    /// It comes out that the debtor went bankrupt, died or serves.
    TurnsOut(HitKind),
    /// The letter comes back.
    SendsBack(ReturnReason),
}

/// An act and how many days after its cause it happens; 0 is at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reaction {
    /// Days.
    pub after_days: u32,
    /// What happens.
    pub act: Act,
}

impl Reaction {
    pub(crate) fn at_once(act: Act) -> Self {
        Self { after_days: 0, act }
    }
}

/// A liable party as the model has it: its traits, and what it has heard so far.
#[derive(Debug, Clone)]
pub struct Debtor {
    seed: u64,
    client_ref: String,
    account_ref: String,
    position: u32,
    pub(crate) traits: Traits,
    /// Letters that arrived and conversations.
    heard: u32,
    pub(crate) calls: u32,
    pub(crate) letters: u32,
    /// Whether a trace found where it lives now.
    pub(crate) address_found: bool,
    pub(crate) opted_out: bool,
    done: bool,
}

impl Debtor {
    /// The debtor of this name under this seed.
    #[must_use]
    pub fn of(
        seed: u64,
        key: Key<'_>,
        class: DebtClass,
        kind: DebtorKind,
        money: MoneyModel,
    ) -> Self {
        let mut debtor = Self {
            seed,
            client_ref: key.client_ref.to_owned(),
            account_ref: key.account_ref.to_owned(),
            position: key.position,
            traits: Traits {
                attitude: Attitude::Ignores,
                acts_at: 1,
                line: Line::Own,
                best_hours: (0, 23),
                has_voicemail: false,
                moved: false,
                email_bounces: false,
                opts_out_of_calls: false,
                opts_out_of_email: false,
                blocked_by: None,
                scrub_finds: false,
            },
            heard: 0,
            calls: 0,
            letters: 0,
            address_found: false,
            opted_out: false,
            done: false,
        };
        debtor.traits = debtor.draw(class, kind, money);
        debtor
    }

    /// The same debtor as one whose story is told to its end: the first demand reaches it, and it pays all
    /// of it, and on time. This is not drawn, whoever runs the model says whom it follows.
    #[must_use]
    pub fn followed(mut self) -> Self {
        self.traits = Traits {
            attitude: Attitude::PaysOnDemand,
            acts_at: 1,
            line: Line::Own,
            moved: false,
            email_bounces: false,
            opts_out_of_calls: false,
            opts_out_of_email: false,
            blocked_by: None,
            ..self.traits
        };
        self
    }

    /// What does not change about it.
    #[must_use]
    pub fn traits(&self) -> &Traits {
        &self.traits
    }

    fn draw(&self, class: DebtClass, kind: DebtorKind, money: MoneyModel) -> Traits {
        let attitudes = match class {
            DebtClass::Commercial => BUSINESS_ATTITUDES,
            DebtClass::Consumer => CONSUMER_ATTITUDES,
        };
        let attitude = self.dice("attitude", 0).mix(attitudes).unwrap_or(Attitude::Ignores);
        let person = kind == DebtorKind::Person;
        let blocks = [
            (BANKRUPT, HitKind::Bankruptcy),
            (if person { DECEASED } else { 0 }, HitKind::Deceased),
            (if person { MILITARY } else { 0 }, HitKind::Military),
        ];
        let lines = [(LINE_OF_SOMEBODY_ELSE, Line::SomebodyElses), (LINE_DEAD, Line::Dead)];
        let best = if person {
            [(9, 11), (12, 14), (16, 18), (17, 20)]
        } else {
            [(9, 11), (10, 13), (13, 15), (14, 17)]
        };
        let is = |what, rate| self.dice(what, 0).per_mille(rate);
        Traits {
            attitude: match money {
                MoneyModel::Invented => attitude,
                MoneyModel::Recorded => without_money(attitude),
            },
            acts_at: self.dice("acts at", 0).between(1, ACTS_AT_MAX),
            line: self.dice("line", 0).mix(&lines).unwrap_or(Line::Own),
            best_hours: *self.dice("hours", 0).pick(&best),
            has_voicemail: is("voicemail", HAS_VOICEMAIL),
            moved: is("moved", MOVED),
            email_bounces: is("bounces", EMAIL_BOUNCES),
            opts_out_of_calls: is("no calls", OPTS_OUT_OF_CALLS),
            opts_out_of_email: is("no e-mails", OPTS_OUT_OF_EMAIL),
            blocked_by: self.dice("blocked", 0).mix(&blocks),
            scrub_finds: is("scrub", SCRUB_FINDS),
        }
    }

    /// Draws of its own about the `number`-th of something.
    pub(crate) fn dice(&self, about: &str, number: u32) -> Dice {
        let (position, number) = (self.position.to_be_bytes(), number.to_be_bytes());
        let names = [
            self.client_ref.as_bytes(),
            self.account_ref.as_bytes(),
            &position,
            about.as_bytes(),
            &number,
        ];
        Dice::of(self.seed, names)
    }

    /// It was written or spoken to: what it does upon that, counted from that day.
    pub(crate) fn hears(&mut self) -> Vec<Reaction> {
        self.heard += 1;
        if let Some(hit) = self.traits.blocked_by {
            // Who is reached says so, once.
            let first = self.heard == 1;
            return Vec::from_iter(first.then_some(Reaction::at_once(Act::TurnsOut(hit))));
        }
        if self.done || self.heard < self.traits.acts_at {
            return Vec::new();
        }
        let mut dice = self.dice("acts", self.heard);
        let later = |dice: &mut Dice| dice.between(1, 9);
        let again = self.heard == self.traits.acts_at + 2;
        let first = self.heard == self.traits.acts_at;
        let (after_days, act) = match self.traits.attitude {
            Attitude::PaysInFull if first => {
                (later(&mut dice), Act::Pays(pay::to_agency(&mut dice, 100)))
            }
            Attitude::PaysInPart if first => {
                let percent = dice.between(20, 60);
                (later(&mut dice), Act::Pays(pay::to_agency(&mut dice, percent)))
            }
            Attitude::PaysInPart if again && dice.per_mille(PAYS_AFTER_ANSWER) => {
                (later(&mut dice), Act::Pays(pay::to_agency(&mut dice, 100)))
            }
            Attitude::PromisesAndKeeps if first => {
                (0, Act::Promises(pay::promise(&mut dice, true)))
            }
            Attitude::PromisesAndBreaks if first || again => {
                (0, Act::Promises(pay::promise(&mut dice, false)))
            }
            Attitude::DisputesItem if first => {
                let reason = *dice.pick(&ITEM_REASONS);
                (dice.between(0, 4), Act::Disputes { reason, scope: Scope::Item(dice.below(40)) })
            }
            Attitude::DisputesAll if first => {
                let reason = *dice.pick(&WHOLE_REASONS);
                (dice.between(0, 6), Act::Disputes { reason, scope: Scope::Whole })
            }
            Attitude::PaysCreditor if first => {
                (later(&mut dice), Act::Pays(pay::to_creditor(&mut dice)))
            }
            Attitude::HiresAttorney if first => (dice.between(2, 12), Act::HiresAttorney),
            Attitude::Ceases if first => (dice.between(2, 12), Act::Ceases),
            Attitude::PaysOnDemand if first => (1, Act::Pays(pay::by_wire())),
            _ => return Vec::new(),
        };
        self.done = !matches!(
            self.traits.attitude,
            Attitude::PaysInPart | Attitude::PromisesAndBreaks if first
        );
        vec![Reaction { after_days, act }]
    }

    /// The creditor answered its dispute: what it does where the debt stands, in whole or in part.
    #[must_use]
    pub fn on_answer(&self, number: u32, stands: bool) -> Vec<Reaction> {
        let mut dice = self.dice("answered", number);
        if !stands || !dice.per_mille(PAYS_AFTER_ANSWER) {
            return Vec::new();
        }
        let payment = pay::to_agency(&mut dice, 100);
        vec![Reaction { after_days: dice.between(2, 10), act: Act::Pays(payment) }]
    }

    /// A reference that no account has, as a mistaken payer writes it.
    #[must_use]
    pub fn misnamed(&self, payment: u32) -> String {
        format!("UNKNOWN-{:016X}", self.dice("misnamed", payment).next())
    }

    /// So many hundredths of what is owed, at least one minor unit and, up to 100, at most all.
    #[must_use]
    pub fn share(percent: u32, owed: duly_domain::Money) -> duly_domain::Money {
        let currency: Currency = owed.currency();
        let minor = i128::from(owed.minor()) * i128::from(percent) / 100;
        let minor = i64::try_from(minor).unwrap_or(i64::MAX).max(1);
        // A cent more than all is too much already.
        let minor = if percent > 100 { minor.max(owed.minor().saturating_add(1)) } else { minor };
        duly_domain::Money::new(minor, currency)
    }
}

const ITEM_REASONS: [DisputeReason; 6] = [
    DisputeReason::Pricing,
    DisputeReason::Quantity,
    DisputeReason::Quality,
    DisputeReason::NotDelivered,
    DisputeReason::Returned,
    DisputeReason::Paid,
];

const WHOLE_REASONS: [DisputeReason; 5] = [
    DisputeReason::Paid,
    DisputeReason::WrongParty,
    DisputeReason::Quality,
    DisputeReason::Terms,
    DisputeReason::Other,
];

fn without_money(attitude: Attitude) -> Attitude {
    match attitude {
        Attitude::PaysInFull
        | Attitude::PaysInPart
        | Attitude::PromisesAndKeeps
        | Attitude::PromisesAndBreaks
        | Attitude::PaysCreditor
        | Attitude::PaysOnDemand => Attitude::Ignores,
        Attitude::DisputesItem
        | Attitude::DisputesAll
        | Attitude::HiresAttorney
        | Attitude::Ceases
        | Attitude::Ignores => attitude,
    }
}
