//! Days: periods, deadlines and how long records are kept.

use chrono::Months;
use duly_compliance::Medium;
use duly_compliance::path::notice;
use duly_domain::Date;
use duly_domain::business_day::Skip;
use duly_domain::validation_period::{earliest_end, earliest_receipt};
use serde_json::{Value, json};

use super::{Asked, some};
use crate::event::Does;
use crate::scene::Told;
use crate::when;
use crate::words::Bad;

/// "A period of 14 consecutive days … is a reasonable period of time": comment 30(a)(1)-2.
const REASONABLE_DAYS: u32 = 14;
/// Records: "until three years after": 12 CFR 1006.100(a), (b).
const RETAIN_MONTHS: Months = Months::new(36);
/// "Within five days of that initial communication": 12 CFR 1006.34(a)(1)(i)(B).
const NOTICE_DAYS: i64 = 5;

impl Asked<'_> {
    /// The values that are days, or count them; `None`: not a word here.
    pub(super) fn day(&self, key: &str) -> Result<Option<Value>, Bad> {
        let text = |day: Option<Date>| some(day.map(|day| day.to_string()));
        let provided = self.provided()?;
        let reckoned =
            |by: fn(Date, Skip) -> Option<Date>, skip| provided.and_then(|day| by(day, skip));
        Ok(Some(match key {
            "safe_period_days" => json!(REASONABLE_DAYS),
            "period_starts" => text(self.about_the_debt().map(|told| told.day)),
            "assumed_receipt" => match self.stated("assumed_receipt")? {
                Some(day) if self.text.contains("state") => text(Some(day)),
                _ => text(reckoned(earliest_receipt, Skip::ObservedToo)),
            },
            "assumed_receipt_earliest" => text(reckoned(earliest_receipt, Skip::Stated)),
            "end_date_earliest" => text(reckoned(earliest_end, Skip::Stated)),
            "end_date_if_observed_days_also_excluded" => {
                text(reckoned(earliest_end, Skip::ObservedToo))
            }
            // What was printed governs, whatever is learned later (comment 34(b)(5)-1).
            "end_date" => match self.stated("end_date")? {
                Some(day) => text(Some(day)),
                None => text(reckoned(earliest_end, Skip::ObservedToo)),
            },
            "retain_until" => {
                text(self.retain_from().and_then(|day| day.checked_add_months(RETAIN_MONTHS)))
            }
            "notice_complete_on" | "notification_complete" => {
                text(self.last(|told| told.kind.does() == Does::Cease).map(|told| told.day))
            }
            "notice_deadline" => {
                let first = self.initial(&Value::Null)?;
                let first = first.as_str().and_then(|day| day.parse().ok());
                text(first.map(|day| when::plus(day, NOTICE_DAYS)))
            }
            "opt_out_deadline_earliest" => {
                let sent = self.last(|told| told.kind.is(&["creditor_notice_sent"]));
                text(sent.map(|told| notice::earliest_deadline(told.day)))
            }
            "new_information" | "new_and_material" | "material" => some(self.new_and_material()?),
            // Other words may say the same (comment 38(a)(1)-1); what is new and material does not.
            "substantially_same_possible" => some(match self.new_and_material()? {
                Some(new) => Some(!new),
                None => self.last(is_dispute).map(|_| true),
            }),
            "duplicative" => some(self.duplicative()?),
            _ => return Ok(None),
        }))
    }

    fn last(&self, fit: impl Fn(&Told) -> bool) -> Option<&Told> {
        self.scene.told.iter().rev().find(|told| told.at <= self.end && fit(told))
    }

    /// The last notice that was provided.
    fn notice(&self) -> Option<&Told> {
        self.last(|told| {
            matches!(told.kind.does(), Does::Validation(_))
                || matches!(told.kind.does(), Does::Fact("validation_spoken"))
        })
    }

    fn provided(&self) -> Result<Option<Date>, Bad> {
        Ok(self.notice().map(|told| told.day))
    }

    fn stated(&self, key: &str) -> Result<Option<Date>, Bad> {
        match self.notice() {
            Some(told) => when::day(told.obj(), key),
            None => Ok(None),
        }
    }

    /// The last letter or electronic message about the debt.
    fn about_the_debt(&self) -> Option<&Told> {
        self.last(|told| match told.kind.does() {
            Does::Validation(_) => true,
            Does::Sent(medium) => medium != Medium::Visit,
            _ => false,
        })
    }

    /// From which day records are kept three years: a recording from its call, everything else from the last
    /// activity.
    fn retain_from(&self) -> Option<Date> {
        let recording = self.last(|told| told.kind.is(&["call_recorded"]));
        let asks = self.text.contains("record") && !self.text.contains("records");
        match recording {
            Some(told) if asks => Some(told.day),
            _ => {
                let activity = |told: &Told| {
                    !told.kind.is(&["call_recorded", "monitoring_end"])
                        && !matches!(told.kind.does(), Does::Received(_) | Does::Others)
                };
                self.last(activity).or(recording).map(|told| told.day)
            }
        }
    }

    /// Whether the last dispute brings what was not told before and may change the answer. Comment
    /// 38(a)(1)-2.
    fn new_and_material(&self) -> Result<Option<bool>, Bad> {
        let Some(told) = self.last(is_dispute) else { return Ok(None) };
        let obj = told.obj();
        let new = obj.flag("new_and_material")?.or(obj.flag("new_information")?);
        let material = obj.flag("material")?;
        let keys = [
            "supporting",
            "attachment",
            "enclosed",
            "includes",
            "information",
            "encloses",
            "supporting_information",
            "supporting_documents",
            "documents",
            "evidence",
            "new_evidence",
        ];
        let brings = keys.iter().filter_map(|key| obj.get(key)).any(|what| {
            what != &Value::Bool(false) && what.as_str().is_none_or(|what| what != "none")
        });
        Ok(match (new, material) {
            (Some(new), material) => Some(new && material != Some(false)),
            (None, Some(material)) => Some(material && brings),
            (None, None) => brings.then_some(true),
        })
    }

    /// 12 CFR 1006.38(a)(1), as the guard's own test has it.
    fn duplicative(&self) -> Result<Option<bool>, Bad> {
        use duly_compliance::{DisputeForm, LaterDispute};
        let Some(told) = self.last(is_dispute) else { return Ok(None) };
        let verified = self
            .scene
            .told
            .iter()
            .any(|other| other.kind.is(&["verification_sent"]) && other.at < told.at);
        let form = self.world.facts.disputes.iter().rev().find(|dispute| dispute.from == told.at);
        let later = LaterDispute {
            form: form.map_or(DisputeForm::Unknown, |dispute| dispute.form),
            substantially_same: told.obj().flag("substantially_same")? != Some(false),
            earlier_was_verified: verified,
            new_and_material: self.new_and_material()? == Some(true),
        };
        Ok(Some(later.is_duplicative()))
    }
}

fn is_dispute(told: &Told) -> bool {
    told.kind.does() == Does::Dispute
}
