//! What each business fact does to the books: pure functions that give balanced sets.
//!
//! A caller reads the balances that a function asks for under the client's lock, and posts the set in
//! the same transaction. A direct payment posts nothing: it is not trust money, and the commission on
//! it appears at remittance.

use duly_domain::{AccountId, ClientId, Money, MoneyError, RemitMethod};

use crate::chart::{Entry, EntrySet, Ledger, SetKind, Unbalanced};
use crate::remittance::Settlement;

/// Whose account money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The client.
    pub client: ClientId,
    /// The client's account.
    pub account: AccountId,
}

/// Trust money of one client that a bank took back after it had been paid out, by who must give
/// it back. Both parts are zero or above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deficiency {
    /// Commission that an earlier remittance took from trust.
    pub agency: Money,
    /// The rest.
    pub client: Money,
}

impl Deficiency {
    /// No deficiency.
    pub const fn none(currency: duly_domain::Currency) -> Self {
        Self { agency: Money::zero(currency), client: Money::zero(currency) }
    }

    /// Both parts together.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.agency.add(self.client)
    }
}

/// A posting that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// An amount that must be above zero is not, or one that must not be below zero is.
    #[error("the {0} cannot be {1}")]
    Amount(&'static str, Money),
    /// More was to be paid out than there is. No disbursement may create a trust shortage.
    #[error("{asked} exceeds the {available} {what}")]
    Exceeds {
        /// What was to be paid out.
        asked: Money,
        /// What there is.
        available: Money,
        /// Of what.
        what: &'static str,
    },
    /// Commission stays in trust while trust money is missing.
    #[error("{0} is missing from the trust account: nothing is swept until it is made good")]
    DeficiencyOpen(Money),
    /// The books and the sealed lines differ. Something was posted outside the journal's rules.
    #[error("the books leave {books} to operating, the sealed lines give {lines}")]
    LinesDisagree {
        /// By the balances.
        books: Money,
        /// By the statement.
        lines: Money,
    },
    /// The set does not balance.
    #[error(transparent)]
    Unbalanced(#[from] Unbalanced),
    /// The amounts do not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// One entry on each side of a move, for whoever it concerns.
#[derive(Debug, Clone, Copy)]
struct Side {
    client: Option<ClientId>,
    account: Option<AccountId>,
}

impl Side {
    /// Unapplied money belongs to nobody yet.
    const NOBODY: Self = Self { client: None, account: None };

    const fn client(client: ClientId) -> Self {
        Self { client: Some(client), account: None }
    }

    const fn owner(owner: Owner) -> Self {
        Self { client: Some(owner.client), account: Some(owner.account) }
    }

    const fn debit(self, ledger: Ledger, money: Money) -> Entry {
        Entry { ledger, client: self.client, account: self.account, money }
    }

    fn credit(self, ledger: Ledger, money: Money) -> Result<Entry, MoneyError> {
        Ok(self.debit(ledger, money.neg()?))
    }
}

fn positive(what: &'static str, money: Money) -> Result<(), PostingError> {
    if money.is_positive() { Ok(()) } else { Err(PostingError::Amount(what, money)) }
}

fn not_negative(what: &'static str, money: Money) -> Result<(), PostingError> {
    if money.is_negative() { Err(PostingError::Amount(what, money)) } else { Ok(()) }
}

/// The agency, or a forwarder after withholding, paid this into the trust bank for an account.
pub fn receive(owner: Owner, money: Money) -> Result<EntrySet, PostingError> {
    positive("receipt", money)?;
    let side = Side::owner(owner);
    let entries = [side.debit(Ledger::TrustBank, money), side.credit(Ledger::Held, money)?];
    Ok(EntrySet::new(SetKind::Received, entries)?)
}

/// Money came in and its account is not known. It is booked all the same.
pub fn receive_unapplied(money: Money) -> Result<EntrySet, PostingError> {
    positive("receipt", money)?;
    let side = Side::NOBODY;
    let entries = [side.debit(Ledger::TrustBank, money), side.credit(Ledger::Unapplied, money)?];
    Ok(EntrySet::new(SetKind::ReceivedUnapplied, entries)?)
}

/// Unapplied money found its account and is held like any receipt.
pub fn apply_unapplied(owner: Owner, money: Money) -> Result<EntrySet, PostingError> {
    positive("receipt", money)?;
    let entries = [
        Side::NOBODY.debit(Ledger::Unapplied, money),
        Side::owner(owner).credit(Ledger::Held, money)?,
    ];
    Ok(EntrySet::new(SetKind::Applied, entries)?)
}

/// Unapplied money left again: sent back, or taken back by the bank.
pub fn return_unapplied(money: Money) -> Result<EntrySet, PostingError> {
    positive("return", money)?;
    let side = Side::NOBODY;
    let entries = [side.debit(Ledger::Unapplied, money), side.credit(Ledger::TrustBank, money)?];
    Ok(EntrySet::new(SetKind::UnappliedReturned, entries)?)
}

/// A held payment became good funds: the client's part is the client's, what exceeds the balance
/// is owed to the debtor.
pub fn release(
    owner: Owner,
    to_client: Money,
    overpayment: Money,
) -> Result<EntrySet, PostingError> {
    not_negative("client's part", to_client)?;
    not_negative("overpayment", overpayment)?;
    let side = Side::owner(owner);
    let entries = [
        side.debit(Ledger::Held, to_client.add(overpayment)?),
        side.credit(Ledger::ClientTrust, to_client)?,
        side.credit(Ledger::RefundsDue, overpayment)?,
    ];
    Ok(EntrySet::new(SetKind::Released, entries)?)
}

/// A payment came back before it was released: it never was anybody's money to spend.
pub fn reverse_held(owner: Owner, money: Money) -> Result<EntrySet, PostingError> {
    positive("reversal", money)?;
    let side = Side::owner(owner);
    let entries = [side.debit(Ledger::Held, money), side.credit(Ledger::TrustBank, money)?];
    Ok(EntrySet::new(SetKind::ReversedHeld, entries)?)
}

/// A released payment that a bank took back, with what is left to take it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversal {
    /// What the release gave to the client.
    pub to_client: Money,
    /// What the release put to refunds due.
    pub overpayment: Money,
    /// The client's released money now, without what a held remittance has claimed.
    pub available: Money,
    /// How much of the overpayment has not been refunded.
    pub refunds_due: Money,
    /// Commission to give back, from [`give_back`].
    pub give_back: Money,
}

/// A payment came back after it was released. The client's ledger stops at zero; what is then
/// missing stands as a deficiency the same day: due from the agency as far as an earlier
/// remittance took commission for it from trust, else from the client. An overpayment already
/// refunded is the agency's loss, who approved the refund: it is due from the agency and later
/// sweeps are reduced by it.
pub fn reverse_released(owner: Owner, reversal: &Reversal) -> Result<EntrySet, PostingError> {
    let Reversal { to_client, overpayment, available, refunds_due, give_back } = *reversal;
    not_negative("client's part", to_client)?;
    not_negative("overpayment", overpayment)?;
    not_negative("released money", available)?;
    not_negative("refund due", refunds_due)?;
    not_negative("commission to give back", give_back)?;
    let from_client = to_client.min(available)?;
    let from_refunds = overpayment.min(refunds_due)?;
    let short = to_client.sub(from_client)?;
    let short_agency = short.min(give_back)?;
    let short_client = short.sub(short_agency)?;
    let refunded = overpayment.sub(from_refunds)?;
    let side = Side::owner(owner);
    let entries = [
        side.debit(Ledger::ClientTrust, from_client),
        side.debit(Ledger::RefundsDue, from_refunds),
        side.debit(Ledger::DeficiencyAgency, short_agency.add(refunded)?),
        side.debit(Ledger::DeficiencyClient, short_client),
        side.credit(Ledger::TrustBank, to_client.add(overpayment)?)?,
        side.debit(Ledger::Losses, refunded),
        side.credit(Ledger::ClientReceivable, refunded)?,
    ];
    Ok(EntrySet::new(SetKind::ReversedReleased, entries)?)
}

/// How much commission a reversal makes the agency give back to trust: what commission fell by,
/// as far as earlier remittances took commission on this account from trust. Under both gross
/// methods that is nothing: they invoice it.
pub fn give_back(
    method: RemitMethod,
    posted_difference: Money,
    taken_from_trust: Money,
) -> Result<Money, MoneyError> {
    let zero = Money::zero(posted_difference.currency());
    match method {
        RemitMethod::Net => posted_difference.neg()?.max(zero)?.min(taken_from_trust.max(zero)?),
        RemitMethod::Gross | RemitMethod::GrossLessDirectFees => Ok(zero),
    }
}

/// Later receipts of the client make good its deficiency, its own part first. Nothing to do
/// where either is missing.
pub fn cure(
    client: ClientId,
    available: Money,
    deficiency: &Deficiency,
) -> Result<Option<EntrySet>, PostingError> {
    not_negative("released money", available)?;
    let (to_client, to_agency) = shared(deficiency, available)?;
    let used = to_client.add(to_agency)?;
    if used.is_zero() {
        return Ok(None);
    }
    let side = Side::client(client);
    let entries = [
        side.debit(Ledger::ClientTrust, used),
        side.credit(Ledger::DeficiencyClient, to_client)?,
        side.credit(Ledger::DeficiencyAgency, to_agency)?,
    ];
    Ok(Some(EntrySet::new(SetKind::Cured, entries)?))
}

/// How much of a deficiency's client's and agency's part so much money makes good.
fn shared(deficiency: &Deficiency, money: Money) -> Result<(Money, Money), MoneyError> {
    let to_client = deficiency.client.min(money)?;
    let to_agency = deficiency.agency.min(money.sub(to_client)?)?;
    Ok((to_client, to_agency))
}

/// The agency pays its own money into trust to make good the whole deficiency, where its policy
/// and the state allow that. The closing sweep gives it back.
pub fn transfer_in(
    client: ClientId,
    deficiency: &Deficiency,
) -> Result<Option<EntrySet>, PostingError> {
    let total = deficiency.total()?;
    if total.is_zero() {
        return Ok(None);
    }
    let side = Side::client(client);
    let entries = [
        side.debit(Ledger::TrustBank, total),
        side.credit(Ledger::DeficiencyAgency, deficiency.agency)?,
        side.credit(Ledger::DeficiencyClient, deficiency.client)?,
        side.debit(Ledger::ClientReceivable, total),
        side.credit(Ledger::OperatingBank, total)?,
    ];
    Ok(Some(EntrySet::new(SetKind::TransferredIn, entries)?))
}

/// An overpayment goes back to the debtor, from released money only.
pub fn refund(owner: Owner, money: Money, refunds_due: Money) -> Result<EntrySet, PostingError> {
    positive("refund", money)?;
    if refunds_due.sub(money)?.is_negative() {
        let what = "due to be refunded";
        return Err(PostingError::Exceeds { asked: money, available: refunds_due, what });
    }
    let side = Side::owner(owner);
    let entries = [side.debit(Ledger::RefundsDue, money), side.credit(Ledger::TrustBank, money)?];
    Ok(EntrySet::new(SetKind::Refunded, entries)?)
}

/// A client's trust position when a period closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The client's released money, without what a held remittance has claimed.
    pub available: Money,
    /// What is missing.
    pub deficiency: Deficiency,
    /// From [`operating_carry`].
    pub operating_carry: Money,
}

