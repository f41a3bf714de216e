//! One client's books, driven by business facts through the public functions alone, the way a
//! service drives them. After every fact the trust book is proved.

use std::collections::BTreeMap;

use duly_domain::{
    AccountId, BalanceBucket, Bracket, ClientId, Currency, Date, FeeRates, FeeSchedule, FeeTerms,
    IdSource, Money, PaymentId, Pii, Rate, ReceivedBy, RemitMethod, SeededIds, Stage, TierBase,
    TierMode,
};

use crate::chart::{EntrySet, Ledger};
use crate::commission::{ChangeKind, Earning, Factor, Priced, Pricing, ScheduleVersion, Source};
use crate::posting::{self, Closing, Deficiency, Owner, Reversal, Standing};
use crate::remittance::{Settlement, settle};
use crate::statement::{
    self, Header, HeldLine, HeldOutcome, Line, LineKind, Sealed, Statement, Subject,
};
use crate::trust::{Balances, TrustProof};

pub(crate) const USD: Currency = Currency::USD;

pub(crate) fn usd(text: &str) -> Money {
    Money::parse_grouped(text, USD).unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// 25 % of the first 3,000.00 collected per account, 18 % above, marginal, basis principal.
pub(crate) fn standard() -> FeeSchedule {
    let brackets = vec![
        Bracket { up_to: Some(300_000), rate: rate("0.25") },
        Bracket { up_to: None, rate: rate("0.18") },
    ];
    let (tier_mode, tier_base) = (TierMode::Marginal, TierBase::CollectedToDate);
    FeeSchedule::new(FeeTerms::of(FeeRates::Tiered { tier_mode, tier_base, brackets })).unwrap()
}

/// 35 % of principal.
pub(crate) fn legal() -> FeeSchedule {
    FeeSchedule::new(FeeTerms::flat(rate("0.35"))).unwrap()
}

pub(crate) fn pricing(general: FeeSchedule) -> Pricing {
    let version = |stage, schedule| ScheduleVersion {
        version: 1,
        effective_on: day("2020-01-01"),
        stage,
        schedule,
    };
    let versions = vec![version(None, general), version(Some(Stage::Forwarded), legal())];
    Pricing::new(usd("50,000.00"), day("2026-01-01"), versions).unwrap()
}

/// A payment as its facts state it.
#[derive(Debug, Clone)]
pub(crate) struct Paid {
    pub account: &'static str,
    pub reference: String,
    pub paid_on: Date,
    pub received_by: ReceivedBy,
    pub stage: Stage,
    pub source: Source,
    pub factor: Factor,
    pub buckets: BTreeMap<BalanceBucket, Money>,
    pub overpayment: Money,
    pub withheld: Money,
}

/// Paid to the agency, all principal, on an account in the agency's stage.
pub(crate) fn paid(account: &'static str, reference: &str, on: &str, amount: &str) -> Paid {
    Paid {
        account,
        reference: reference.to_owned(),
        paid_on: day(on),
        received_by: ReceivedBy::Agency,
        stage: Stage::Agency,
        source: Source::Trust,
        factor: Factor::Full,
        buckets: BTreeMap::from([(BalanceBucket::Principal, usd(amount))]),
        overpayment: usd("0"),
        withheld: usd("0"),
    }
}

impl Paid {
    pub fn direct(self) -> Self {
        Self { received_by: ReceivedBy::Client, source: Source::Direct, ..self }
    }

    /// Returned goods: credited by the client, half rate.
    pub fn returned_goods(self) -> Self {
        let factor = Factor::Half;
        Self { received_by: ReceivedBy::Client, source: Source::Credit, factor, ..self }
    }

    pub fn free(self) -> Self {
        Self { factor: Factor::Free, ..self }
    }

    /// Through an attorney, who keeps so much and pays court costs back first.
    pub fn by_attorney(mut self, costs: &str, withheld: &str) -> Self {
        self.buckets.insert(BalanceBucket::CourtCosts, usd(costs));
        self.withheld = usd(withheld);
        Self { received_by: ReceivedBy::Forwarder, stage: Stage::Forwarded, ..self }
    }

    pub fn over(self, overpayment: &str) -> Self {
        Self { overpayment: usd(overpayment), ..self }
    }

    pub fn gross(&self) -> Money {
        Money::sum(USD, self.buckets.values().copied()).unwrap()
    }

    /// What reaches the trust account for the client.
    fn to_client(&self) -> Money {
        self.gross().sub(self.withheld).unwrap()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Held,
    Released,
    Reversed,
}

struct Known {
    id: PaymentId,
    paid: Paid,
    state: State,
    held_before: bool,
    in_statement: bool,
    was_released: bool,
    refunds_due: Money,
}

pub(crate) struct World {
    pub method: RemitMethod,
    pub books: Balances,
    /// The agency pays deficiencies in at once.
    pub transfers: bool,
    pub posted_on: Date,
    pricing: Pricing,
    ids: SeededIds,
    client: ClientId,
    accounts: BTreeMap<&'static str, AccountId>,
    known: Vec<Known>,
    lines: Vec<Line>,
    taken: BTreeMap<&'static str, Money>,
    carry_forward: Money,
    invoiced: Money,
    claimed: Money,
    held_opening: Money,
}

pub(crate) struct Closed {
    pub statement: Statement,
    pub settlement: Settlement,
    pub closing: Closing,
}

impl World {
    pub fn new(method: RemitMethod) -> Self {
        Self::priced(method, pricing(standard()))
    }

    pub fn priced(method: RemitMethod, pricing: Pricing) -> Self {
        let mut ids = SeededIds::new(1);
        Self {
            method,
            books: Balances::default(),
            transfers: false,
            posted_on: day("2026-10-15"),
            pricing,
            client: ids.next(),
            ids,
            accounts: BTreeMap::new(),
            known: Vec::new(),
            lines: Vec::new(),
            taken: BTreeMap::new(),
            carry_forward: usd("0"),
            invoiced: usd("0"),
            claimed: usd("0"),
            held_opening: usd("0"),
        }
    }

    fn post(&mut self, set: &EntrySet) {
        self.books.post(set).unwrap();
        assert!(self.proof().holds(), "after {}: {:?}", set.kind(), self.proof());
        assert!(!self.available().is_negative(), "after {}", set.kind());
    }

    pub fn proof(&self) -> TrustProof {
        self.books.proof(USD).unwrap()
    }

    /// The client's released money without what a held remittance has claimed.
    pub fn available(&self) -> Money {
        self.books.client_trust(USD, self.client).unwrap().sub(self.claimed).unwrap()
    }

    pub fn deficiency(&self) -> Deficiency {
        self.books.deficiency(USD, self.client)
    }

    pub fn missing(&self) -> Money {
        self.deficiency().total().unwrap()
    }

    pub fn operating(&self, ledger: Ledger) -> Money {
        self.books.of(USD, ledger, Some(self.client))
    }

    fn owner(&mut self, account: &'static str) -> Owner {
        let ids = &mut self.ids;
        let account = *self.accounts.entry(account).or_insert_with(|| ids.next());
        Owner { client: self.client, account }
    }

    fn find(&self, reference: &str) -> usize {
        self.known.iter().position(|known| known.paid.reference == reference).unwrap()
    }

    /// A fact arrives. Trust money is held; direct payments and credits earn at once.
    pub fn take(&mut self, paid: Paid) {
        let trust = paid.source == Source::Trust;
        let owner = self.owner(paid.account);
        let before = self.price(paid.account);
        let state = if trust { State::Held } else { State::Released };
        let refunds_due = usd("0");
        let id = self.ids.next();
        let account = paid.account;
        if trust {
            let money = paid.to_client().add(paid.overpayment).unwrap();
            self.post(&posting::receive(owner, money).unwrap());
        }
        self.known.push(Known {
            id,
            paid,
            state,
            held_before: false,
            in_statement: true,
            was_released: false,
            refunds_due,
        });
        if !trust {
            self.book_changes(account, &before);
        }
    }

    pub fn release(&mut self, reference: &str) {
        let at = self.find(reference);
        assert_eq!(self.known[at].state, State::Held);
        let paid = self.known[at].paid.clone();
        let owner = self.owner(paid.account);
        let before = self.price(paid.account);
        self.post(&posting::release(owner, paid.to_client(), paid.overpayment).unwrap());
        self.known[at].state = State::Released;
        self.known[at].was_released = true;
        self.known[at].refunds_due = paid.overpayment;
        self.book_changes(paid.account, &before);
        self.cure();
    }

    /// Received and good funds at once.
    pub fn take_released(&mut self, paid: Paid) {
        let reference = paid.reference.clone();
        self.take(paid);
        self.release(&reference);
    }

    fn cure(&mut self) {
        let cured = posting::cure(self.client, self.available(), &self.deficiency()).unwrap();
        if let Some(set) = cured {
            self.post(&set);
        }
        if self.missing().is_zero() && self.claimed.is_positive() {
            let held = std::mem::replace(&mut self.claimed, usd("0"));
            self.post(&posting::pay_held(self.client, held, &self.deficiency()).unwrap());
        }
    }

    pub fn refund(&mut self, reference: &str) {
        let at = self.find(reference);
        let money = self.known[at].refunds_due;
        let owner = self.owner(self.known[at].paid.account);
        self.post(&posting::refund(owner, money, money).unwrap());
        self.known[at].refunds_due = usd("0");
    }

    pub fn refundable(&self, reference: &str) -> bool {
        self.known[self.find(reference)].refunds_due.is_positive()
    }

    pub fn reverse(&mut self, reference: &str) {
        let at = self.find(reference);
        let (state, paid) = (self.known[at].state, self.known[at].paid.clone());
        let owner = self.owner(paid.account);
        let before = self.price(paid.account);
        self.known[at].state = State::Reversed;
        match (state, paid.source) {
            (State::Reversed, _) => panic!("a payment comes back once"),
            (State::Held, _) => {
                let money = paid.to_client().add(paid.overpayment).unwrap();
                self.post(&posting::reverse_held(owner, money).unwrap());
            }
            (State::Released, Source::Direct | Source::Credit) => {
                self.book_changes(paid.account, &before);
            }
            (State::Released, Source::Trust) => {
                let posted = self.book_changes(paid.account, &before);
                let taken = self.taken.get(paid.account).copied().unwrap_or(usd("0"));
                let reversal = Reversal {
                    to_client: paid.to_client(),
                    overpayment: paid.overpayment,
                    available: self.available(),
                    refunds_due: self.known[at].refunds_due,
                    give_back: posting::give_back(self.method, posted, taken).unwrap(),
                };
                self.post(&posting::reverse_released(owner, &reversal).unwrap());
                self.known[at].refunds_due = usd("0");
                if self.transfers {
                    self.transfer();
                }
            }
        }
    }

    /// The agency pays what is missing.
    pub fn transfer(&mut self) {
        let transferred = posting::transfer_in(self.client, &self.deficiency()).unwrap();
        if let Some(set) = transferred {
            self.post(&set);
        }
        self.cure();
    }

    pub fn earnings(&self, account: &str) -> Vec<Earning> {
        let survive = self
            .known
            .iter()
            .filter(|known| known.state == State::Released && known.paid.account == account);
        survive
            .map(|known| Earning {
                id: known.id,
                paid_on: known.paid.paid_on,
                reference: known.paid.reference.clone(),
                stage: known.paid.stage,
                source: known.paid.source,
                factor: known.paid.factor,
                buckets: known.paid.buckets.clone(),
            })
            .collect()
    }

    pub fn price(&self, account: &str) -> Priced {
        self.pricing.price(&self.earnings(account)).unwrap()
    }

    /// Adds the lines of what changed on an account and gives the posted difference.
    fn book_changes(&mut self, account: &'static str, before: &Priced) -> Money {
        let after = self.price(account);
        let changes = before.changes_to(&after).unwrap();
        for change in &changes {
            let known = self.known.iter().find(|known| known.id == change.id).unwrap();
            let paid = &known.paid;
            let (kind, buckets) = match change.kind {
                ChangeKind::Earned if paid.source == Source::Credit => {
                    (LineKind::Credit, paid.buckets.clone())
                }
                ChangeKind::Earned => (LineKind::Payment, paid.buckets.clone()),
                ChangeKind::Repriced => (LineKind::Repriced, BTreeMap::new()),
                ChangeKind::Reversed => {
                    let kind = match paid.source {
                        Source::Credit => LineKind::Credit,
                        Source::Trust | Source::Direct => LineKind::Reversal,
                    };
                    let inverse = paid.buckets.iter();
                    (kind, inverse.map(|(bucket, money)| (*bucket, money.neg().unwrap())).collect())
                }
            };
            let signed = |money: Money| match change.kind {
                ChangeKind::Earned => money,
                ChangeKind::Repriced => usd("0"),
                ChangeKind::Reversed => money.neg().unwrap(),
            };
            let reversal_of = match change.kind {
                ChangeKind::Reversed => Some(paid.reference.clone()),
                ChangeKind::Earned | ChangeKind::Repriced => None,
            };
            self.lines.push(Line {
                kind,
                subject: subject(account),
                paid_on: paid.paid_on,
                posted_on: self.posted_on,
                received_by: paid.received_by,
                reference: paid.reference.clone(),
                buckets,
                gross: signed(paid.gross()),
                withheld: signed(paid.withheld),
                overpayment: signed(paid.overpayment),
                portions: change.portions.clone(),
                schedule_version: change.version,
                commission: change.posted,
                balance_left: None,
                status: "open".into(),
                reversal_of,
            });
        }
        let posted = Money::sum(USD, changes.iter().map(|change| change.posted)).unwrap();
        assert_eq!(posted, after.total.sub(before.total).unwrap());
        posted
    }

    /// Seals what happened since the last close. The sweep is another step.
    pub fn close(&mut self) -> Closed {
        let zero = usd("0");
        let totals = statement::totals(USD, &self.lines, zero, self.carry_forward).unwrap();
        let settlement = settle(self.method, &totals).unwrap();
        let standing = Standing {
            available: self.available(),
            deficiency: self.deficiency(),
            operating_carry: self.operating_carry(),
        };
        let closing = posting::close(self.client, &settlement, &standing).unwrap();
        // What is missing for a held remittance is claimed and missing at once.
        self.claimed = self.claimed.add(closing.held).unwrap();
        if let Some(set) = &closing.entries {
            self.post(set);
        }
        for line in &self.lines {
            let account = self.known.iter().find(|known| known.paid.reference == line.reference);
            let account = account.unwrap().paid.account;
            if line.received_by != ReceivedBy::Client {
                let sum = self.taken.entry(account).or_insert(zero);
                *sum = sum.add(line.commission).unwrap();
            }
        }
        let sealed = Sealed {
            header: header(self.method),
            lines: std::mem::take(&mut self.lines),
            held: self.held_lines(),
            held_opening: self.held_opening,
            other_charges: zero,
            prior_balance: self.carry_forward,
            closing: closing.clone(),
            deficiency: self.deficiency(),
        };
        let statement = Statement::new(sealed).unwrap();
        assert_eq!(statement.totals(), &totals);
        assert_eq!(statement.held_funds().closing, self.proof().held);
        self.held_opening = statement.held_funds().closing;
        self.carry_forward = settlement.carry_forward;
        self.invoiced = self.invoiced.add(settlement.invoice).unwrap();
        assert_eq!(self.operating_carry(), closing.operating_carry);
        assert!(self.available().is_zero(), "a closed period leaves nothing of the client's");
        Closed { statement, settlement, closing }
    }

    fn operating_carry(&self) -> Money {
        let receivable = self.operating(Ledger::ClientReceivable);
        let unswept = self.proof().commission_unswept;
        posting::operating_carry(receivable, self.carry_forward, self.invoiced, unswept).unwrap()
    }

    fn held_lines(&mut self) -> Vec<HeldLine> {
        let mut lines = Vec::new();
        for known in &mut self.known {
            if known.paid.source != Source::Trust || !known.in_statement {
                continue;
            }
            let outcome = match known.state {
                State::Held => HeldOutcome::Held,
                State::Released => HeldOutcome::Released,
                // Released and reversed in one period: its way out of held was the release.
                State::Reversed if known.was_released => HeldOutcome::Released,
                State::Reversed => HeldOutcome::Reversed,
            };
            lines.push(HeldLine {
                outcome,
                subject: subject(known.paid.account),
                paid_on: known.paid.paid_on,
                posted_on: self.posted_on,
                received_by: known.paid.received_by,
                reference: known.paid.reference.clone(),
                money: known.paid.to_client().add(known.paid.overpayment).unwrap(),
                held_before: known.held_before,
                release_on: None,
            });
            known.held_before = known.state == State::Held;
            known.in_statement = known.state == State::Held;
        }
        lines
    }

    /// Sweeps what is set aside; nothing while a deficiency is open.
    pub fn sweep(&mut self) -> Money {
        let unswept = self.proof().commission_unswept;
        match posting::sweep(self.client, unswept, self.missing()) {
            Ok(Some(set)) => {
                self.post(&set);
                unswept
            }
            Ok(None) => usd("0"),
            Err(error) => {
                assert_eq!(error, posting::PostingError::DeficiencyOpen(self.missing()));
                usd("0")
            }
        }
    }
}

fn subject(account: &str) -> Subject {
    Subject {
        client_account: account.to_owned(),
        agency_account: format!("D-{account}"),
        debtor: Pii::new(format!("Debtor {account}")),
    }
}

pub(crate) fn header(method: RemitMethod) -> Header {
    Header {
        agency: "Duly Collections".into(),
        licence: None,
        client: "Acme Supply".into(),
        client_reference: "ACME".into(),
        period_from: day("2026-10-01"),
        period_to: day("2026-10-31"),
        number: "1".into(),
        method,
        offset_consent_on: Some(day("2026-01-01")),
        currency: USD,
    }
}
