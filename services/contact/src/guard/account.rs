//! An account that a party owes, as the guard reads it.

use std::collections::{BTreeMap, BTreeSet};

use duly_compliance::{self as compliance, AccountState, facts::CreditorKind, facts::DebtKind};
use duly_domain::{self as domain, AccountId, ClaimKind, PartyId};
use duly_standing::{EndKind, Standing};
use uuid::Uuid;

use crate::store::{attempt::Conveyed, claim::Claim};

/// What is known of accounts beside where they stand.
pub(super) struct Known {
    /// By account and opening.
    pub claims: BTreeMap<(Uuid, i32), Claim>,
    /// First conversations and letters.
    pub conveyed: Vec<Conveyed>,
    /// Accounts about which a regulator complains.
    pub complained: BTreeSet<Uuid>,
}

impl Known {
    /// The row of a party; `None` for one that is not liable on the current opening: the guard then holds.
    pub(super) fn row(&self, standing: &Standing, party: Uuid) -> Option<compliance::Account> {
        let liable = standing.party(party)?;
        let account = standing.account;
        let first = self.conveyed.iter().find(|row| row.account == account && row.party == party);
        Some(compliance::Account {
            state: state(standing, self.complained.contains(&account)),
            first_spoken_at: first.and_then(|row| row.spoken_at),
            first_written_at: first.and_then(|row| row.written_at),
            claim: self.claim(standing),
            ..compliance::Account::new(
                AccountId::from_uuid(account),
                PartyId::from_uuid(party),
                liable.kind,
                liable.role,
                standing.debt_class,
            )
        })
    }

    fn claim(&self, standing: &Standing) -> compliance::facts::Claim {
        let told = self.claims.get(&(standing.account, standing.opening));
        compliance::facts::Claim {
            kind: told.and_then(|claim| claim.kind).map_or(DebtKind::Unknown, debt_kind),
            creditor: told
                .and_then(|claim| claim.creditor)
                .map_or(CreditorKind::Unknown, creditor_kind),
            placed_on: Some(standing.listed_on),
            accrued_on: told.and_then(|claim| claim.accrued_on),
            ..compliance::facts::Claim::UNKNOWN
        }
    }
}

/// How the guard calls what an account's standing is.
fn state(standing: &Standing, complained: bool) -> AccountState {
    match standing.ended.map(|end| end.kind) {
        Some(EndKind::Recalled) => AccountState::Recalled,
        Some(EndKind::Closed) => AccountState::Closed,
        None if standing.settled => AccountState::Settled,
        None if !standing.balance.is_positive() => AccountState::NoBalance,
        None if standing.held.is_some() => AccountState::Held,
        None if complained => AccountState::Complained,
        None => AccountState::Workable,
    }
}

const fn debt_kind(kind: ClaimKind) -> DebtKind {
    match kind {
        ClaimKind::CreditCard => DebtKind::CreditCard,
        ClaimKind::Loan => DebtKind::Loan,
        ClaimKind::StudentLoan => DebtKind::StudentLoan,
        ClaimKind::Mortgage => DebtKind::Mortgage,
        ClaimKind::Medical => DebtKind::Medical,
        ClaimKind::Services => DebtKind::Services,
        ClaimKind::Goods => DebtKind::Goods,
        ClaimKind::OpenAccount => DebtKind::OpenAccount,
        ClaimKind::Judgment => DebtKind::Judgment,
    }
}

const fn creditor_kind(kind: domain::CreditorKind) -> CreditorKind {
    match kind {
        domain::CreditorKind::Trade => CreditorKind::Seller,
        domain::CreditorKind::Lender => CreditorKind::Lender,
        domain::CreditorKind::CommercialFinancing => CreditorKind::CommercialFinancer,
        domain::CreditorKind::DebtBuyer => CreditorKind::DebtBuyer,
        // None that a rule names says less than a rule asks: it stays open which.
        domain::CreditorKind::Other => CreditorKind::Unknown,
    }
}
