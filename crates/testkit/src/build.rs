//! Builders of requests: a test says only what matters to it.

use std::str::FromStr as _;

use duly_domain::{Currency, Date, IdSource as _, Money};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{
        Address, ClientPolicy, Date as WireDate, FeeBracket, FeeSchedule, HoldDays,
        Money as WireMoney, RemitMethod, Secret, TierBase, TierMode,
    },
    convert::{date_to_wire, money_to_wire},
    intake::v1::{
        AdjustAccountRequest, ClaimItem, ClaimItemKind, CreditorKind, DebtClass, DebtorKind,
        KnownFact, KnownFactKind, LiableParty, PartyRole, Placement, PutClientRequest, ServiceKind,
    },
    payments::v1::{PaymentMethod, PostPaymentRequest, post_payment_request},
};

/// A new key for one mutation.
#[must_use]
pub fn request_id() -> String {
    SystemIds.uuid().simple().to_string()
}

/// An amount of whole dollars and cents, `"1234.56"`.
///
/// # Panics
/// Text that is no amount: a mistake in the test or demo that wrote it.
#[must_use]
pub fn usd(amount: &str) -> WireMoney {
    let amount = Money::parse(amount, Currency::USD);
    money_to_wire(amount.expect("amounts of builders are written by hand and are amounts"))
}

/// An amount in US cents.
#[must_use]
pub fn cents(minor: i64) -> WireMoney {
    money_to_wire(Money::new(minor, Currency::USD))
}

/// A legal date, `"2026-01-31"`.
///
/// # Panics
/// Text that is no date: a mistake in the test or demo that wrote it.
#[must_use]
pub fn day(date: &str) -> WireDate {
    let date = Date::from_str(date);
    date_to_wire(date.expect("dates of builders are written by hand and are dates"))
}

/// A client with a net policy of 25 % from 2025-01-01 on.
#[must_use]
pub fn client(client_ref: &str) -> ClientBuilder {
    ClientBuilder(PutClientRequest {
        request_id: request_id(),
        client_ref: client_ref.to_owned(),
        name: format!("{client_ref} Supply Co."),
        policy: Some(policy().build()),
        effective_on: Some(day("2025-01-01")),
        ..PutClientRequest::default()
    })
}

/// Builds a [`PutClientRequest`].
#[derive(Clone)]
pub struct ClientBuilder(PutClientRequest);

impl ClientBuilder {
    /// Under this parent.
    #[must_use]
    pub fn under(mut self, parent_ref: &str) -> Self {
        parent_ref.clone_into(&mut self.0.parent_client_ref);
        self
    }

    /// With this policy.
    #[must_use]
    pub fn with(mut self, policy: PolicyBuilder) -> Self {
        self.0.policy = Some(policy.build());
        self
    }

    /// The policy holds from this date on.
    #[must_use]
    pub fn from(mut self, date: &str) -> Self {
        self.0.effective_on = Some(day(date));
        self
    }

    /// The request.
    #[must_use]
    pub fn build(self) -> PutClientRequest {
        self.0
    }
}

/// Net remittance with consent since 2024-12-01, a flat commission of 25 % in USD, default holds.
#[must_use]
pub fn policy() -> PolicyBuilder {
    let policy = ClientPolicy {
        offset_consent_on: Some(day("2024-12-01")),
        currency: Currency::USD.code().to_owned(),
        ..ClientPolicy::default()
    };
    PolicyBuilder(policy).method(RemitMethod::Net).flat("0.25")
}

/// Builds a [`ClientPolicy`].
#[derive(Clone)]
pub struct PolicyBuilder(ClientPolicy);

impl PolicyBuilder {
    /// Settled by this method.
    #[must_use]
    pub fn method(mut self, method: RemitMethod) -> Self {
        self.0.set_remit_method(method);
        self
    }

    /// Without the client's consent to set off fees.
    #[must_use]
    pub fn without_consent(mut self) -> Self {
        self.0.offset_consent_on = None;
        self
    }

    /// In another currency, `"EUR"`.
    #[must_use]
    pub fn currency(mut self, code: &str) -> Self {
        code.clone_into(&mut self.0.currency);
        self
    }

    /// One rate for everything.
    #[must_use]
    pub fn flat(mut self, rate: &str) -> Self {
        let bracket = FeeBracket { up_to_minor: None, rate: rate.to_owned() };
        self.0.fee_schedule =
            Some(FeeSchedule { brackets: vec![bracket], ..FeeSchedule::default() });
        self
    }

