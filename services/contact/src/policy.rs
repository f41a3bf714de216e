//! What the agency decided beyond its hours, as one YAML file says: its own limits and those of clients, which
//! are stricter than law and never looser, and where it is licensed.
//!
//! ```yaml
//! agency: {touches_per_person_day: 1, touches_per_person_7_days: 4}
//! clients:                       # by their short names, for their own accounts
//!   ACME: {calls_per_debt_7_days: 3, not_by: [text]}
//! licences:                      # left out: licences are not checked
//! - {region: {state: MA}, class: consumer, from: 2020-01-01, to: 2027-12-31}
//! - {region: {state: NY, city: new_york}, from: 2021-05-01}
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use duly_compliance::facts::{Licence, Limits, Region};
use duly_domain::{AccountId, UsState};
use serde::Deserialize;

/// Largest file that is read, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// The agency's limits, its clients' and its licences.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What binds every account. Touches of a person on one day are one unless a number is told.
    agency: Limits,
    /// What a client asks for its own accounts, by its short name.
    clients: BTreeMap<String, Limits>,
    /// Every licence, registration, bond and exemption; `None`: no table is kept here.
    licences: Option<Vec<Licence>>,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The file.
    #[error("{path} cannot be read: {why}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        why: String,
    },
    /// No YAML, or a key or value that is none.
    #[error("{0}")]
    Yaml(String),
    /// A value that means nothing here.
    #[error("{key} {reason}")]
    Key {
        /// Which.
        key: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Default for Policy {
    fn default() -> Self {
        Self { agency: Limits::agency(), clients: BTreeMap::new(), licences: None }
    }
}

impl Policy {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or says what is no policy.
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        let wrong = |why: String| PolicyError::File { path: path.display().to_string(), why };
        let size = path.metadata().map_err(|error| wrong(error.to_string()))?.len();
        if size > BYTES_MAX {
            return Err(wrong(format!("it is larger than {BYTES_MAX} bytes")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn parse(yaml: &str) -> Result<Self, PolicyError> {
        let mut policy: Self =
            serde_saphyr::from_str(yaml).map_err(|error| PolicyError::Yaml(error.to_string()))?;
        let own = Limits::agency();
        let agency = &mut policy.agency;
        agency.touches_per_person_day =
            agency.touches_per_person_day.or(own.touches_per_person_day);
        check("agency", &policy.agency)?;
        for (client, limits) in &policy.clients {
            let key = format!("clients.{client}");
            check(&key, limits)?;
            if !limits.ruled_out.is_empty() {
                let reason = "is the agency's alone: law does not end for one client's accounts";
                return Err(PolicyError::Key { key: format!("{key}.ruled_out"), reason });
            }
        }
        for (licence, no) in policy.licences.iter().flatten().zip(1..) {
            if licence.to.is_some_and(|to| to < licence.from) {
                let reason = "ends before it begins";
                return Err(PolicyError::Key { key: format!("licence {no}"), reason });
            }
        }
        policy.agency.licences_checked = Some(policy.licences.is_some());
        Ok(policy)
    }

    /// Whether the table of the agency's licences is kept here, so that contact is held or denied where one
    /// is missing.
    #[must_use]
    pub const fn checks_licences(&self) -> bool {
        self.licences.is_some()
    }

    /// The limits of a person who owes these accounts, each with its client's short name.
    pub(crate) fn limits(&self, owed: &BTreeMap<AccountId, &str>) -> Vec<Limits> {
        // What is kept beside a decision says whether licences were asked for.
        let agency =
            Limits { licences_checked: Some(self.checks_licences()), ..self.agency.clone() };
        let own = self.clients.iter().filter_map(|(client, limits)| {
            let of_client = owed.iter().filter(|(_, owed_to)| **owed_to == client);
            let accounts: Vec<AccountId> = of_client.map(|(account, _)| *account).collect();
            // Limits without accounts would bind everybody's.
            (!accounts.is_empty()).then(|| Limits { accounts, ..limits.clone() })
        });
        std::iter::once(agency).chain(own).collect()
    }

    /// The licences in these regions and the states around them.
    pub(crate) fn licences(&self, regions: &[Region]) -> Vec<Licence> {
        let states: BTreeSet<UsState> = regions.iter().map(|region| region.state).collect();
        let there = |licence: &&Licence| states.contains(&licence.region.state);
        self.licences.iter().flatten().filter(there).copied().collect()
    }
}

fn check(key: &str, limits: &Limits) -> Result<(), PolicyError> {
    let wrong = |name, reason| Err(PolicyError::Key { key: format!("{key}.{name}"), reason });
    if !limits.accounts.is_empty() {
        return wrong("accounts", "are not named here: limits are the agency's or a client's");
    }
    if limits.licences_checked.is_some() {
        return wrong("licences_checked", "is not set: a list of `licences` is checked");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use duly_domain::AccountId;
    use uuid::Uuid;

    use super::*;

    fn account(no: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(no))
    }

    #[test]
    fn a_clients_limits_bind_its_own_accounts_and_nobody_else_s() {
        let policy = Policy::parse("clients: {ACME: {calls_per_debt_7_days: 3}}").unwrap();
        let owed = BTreeMap::from([(account(1), "ACME"), (account(2), "BETA")]);
        let [agency, acme] = policy.limits(&owed).try_into().unwrap();
        assert_eq!((agency.touches_per_person_day, agency.accounts.len()), (Some(1), 0));
        assert_eq!((acme.calls_per_debt_7_days, acme.accounts), (Some(3), vec![account(1)]));
        let others = policy.limits(&BTreeMap::from([(account(2), "BETA")]));
        assert_eq!(others.len(), 1, "a limit without accounts would bind everybody's");
    }

    #[test]
    fn one_touch_a_day_is_the_budget_until_the_agency_tells_another() {
        let of = |yaml| Policy::parse(yaml).unwrap().agency.touches_per_person_day;
        assert_eq!(of("agency: {calls_per_debt_7_days: 5}"), Some(1));
        assert_eq!(of("agency: {touches_per_person_day: 3}"), Some(3));
    }

    #[test]
    fn licences_are_checked_where_they_are_listed_and_a_decision_says_so() {
        let none = Policy::parse("agency: {}").unwrap();
        assert_eq!(none.limits(&BTreeMap::new())[0].licences_checked, Some(false));
        assert_eq!(Policy::default().limits(&BTreeMap::new())[0].licences_checked, Some(false));
        let some = "licences: [{region: {state: MA}, from: 2020-01-01}, {region: {state: NY}, from: 2020-01-01}]";
        let some = Policy::parse(some).unwrap();
        assert_eq!(some.limits(&BTreeMap::new())[0].licences_checked, Some(true));
        let boston = Region { state: "MA".parse().unwrap(), city: None };
        assert_eq!(some.licences(&[boston]).len(), 1);
        assert!(Policy::parse("licences: []").unwrap().checks_licences());
    }

    #[test]
    fn what_means_nothing_is_refused_with_its_key() {
        let said = |yaml| Policy::parse(yaml).unwrap_err().to_string();
        assert!(said("agency: {call_per_debt: 3}").contains("call_per_debt"));
        assert!(said("agency: {licences_checked: true}").starts_with("agency.licences_checked"));
        assert!(
            said("clients: {A: {ruled_out: [unverified state.nh.work]}}").contains("ruled_out")
        );
        let backwards = "licences: [{region: {state: MA}, from: 2020-01-02, to: 2020-01-01}]";
        assert!(said(backwards).contains("ends before it begins"));
        assert!(said("licences: [{region: {state: XX}, from: 2020-01-02}]").contains("XX"));
        let missing = Policy::read(Path::new("/nowhere/agency.yaml")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere/agency.yaml cannot be read"));
    }
}