/// What trust owes operating from before this period: what earlier periods fixed for operating and
/// what the agency transferred in, less what was set aside or lost. Below zero the agency still owes
/// trust. It stands in the books: the receivable of the client, less what the client owes (carry
/// forward and unpaid invoices), less what is set aside already.
pub fn operating_carry(
    client_receivable: Money,
    carry_forward: Money,
    invoices_unpaid: Money,
    commission_unswept: Money,
) -> Result<Money, MoneyError> {
    client_receivable.sub(carry_forward)?.sub(invoices_unpaid)?.sub(commission_unswept)
}

/// What closing a period did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The entries; none where the period moved no money at all.
    pub entries: Option<EntrySet>,
    /// Paid to the client from the trust bank now.
    pub paid: Money,
    /// Due to the client and claimed from its ledger, but the money is missing: the remittance is
    /// shown as held and paid by [`pay_held`] once the deficiency is made good.
    pub held: Money,
    /// Set aside for [`sweep`].
    pub set_aside: Money,
    /// What [`operating_carry`] gives from now until money moves again.
    pub operating_carry: Money,
}

/// Closes a period: pays the client, sets the agency's part aside, and books what was earned.
/// Where the agency's part is below zero (it owes trust) nothing is set aside and the difference
/// stays as carry: later sweeps are reduced by it. Afterwards nothing is left on the client's ledger
/// but what a held remittance claims.
///
/// Proves on the way that the books and the sealed lines agree: what the client's ledger leaves
/// after the remittance is what the formulae give to operating.
pub fn close(
    client: ClientId,
    settlement: &Settlement,
    standing: &Standing,
) -> Result<Closing, PostingError> {
    let Standing { available, deficiency, operating_carry } = *standing;
    not_negative("released money", available)?;
    let missing_before = deficiency.total()?;
    let remit = settlement.remit;
    let zero = Money::zero(remit.currency());
    let lines = settlement.to_operating.add(operating_carry)?;
    let books = available.sub(missing_before)?.sub(remit)?;
    if books != lines {
        return Err(PostingError::LinesDisagree { books, lines });
    }
    let missing = remit.sub(available)?.max(zero)?;
    let (paid, held) = if missing.is_zero() { (remit, zero) } else { (zero, remit) };
    let set_aside = lines.max(zero)?;
    // What is left now is the agency's and makes good what is missing.
    let left = available.sub(remit)?.sub(set_aside)?.max(zero)?;
    let (to_client, to_agency) = shared(&deficiency, left)?;
    let side = Side::client(client);
    let earned = settlement.earned;
    let entries = [
        side.debit(Ledger::ClientTrust, paid.add(set_aside)?.add(left)?.sub(missing)?),
        side.debit(Ledger::DeficiencyAgency, missing.sub(to_agency)?),
        side.credit(Ledger::DeficiencyClient, to_client)?,
        side.credit(Ledger::TrustBank, paid)?,
        side.credit(Ledger::CommissionUnswept, set_aside)?,
        side.debit(Ledger::ClientReceivable, earned),
        side.credit(Ledger::CommissionIncome, earned)?,
    ];
    let entries = match EntrySet::new(SetKind::RemittanceClosed, entries) {
        Ok(set) => Some(set),
        Err(Unbalanced::Empty(_)) => None,
        Err(error @ (Unbalanced::Off { .. } | Unbalanced::Money(_))) => return Err(error.into()),
    };
    Ok(Closing { entries, paid, held, set_aside, operating_carry: lines.sub(set_aside)? })
}

