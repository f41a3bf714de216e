//! What somebody should look at before an attempt that nothing forbids.
//!
//! A presumption of compliance can be rebutted by how contacts follow one another (12 CFR 1006, comments
//! 14(a)-1, 14(b)(2)(i)-2), and no number says from where on. A warning blocks nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::blocked::Ground;
use crate::span::Span;

/// A stretch in which the attempt is warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warned {
    /// When.
    pub span: Span,
    /// By which rule and authority; the rule is the warning's code.
    pub ground: &'static Ground,
    /// In plain words; names no person.
    pub sentence: &'static str,
}

impl Warned {
    /// The form that is stored and shown.
    pub fn warning(&self) -> Warning {
        Warning {
            code: Cow::Borrowed(self.ground.rule),
            authority: Cow::Borrowed(self.ground.authority),
            sentence: Cow::Borrowed(self.sentence),
        }
    }
}

/// One warning, in the form that is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The stable code.
    pub code: Cow<'static, str>,
    /// The citation or the policy's name.
    pub authority: Cow<'static, str>,
    /// In plain words; names no person.
    pub sentence: Cow<'static, str>,
}