    /// Marginal brackets of what was collected to date: each rate up to so many minor units, the last
    /// without an end.
    #[must_use]
    pub fn tiered(mut self, brackets: &[(i64, &str)], last: &str) -> Self {
        let mut schedule = FeeSchedule {
            brackets: brackets
                .iter()
                .map(|(up_to, rate)| FeeBracket {
                    up_to_minor: Some(*up_to),
                    rate: (*rate).to_owned(),
                })
                .collect(),
            ..FeeSchedule::default()
        };
        schedule.brackets.push(FeeBracket { up_to_minor: None, rate: last.to_owned() });
        schedule.set_tier_mode(TierMode::Marginal);
        schedule.set_tier_base(TierBase::CollectedToDate);
        self.0.fee_schedule = Some(schedule);
        self
    }

    /// Changes the fee schedule.
    #[must_use]
    pub fn schedule(mut self, change: impl FnOnce(&mut FeeSchedule)) -> Self {
        change(self.0.fee_schedule.get_or_insert_default());
        self
    }

    /// Payments by this method (`ach`) count as good funds after so many days.
    #[must_use]
    pub fn hold(mut self, method: &str, days: i32) -> Self {
        self.0.hold_days.push(HoldDays { method: method.to_owned(), days });
        self
    }

    /// The policy.
    #[must_use]
    pub fn build(self) -> ClientPolicy {
        self.0
    }
}

/// A commercial claim of 100.00 USD against one business in Ohio.
#[must_use]
pub fn placement(client_account_ref: &str) -> PlacementBuilder {
    let mut debtor = LiableParty {
        name: format!("{client_account_ref} Trading LLC"),
        address: Some(Address {
            lines: vec!["12 Canal Street".to_owned()],
            city: "Dayton".to_owned(),
            region: "OH".to_owned(),
            postal_code: "45402".to_owned(),
            country: "US".to_owned(),
        }),
        phones: vec!["+19375550142".to_owned()],
        ..LiableParty::default()
    };
    debtor.set_role(PartyRole::Principal);
    debtor.set_debtor_kind(DebtorKind::Business);
    let mut placement = Placement {
        client_account_ref: client_account_ref.to_owned(),
        amount: Some(cents(10_000)),
        liable_parties: vec![debtor],
        original_creditor: "Example Supply Co.".to_owned(),
        current_creditor: "Example Supply Co.".to_owned(),
        ..Placement::default()
    };
    placement.set_debt_class(DebtClass::Commercial);
    placement.set_service_kind(ServiceKind::Contingency);
    placement.set_creditor_kind(CreditorKind::Trade);
    PlacementBuilder(placement)
}

/// A consumer claim of 100.00 USD against one person in Ohio.
#[must_use]
pub fn consumer(client_account_ref: &str) -> PlacementBuilder {
    let mut built = placement(client_account_ref).person("Robin Sample");
    built.0.set_debt_class(DebtClass::Consumer);
    built
}

/// Builds a [`Placement`].
#[derive(Clone)]
pub struct PlacementBuilder(Placement);

impl PlacementBuilder {
    /// Of so many dollars and cents, `"1234.56"`.
    #[must_use]
    pub fn usd(mut self, amount: &str) -> Self {
        self.0.amount = Some(usd(amount));
        self
    }

    /// Of this amount.
    #[must_use]
    pub fn amount(mut self, amount: WireMoney) -> Self {
        self.0.amount = Some(amount);
        self
    }

    /// Against a business of this name.
    #[must_use]
    pub fn business(self, name: &str) -> Self {
        self.principal(|party| {
            party.set_debtor_kind(DebtorKind::Business);
            name.clone_into(&mut party.name);
        })
    }

    /// Against a person of this name.
    #[must_use]
    pub fn person(self, name: &str) -> Self {
        self.principal(|party| {
            party.set_debtor_kind(DebtorKind::Person);
            name.clone_into(&mut party.name);
        })
    }

    /// With this social security or employer number.
    #[must_use]
    pub fn national_id(self, plain: &str) -> Self {
        self.principal(|party| party.national_id = Some(Secret { plain: plain.to_owned() }))
    }

    /// With this birth date, `YYYY-MM-DD`.
    #[must_use]
    pub fn birth_date(self, plain: &str) -> Self {
        self.principal(|party| party.birth_date = Some(Secret { plain: plain.to_owned() }))
    }

    /// In this state, `"MA"`.
    #[must_use]
    pub fn in_state(self, state: &str) -> Self {
        self.principal(|party| {
            state.clone_into(&mut party.address.get_or_insert_default().region);
        })
    }

