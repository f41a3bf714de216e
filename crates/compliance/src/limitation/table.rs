//! The periods by state.
//!
//! Three public compilations and, where it was read, the statute. Where the compilations differ the least
//! number that any of them claims stands: the safe one for refusing a suit. None of this replaces the
//! statute: accrual, tolling, revival, choice of law, seals and judgments are elsewhere.

use duly_domain::UsState;

/// How well a number of years is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The statute was read; of Cal. CCP 337 the digest of the bill that amended it (AB 1526, 2018).
    Primary,
    /// A compilation.
    Secondary,
    /// General knowledge.
    Unverified,
}

/// A number of years and how well it is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub years: u32,
    pub mark: Mark,
}

/// The periods of one state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub state: UsState,
    /// Contracts in writing.
    pub written: Period,
    /// Open accounts.
    pub open: Period,
    /// Contracts for the sale of goods, UCC 2-725 as the state enacted it; Louisiana has no Article 2.
    pub goods: Option<Period>,
    /// Credit cards.
    pub card: Option<Period>,
    /// The statutes as the sources cite them.
    pub authority: &'static str,
}

#[expect(non_snake_case, reason = "the marks of the research")]
const fn P(years: u32) -> Period {
    Period { years, mark: Mark::Primary }
}

#[expect(non_snake_case, reason = "the marks of the research")]
const fn S(years: u32) -> Period {
    Period { years, mark: Mark::Secondary }
}

#[expect(non_snake_case, reason = "the marks of the research")]
const fn U(years: u32) -> Option<Period> {
    Some(Period { years, mark: Mark::Unverified })
}

const NONE: Option<Period> = None;

const fn row(
    state: &str,
    written: Period,
    open: Period,
    goods: Option<Period>,
    card: Option<u32>,
    authority: &'static str,
) -> Row {
    let state = UsState::of(state).expect("a state");
    let card = match card {
        Some(years) => Some(S(years)),
        None => None,
    };
    Row { state, written, open, goods, card, authority }
}

