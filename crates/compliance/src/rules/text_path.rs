//! Policy: a consumer is sent texts only at a number that one of the procedures of 12 CFR 1006.6(d)(5)
//! opens, fresh within sixty days. The procedures are a defence and no permission, so the citation is
//! background. Binds every text, typed by hand too; the automated ones need consent besides
//! ([`super::tcpa`]).

use super::email_path::address_of;
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::medium::Medium;
use crate::path;
use crate::span::{Span, Spans};

static GROUND: Ground = Ground::policy("text_path", "policy text_path");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let Some(point) = address_of(case, Medium::Text, &GROUND, out) else { return };
    for account in case.debts(Regime::Consumer) {
        let open = path::open(case.facts, point, Medium::Text, account);
        let open = open.into_iter().map(|(_, span)| span).chain(case.answering());
        let open: Spans = open.collect();
        if out.all_in(&open) {
            continue;
        }
        for shut in Span::ALWAYS.outside(&open) {
            out.deny(shut, &GROUND, Evidence::Known { fact: NO_PATH, since: None });
        }
    }
}

const NO_PATH: &str = "no text or consent of the person opens this number to texts, or it is too long ago and the \
                       number was not checked since";

#[cfg(test)]
mod tests;
