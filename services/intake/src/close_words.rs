//! Close codes in words, for people who read an answer. Meanings are the glossary's.

use duly_domain::CloseCode;

/// What the code means.
pub const fn words(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Pif => "paid in full",
        CloseCode::Sif => "settled for less",
        CloseCode::Dir => "paid direct to the client",
        CloseCode::Pbc => "found paid before placement",
        CloseCode::Adj => "closed by the client's credit",
        CloseCode::Rcl => "recalled by the client",
        CloseCode::Clw => "withdrawn by the client after work began",
        CloseCode::Clu => "client unresponsive",
        CloseCode::Srj => "client refused a settlement or suit",
        CloseCode::Lie => "listed in error or wrong party",
        CloseCode::Dup => "duplicate",
        CloseCode::Nei => "not enough information to work",
        CloseCode::Lic => "no licence in the debtor's state",
        CloseCode::Bky7 => "bankruptcy, chapter 7",
        CloseCode::Bky11 => "bankruptcy, chapter 11",
        CloseCode::Bky12 => "bankruptcy, chapter 12",
        CloseCode::Bky13 => "bankruptcy, chapter 13",
        CloseCode::Dec => "deceased, no estate",
        CloseCode::Scr => "active military service",
        CloseCode::Inc => "incarcerated",
        CloseCode::Cnd => "cease communication, no remedy left",
        CloseCode::Frd => "identity theft or fraud",
        CloseCode::Abc => "assignment for creditors or receivership",
        CloseCode::Dis => "disputed, not resolved",
        CloseCode::Skp => "not located",
        CloseCode::Unc => "efforts exhausted",
        CloseCode::Une => "uneconomic",
        CloseCode::Sol => "suit barred by time",
        CloseCode::Oob => "out of business, no assets",
        CloseCode::Mer => "merged or sold, successor not liable",
        CloseCode::Jun => "judgment unsatisfied",
        CloseCode::Att => "returned by the attorney",
        CloseCode::Oth => "other",
    }
}