/// The fifty states and the District. New York's row is that of consumer credit; its
/// marks stay those of compilations, as CPLR 214-i covers credit and not every consumer debt.
pub(super) const STATES: [Row; 51] = [
    row("AL", S(6), S(3), U(4), Some(6), "Ala. Code 6-2-34; 6-2-37"),
    row("AK", S(3), S(3), U(4), Some(3), "AS 09.10.053"),
    row("AZ", S(6), P(3), U(4), Some(6), "A.R.S. 12-548; 12-543"),
    row("AR", S(5), S(3), U(4), Some(5), "Ark. Code 16-56-111; 16-56-105"),
    row("CA", P(4), P(4), U(4), Some(4), "Cal. CCP 337"),
    row(
        "CO",
        S(3),
        S(6),
        Some(P(3)),
        Some(6),
        "C.R.S. 13-80-103.5 (liquidated); 13-80-101 (3, general)",
    ),
    row("CT", S(6), S(6), U(4), Some(6), "C.G.S. 52-576"),
    row("DE", S(3), S(3), U(4), Some(3), "10 Del. C. 8106"),
    row("DC", P(3), P(3), U(4), None, "D.C. Code 12-301(7); 28-3814(o)"),
    row("FL", S(5), S(4), U(4), Some(5), "Fla. Stat. 95.11(2)(b); 95.11(3)"),
    row("GA", S(6), S(4), U(4), Some(4), "O.C.G.A. 9-3-24; 9-3-25"),
    row("HI", S(6), S(6), U(4), Some(6), "HRS 657-1"),
    row("ID", S(5), S(4), U(4), Some(5), "Idaho Code 5-216; 5-217"),
    row("IL", S(10), S(5), U(4), Some(5), "735 ILCS 5/13-206; 5/13-205"),
    row("IN", S(6), S(6), U(4), Some(6), "Ind. Code 34-11-2-11; -2-9 (6, payment of money); -2-7"),
    row("IA", S(10), S(5), U(4), Some(10), "Iowa Code 614.1(5); 614.1(4)"),
    row("KS", S(5), S(3), U(4), Some(5), "K.S.A. 60-511; 60-512"),
    row("KY", S(5), S(5), U(4), Some(5), "KRS 413.160; 413.120"),
    row("LA", S(10), S(3), NONE, Some(10), "La. C.C. art. 3499; 3494"),
    row("ME", S(6), S(6), U(4), Some(6), "14 M.R.S. 752"),
    row("MD", S(3), S(3), U(4), Some(3), "Md. CJP 5-101"),
    row("MA", S(6), S(6), U(4), Some(6), "M.G.L. c. 260 s. 2"),
    row("MI", S(6), S(6), U(4), Some(6), "MCL 600.5807"),
    row("MN", S(6), S(6), Some(S(4)), Some(6), "Minn. Stat. 541.05; 541.053"),
    row("MS", S(3), S(3), U(6), Some(3), "Miss. Code 15-1-49; 15-1-29"),
    row("MO", S(5), S(5), Some(P(4)), Some(5), "RSMo 516.110; 516.120"),
    row("MT", S(8), S(5), U(4), Some(8), "MCA 27-2-202"),
    row("NE", S(5), S(4), U(4), Some(5), "Neb. Rev. Stat. 25-205; 25-206"),
    row("NV", S(6), S(4), U(4), Some(6), "NRS 11.190"),
    row("NH", S(3), S(3), U(4), Some(3), "RSA 508:4"),
    row("NJ", S(6), S(6), U(4), Some(6), "N.J.S.A. 2A:14-1"),
    row("NM", S(6), S(4), U(4), Some(6), "NMSA 37-1-3; 37-1-4"),
    row(
        "NY",
        S(3),
        S(3),
        Some(P(4)),
        Some(3),
        "CPLR 214-i (consumer credit); CPLR 213 (6, other contracts)",
    ),
    row("NC", S(3), S(3), U(4), Some(3), "N.C.G.S. 1-52"),
    row("ND", S(6), S(6), U(4), Some(6), "NDCC 28-01-16"),
    row("OH", S(6), S(4), U(4), Some(6), "ORC 2305.06; 2305.07"),
    row("OK", S(5), S(3), U(5), Some(5), "12 O.S. 95"),
    row("OR", S(6), S(6), U(4), Some(6), "ORS 12.080"),
    row("PA", S(4), S(4), U(4), Some(4), "42 Pa.C.S. 5525"),
    row("RI", S(10), S(10), U(4), Some(10), "R.I.G.L. 9-1-13"),
    row("SC", S(3), S(3), U(6), Some(3), "S.C. Code 15-3-530"),
    row("SD", S(6), S(6), U(4), Some(6), "SDCL 15-2-13"),
    row("TN", S(6), S(6), U(4), Some(6), "T.C.A. 28-3-109"),
    row("TX", S(4), S(4), Some(P(4)), Some(4), "Tex. CPRC 16.004"),
    row("UT", S(6), S(4), U(4), Some(6), "Utah Code 78B-2-309; 78B-2-307"),
    row("VT", S(6), S(6), U(4), Some(6), "12 V.S.A. 511"),
    row("VA", S(5), S(3), U(4), Some(5), "Va. Code 8.01-246"),
    row("WA", S(6), S(3), U(4), Some(6), "RCW 4.16.040 (written); 4.16.080 (3, oral: S)"),
    row("WV", S(10), S(5), U(4), Some(10), "W. Va. Code 55-2-6"),
    row("WI", S(6), S(6), Some(P(6)), Some(6), "Wis. Stat. 893.43"),
    row("WY", S(10), S(8), U(4), Some(10), "Wyo. Stat. 1-3-105"),
];

/// Louisiana's promissory notes, as one compilation has them; other writings have ten years.
pub(super) const LOUISIANA_NOTES: (&str, Period) = ("LA", S(5));

/// New York's other contracts: CPLR 214-i is for consumer credit alone.
pub(super) const NEW_YORK_OTHER: Row =
    row("NY", S(6), S(6), Some(P(4)), None, "CPLR 213; NY UCC 2-725");