    /// Changes the first liable party.
    #[must_use]
    pub fn principal(mut self, change: impl FnOnce(&mut LiableParty)) -> Self {
        if let Some(party) = self.0.liable_parties.first_mut() {
            change(party);
        }
        self
    }

    /// With a natural person who guarantees.
    #[must_use]
    pub fn guarantor(mut self, name: &str) -> Self {
        let mut party = LiableParty { name: name.to_owned(), ..LiableParty::default() };
        party.set_role(PartyRole::PersonalGuarantor);
        party.set_debtor_kind(DebtorKind::Person);
        self.0.liable_parties.push(party);
        self
    }

    /// With an open invoice of this amount that was due on this day. The first item makes the claim's
    /// amount; each further one adds to it.
    #[must_use]
    pub fn invoice(self, number: &str, amount: &str, due: &str) -> Self {
        self.item(ClaimItemKind::Invoice, number, usd(amount), due)
    }

    /// With a credit; `amount` is negative, `"-12.00"`.
    #[must_use]
    pub fn credit(self, number: &str, amount: &str, due: &str) -> Self {
        self.item(ClaimItemKind::CreditMemo, number, usd(amount), due)
    }

    fn item(mut self, kind: ClaimItemKind, number: &str, open: WireMoney, due: &str) -> Self {
        let before: i64 = self
            .0
            .items
            .iter()
            .filter_map(|item| item.open_amount.as_ref().map(|amount| amount.minor))
            .sum();
        self.0.amount =
            Some(WireMoney { minor: before + open.minor, currency: open.currency.clone() });
        let mut item = ClaimItem {
            number: number.to_owned(),
            item_date: Some(day(due)),
            due_date: Some(day(due)),
            original_amount: Some(open.clone()),
            open_amount: Some(open),
            ..ClaimItem::default()
        };
        item.set_kind(kind);
        self.0.items.push(item);
        self
    }

    /// The client knows this of the debt as a whole.
    #[must_use]
    pub fn known(mut self, kind: KnownFactKind) -> Self {
        let mut fact = KnownFact::default();
        fact.set_kind(kind);
        self.0.known_facts.push(fact);
        self
    }

    /// Changes whatever no other method does.
    #[must_use]
    pub fn change(mut self, change: impl FnOnce(&mut Placement)) -> Self {
        change(&mut self.0);
        self
    }

    /// The placement.
    #[must_use]
    pub fn build(self) -> Placement {
        self.0
    }
}

/// A payment of 10.00 USD in cash on this account, today.
#[must_use]
pub fn post(account_id: &str) -> PostBuilder {
    let mut request = PostPaymentRequest {
        request_id: request_id(),
        account: Some(post_payment_request::Account::AccountId(account_id.to_owned())),
        amount: Some(cents(1_000)),
        received_reference: format!("rcpt-{}", request_id()),
        ..PostPaymentRequest::default()
    };
    request.set_method(PaymentMethod::Cash);
    PostBuilder(request)
}

/// Builds a [`PostPaymentRequest`].
#[derive(Clone)]
pub struct PostBuilder(PostPaymentRequest);

impl PostBuilder {
    /// Of so many dollars and cents.
    #[must_use]
    pub fn usd(mut self, amount: &str) -> Self {
        self.0.amount = Some(usd(amount));
        self
    }

    /// Of this amount.
    #[must_use]
    pub fn amount(mut self, amount: WireMoney) -> Self {
        self.0.amount = Some(amount);
        self
    }

    /// Paid on this day.
    #[must_use]
    pub fn on(mut self, date: &str) -> Self {
        self.0.payment_on = Some(day(date));
        self
    }

    /// Paid so.
    #[must_use]
    pub fn method(mut self, method: PaymentMethod) -> Self {
        self.0.set_method(method);
        self
    }

    /// Under the bank's reference of the receipt.
    #[must_use]
    pub fn reference(mut self, received_reference: &str) -> Self {
        received_reference.clone_into(&mut self.0.received_reference);
        self
    }

    /// On these claim items.
    #[must_use]
    pub fn items(mut self, numbers: &[&str]) -> Self {
        self.0.item_numbers = numbers.iter().map(|n| (*n).to_owned()).collect();
        self
    }

    /// The request.
    #[must_use]
    pub fn build(self) -> PostPaymentRequest {
        self.0
    }
}

/// The client's correction of a balance.
#[must_use]
pub fn adjust(account_id: &str, amount: &str) -> AdjustAccountRequest {
    AdjustAccountRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        amount: Some(usd(amount)),
        reason: "correction by the client".to_owned(),
        ..AdjustAccountRequest::default()
    }
}
