//! Strategy documents at hand: those that accounts run, and the standard ones that new accounts begin
//! with. A built-in document is published as version 1 when it is first needed.

use std::collections::{BTreeMap, BTreeSet};

use duly_domain::DebtClass;
use duly_platform::Tx;
use duly_strategy::{BUILT_IN, Document, standard_for};

use crate::{
    error::{Result, WorkflowError},
    model::{CaseAccount, StrategyKey},
    store::strategy::{self, Published},
};

/// Documents by name and version.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    by_key: BTreeMap<StrategyKey, Document>,
    standard: BTreeMap<&'static str, StrategyKey>,
}

impl Documents {
    /// What these accounts need.
    pub(crate) async fn load(tx: &mut Tx, accounts: &[CaseAccount]) -> Result<Self> {
        let keys: BTreeSet<StrategyKey> =
            accounts.iter().filter_map(|account| account.strategy.clone()).collect();
        let keys: Vec<StrategyKey> = keys.into_iter().collect();
        let mut documents = Self::default();
        for published in strategy::versions(tx.conn(), &keys).await? {
            documents.keep(&published)?;
        }
        if accounts.iter().any(|account| account.strategy.is_none()) {
            for debt_class in DebtClass::ALL {
                let name = standard_for(*debt_class);
                if let Some(published) = latest(tx, name).await? {
                    let key = documents.keep(&published)?;
                    documents.standard.insert(name, key);
                }
            }
        }
        Ok(documents)
    }

    fn keep(&mut self, published: &Published) -> Result<StrategyKey> {
        let key = StrategyKey { name: published.name.clone(), version: published.version };
        let document = parse(published)?;
        self.by_key.insert(key.clone(), document);
        Ok(key)
    }

    /// A document that an account runs.
    pub(crate) fn get(&self, key: &StrategyKey) -> Result<&Document> {
        let unread = || WorkflowError::Strategy { name: key.name.clone(), version: key.version };
        self.by_key.get(key).ok_or_else(unread)
    }

    /// What claims of this class begin with.
    pub(crate) fn standard(&self, debt_class: DebtClass) -> Option<(&StrategyKey, &Document)> {
        let key = self.standard.get(standard_for(debt_class))?;
        self.by_key.get_key_value(key)
    }
}

/// A published document, read again. It was checked when it was published.
pub(crate) fn parse(published: &Published) -> Result<Document> {
    Document::parse(&published.document).map_err(|_| WorkflowError::Strategy {
        name: published.name.clone(),
        version: published.version,
    })
}

/// The latest version of a strategy, if there is one of this name. A built-in one of which nothing was
/// published yet is published now.
pub(crate) async fn latest(tx: &mut Tx, name: &str) -> Result<Option<Published>> {
    if let Some(published) = strategy::latest(tx.conn(), &[name.to_owned()]).await?.pop() {
        return Ok(Some(published));
    }
    let Some(published) = built_in(tx, name) else { return Ok(None) };
    strategy::insert(tx.conn(), &published).await?;
    Ok(Some(published))
}

/// A built-in document as the version that it is published as.
pub(crate) fn built_in(tx: &Tx, name: &str) -> Option<Published> {
    let found = BUILT_IN.iter().find(|built_in| built_in.name == name)?;
    Some(Published {
        name: found.name.to_owned(),
        version: 1,
        document: found.document.to_owned(),
        published_by: String::new(),
        published_at: tx.now(),
    })
}

/// The names that an account can be given, published and built in.
pub(crate) async fn names(tx: &mut Tx) -> Result<Vec<String>> {
    let mut names: BTreeSet<String> = strategy::names(tx.conn()).await?.into_iter().collect();
    names.extend(BUILT_IN.iter().map(|built_in| built_in.name.to_owned()));
    Ok(names.into_iter().collect())
}
