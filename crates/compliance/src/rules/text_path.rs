//! Policy: a consumer is sent texts only at a number that one of the procedures of 12 CFR 1006.6(d)(5)
//! opens, fresh within sixty days. The procedures are a defence and no permission, so the citation is
//! background. Binds every text, typed by hand too; the automated ones need consent besides
//! ([`super::tcpa`]).

use super::email_path::disclosed;
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::medium::Medium;
use crate::path;
use crate::proposed::Purpose;
use crate::span::Span;

static GROUND: Ground = Ground::policy("text_path", "policy text_path");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if proposed.medium != Medium::Text
        || !proposed.recipient.is_consumer()
        || proposed.purpose == Purpose::OptOutConfirmation
    {
        return;
    }
    let Some(point) = proposed.point else { return };
    if let Some(reported) = path::disclosed_at(case.facts, point)
        && case.any(Regime::Consumer)
    {
        out.deny(Span::since(reported), &GROUND, disclosed(case.agency_date(reported)));
    }
    for account in case.debts(Regime::Consumer) {
        let open = path::open(case.facts, point, proposed.medium, account);
        let open = open.into_iter().map(|(_, span)| span).chain(case.answering());
        for shut in Span::ALWAYS.outside(&open.collect::<Vec<_>>()) {
            out.deny(shut, &GROUND, Evidence::Known { fact: NO_PATH, since: None });
        }
    }
}

const NO_PATH: &str = "no text or consent of the person opens this number to texts, or it is too long ago and the \
                       number was not checked since";

#[cfg(test)]
mod tests;
