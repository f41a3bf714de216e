//! The work: cases, treatments, tasks, proposals to close.

use duly_domain::Date;
use duly_proto::{
    common::v1::TreatmentKind,
    workflow::v1::{self as workflow},
};

use super::{channel, plain};

/// A working file was opened, or the account joined one.
pub fn case_opened(fact: &workflow::CaseOpened) -> String {
    format!("worked by strategy {}, version {}", fact.strategy, fact.strategy_version)
}

/// A strategy asks for a treatment.
pub fn treatment_due(fact: &workflow::TreatmentDue) -> String {
    let what = match fact.kind() {
        TreatmentKind::Scrub => "check for blocking facts".to_owned(),
        TreatmentKind::Trace => "search for contact points".to_owned(),
        TreatmentKind::Letter => match plain(&fact.template) {
            template if template.is_empty() => channel(fact.channel()).to_owned(),
            template => format!("{} ({template})", channel(fact.channel())),
        },
        TreatmentKind::Call => "call".to_owned(),
        TreatmentKind::Unspecified => "treatment".to_owned(),
    };
    let again = match fact.try_no {
        ..=1 => String::new(),
        many => format!(", try {many}"),
    };
    format!("{what} due, step {}{again}", plain(&fact.step))
}

/// A person must do something.
pub fn task_opened(fact: &workflow::TaskOpened, due_on: Option<Date>) -> String {
    let due = due_on.map(|on| format!(" by {on}")).unwrap_or_default();
    format!("task{due}: {}", fact.reason)
}

/// The strategy is at its end.
pub fn close_proposed(fact: &workflow::CloseProposed) -> String {
    match fact.reason.as_str() {
        "" => format!("closing with code {} proposed", fact.close_code),
        reason => format!("closing with code {} proposed: {reason}", fact.close_code),
    }
}

#[cfg(test)]
mod tests {
    use duly_proto::common::v1::Channel;

    use super::*;

    #[test]
    fn a_treatment_names_what_step_and_which_try() {
        let mut fact = workflow::TreatmentDue {
            template: "commercial_demand".into(),
            step: "first_demand".into(),
            try_no: 1,
            ..Default::default()
        };
        fact.set_kind(TreatmentKind::Letter);
        fact.set_channel(Channel::Mail);
        let words = treatment_due(&fact);
        assert_eq!(words, "letter by post (commercial demand) due, step first demand");
        let mut fact =
            workflow::TreatmentDue { step: "call".into(), try_no: 2, ..Default::default() };
        fact.set_kind(TreatmentKind::Call);
        fact.set_channel(Channel::Call);
        assert_eq!(treatment_due(&fact), "call due, step call, try 2");
    }
}
