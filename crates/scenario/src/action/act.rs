//! Acts that are no contact: furnishing, transfers, suits, deposits.

use super::{Says, WORDS};

/// Something else that the law bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActWord {
    /// To a consumer reporting agency. 12 CFR 1006.30(a).
    Furnish,
    /// Selling, transferring for consideration or placing a debt. 1006.30(b).
    Transfer,
    /// The same to the debt's owner. 1006.30(b)(2)(i)(A).
    TransferToOwner,
    /// Sending data about a debt, and not the debt. Comment 30(b)(1)-1.
    SendData,
    /// Bringing, or threatening, a legal action. 1006.26(b).
    Sue,
    /// A proof of claim in a bankruptcy, which is no suit (1006.26(b)).
    ProofOfClaim,
    /// The same as a threat.
    ThreatenSuit,
    /// Depositing a postdated instrument. 1006.22(c).
    Deposit,
    /// Asking on a call that is inconvenient when another would not be. Comment 6(b)(4)(i)-1.
    AskWhenConvenient,
}

/// The words of acts, by the first that stands in an action.
pub(super) const ACTS: &[(&str, ActWord)] = &[
    ("furnish", ActWord::Furnish),
    ("furnishing", ActWord::Furnish),
    ("scrub", ActWord::SendData),
    ("data", ActWord::SendData),
    ("analytics", ActWord::SendData),
    ("archive", ActWord::SendData),
    ("sell", ActWord::Transfer),
    ("sale", ActWord::Transfer),
    ("transfer", ActWord::Transfer),
    ("assign", ActWord::Transfer),
    ("place", ActWord::Transfer),
    ("sue", ActWord::Sue),
    ("suit", ActWord::Sue),
    ("lawsuit", ActWord::Sue),
    ("threaten", ActWord::ThreatenSuit),
    ("deposit", ActWord::Deposit),
];

/// An act by the words of an action; none where it is a contact.
pub(super) fn act(words: &[&str]) -> Option<ActWord> {
    let has = |word: &str| words.contains(&word);
    let bureau = ["bureau", "cra", "credit", "reporting"].into_iter().any(has);
    if has("proof") && has("claim") {
        return Some(ActWord::ProofOfClaim);
    }
    if has("report") && (bureau || has("settled") || has("paid")) {
        // That it was paid or settled is information, and no transfer (comment 30(b)(1)-1).
        return Some(if has("settled") || has("paid") {
            ActWord::SendData
        } else {
            ActWord::Furnish
        });
    }
    let asks = ["convenient", "clarifying", "question", "questions", "followup", "when"];
    if has("ask") && asks.into_iter().any(has) {
        return Some(ActWord::AskWhenConvenient);
    }
    if has("threaten") {
        return Some(ActWord::ThreatenSuit);
    }
    if (has("legal") && has("action")) || (has("return") && (has("owner") || has("creditor"))) {
        return Some(if has("legal") { ActWord::Sue } else { ActWord::TransferToOwner });
    }
    let contact = WORDS.iter().any(|(word, says)| matches!(says, Says::By(_)) && has(word));
    let elsewhere = ["behalf", "other", "another", "entity"].into_iter().any(has);
    let (_, act) = ACTS.iter().find(|(word, _)| has(word))?;
    match act {
        // "Call at the place of employment", "mail a transfer notice".
        ActWord::Transfer if contact => None,
        // To the owner itself, not to another on its behalf.
        ActWord::Transfer if has("owner") && !elsewhere => Some(ActWord::TransferToOwner),
        act => Some(*act),
    }
}
