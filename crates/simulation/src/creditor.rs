//! What creditors do with the accounts that they placed.

use duly_domain::ClientAnswer;

use crate::{
    debtor::MoneyModel,
    dice::Dice,
    rates::{
        CREDITOR_ADJUSTS, CREDITOR_CREDITS, CREDITOR_CREDITS_PART, CREDITOR_HOLDS, CREDITOR_RECALLS,
    },
};

/// The answer to a question about a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reply {
    /// Days from the question.
    pub after_days: u32,
    /// The answer.
    pub answer: ClientAnswer,
    /// Hundredths of what is disputed that are credited, where a part is.
    pub percent: u32,
}

/// Something that a creditor does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreditorAct {
    /// Takes the account back.
    Recalls,
    /// Asks to wait for so many days.
    Holds(u32),
    /// Credits so many hundredths of what is owed.
    Credits(u32),
}

/// The creditor of one account.
#[derive(Debug, Clone)]
pub struct Creditor {
    seed: u64,
    client_ref: String,
    account_ref: String,
    money: MoneyModel,
}

impl Creditor {
    /// The creditor of this account under this seed.
    #[must_use]
    pub fn of(seed: u64, client_ref: &str, account_ref: &str, money: MoneyModel) -> Self {
        let (client_ref, account_ref) = (client_ref.to_owned(), account_ref.to_owned());
        Self { seed, client_ref, account_ref, money }
    }

    /// What it answers to the `number`-th question about this account, and when.
    #[must_use]
    pub fn on_question(&self, number: u32) -> Reply {
        let mut dice = self.dice("answer", number);
        let answers =
            [(CREDITOR_CREDITS, ClientAnswer::Credit), (CREDITOR_CREDITS_PART, ClientAnswer::Part)];
        let answer = match self.money {
            MoneyModel::Invented => dice.mix(&answers).unwrap_or(ClientAnswer::Stands),
            MoneyModel::Recorded => ClientAnswer::Stands,
        };
        Reply { after_days: dice.between(1, 9), answer, percent: dice.between(10, 70) }
    }

    /// What it does by itself in the days from the placement on, with the day of it.
    #[must_use]
    pub fn by_itself(&self, days: u32) -> Option<(u32, CreditorAct)> {
        if self.money == MoneyModel::Recorded || days < 10 {
            return None;
        }
        let mut dice = self.dice("by itself", 0);
        let (hold, percent) = (dice.between(7, 21), dice.between(5, 30));
        let acts = [
            (CREDITOR_RECALLS, CreditorAct::Recalls),
            (CREDITOR_HOLDS, CreditorAct::Holds(hold)),
            (CREDITOR_ADJUSTS, CreditorAct::Credits(percent)),
        ];
        let act = dice.mix(&acts)?;
        Some((dice.between(5, days - 1), act))
    }

    fn dice(&self, about: &str, number: u32) -> Dice {
        let number = number.to_be_bytes();
        let names = [
            b"creditor".as_slice(),
            self.client_ref.as_bytes(),
            self.account_ref.as_bytes(),
            about.as_bytes(),
            &number,
        ];
        Dice::of(self.seed, names)
    }
}