/// Pays a remittance that was held, once nothing of the client's money is missing any more.
pub fn pay_held(
    client: ClientId,
    held: Money,
    deficiency: &Deficiency,
) -> Result<EntrySet, PostingError> {
    positive("remittance", held)?;
    let missing = deficiency.total()?;
    if missing.is_positive() {
        return Err(PostingError::DeficiencyOpen(missing));
    }
    let side = Side::client(client);
    let entries = [side.debit(Ledger::ClientTrust, held), side.credit(Ledger::TrustBank, held)?];
    Ok(EntrySet::new(SetKind::RemittancePaid, entries)?)
}

/// Moves the commission that remittances set aside for one client from the trust bank to the
/// operating bank. `open_deficiency` is that of the whole trust account, whichever client's: until
/// it is made good nothing is swept. Nothing to do where nothing is set aside.
pub fn sweep(
    client: ClientId,
    unswept: Money,
    open_deficiency: Money,
) -> Result<Option<EntrySet>, PostingError> {
    not_negative("commission set aside", unswept)?;
    if unswept.is_zero() {
        return Ok(None);
    }
    if open_deficiency.is_positive() {
        return Err(PostingError::DeficiencyOpen(open_deficiency));
    }
    let side = Side::client(client);
    let entries = [
        side.debit(Ledger::CommissionUnswept, unswept),
        side.credit(Ledger::TrustBank, unswept)?,
        side.debit(Ledger::OperatingBank, unswept),
        side.credit(Ledger::ClientReceivable, unswept)?,
    ];
    Ok(Some(EntrySet::new(SetKind::Swept, entries)?))
}

#[cfg(test)]
mod tests;
