//! The provider of searches: reads the files of questions in its folder and gives a file of answers.

use std::{collections::HashMap, fs};

use anyhow::{Context as _, Result};
use duly_domain::Date;
use duly_proto::{
    common::v1::PageRequest,
    skiptrace::v1::{
        ImportResultsRequest, ListSearchesRequest, RequestSearchRequest, Search, SearchKind,
        SearchState,
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{AT_ONCE, Life, agenda::Who};
use crate::files;

/// Whose answers they are, as skiptrace knows it.
const PROVIDER: &str = "file";

/// What the provider reads of a question.
#[derive(serde::Deserialize)]
struct Question {
    reference: String,
    kind: String,
}

/// One line of its answer; its other columns stay empty.
#[derive(Default)]
struct Line {
    reference: String,
    result: &'static str,
    since: String,
    detail: String,
    chapter: Option<u32>,
    phone: String,
    address: String,
    city: &'static str,
    state: &'static str,
    zip: &'static str,
    confidence: Option<u32>,
}

const COLUMNS: [&str; 12] = [
    "reference",
    "result",
    "since",
    "detail",
    "chapter",
    "phone",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "confidence",
];

impl Life<'_> {
    /// Whoever was placed without an address is searched for at once: nothing can be sent to him.
    pub(super) async fn search_for_unlocated(&mut self) -> Result<()> {
        let door = &self.desks.collector;
        let asked: Vec<()> = stream::iter(self.cast.unlocated())
            .map(async |(actor, party)| {
                let mut request = RequestSearchRequest {
                    request_id: format!("demo search {}", party.party_id),
                    account_id: actor.account_id.clone(),
                    party_id: party.party_id.clone(),
                    ..RequestSearchRequest::default()
                };
                request.set_kind(SearchKind::Trace);
                let answer = door.skiptrace()?.request_search(request).await;
                answer
                    .map(drop)
                    .map_err(|status| door.explain(&status))
                    .context("asking for a search")
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        self.stirred |= !asked.is_empty();
        Ok(())
    }

    /// Answers the questions that are new in the provider's folder.
    pub(super) async fn answer_searches(&mut self, today: Date) -> Result<()> {
        let files = self.new_questions()?;
        if files.is_empty() {
            return Ok(());
        }
        let asked = self.asked().await?;
        for (name, questions) in files {
            let mut lines = csv::Writer::from_writer(Vec::new());
            lines.write_record(COLUMNS)?;
            for question in questions {
                let search = asked.get(&question.reference);
                let who = search.copied().context("a question that skiptrace does not know")?;
                for line in self.find(who, question, today) {
                    lines.write_record(line.fields())?;
                }
            }
            let content = lines.into_inner().context("writing the answers")?;
            self.import(&name, content).await?;
        }
        self.stirred = true;
        Ok(())
    }

    /// Name and questions of each file that was not read yet.
    fn new_questions(&mut self) -> Result<Vec<(String, Vec<Question>)>> {
        let dir = self.provider_dir().join("requests");
        let listed = match fs::read_dir(&dir) {
            Ok(listed) => listed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(files::trouble("looking into", &dir, error)),
        };
        let mut names = Vec::new();
        for entry in listed {
            let entry = entry.map_err(|error| files::trouble("looking into", &dir, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // A name that begins with a dot is a file half written.
            if !name.starts_with('.') && !self.seen.contains(&name) {
                names.push(name);
            }
        }
        // By content: so is their name.
        names.sort();
        let mut found = Vec::new();
        for name in names {
            let path = dir.join(&name);
            let mut reader = csv::Reader::from_path(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            let questions: Result<Vec<Question>, _> = reader.deserialize().collect();
            found.push((
                name.clone(),
                questions.with_context(|| format!("reading {}", path.display()))?,
            ));
            self.seen.insert(name);
        }
        Ok(found)
    }

    /// Whom the provider is asked about, by the reference of the question.
    async fn asked(&self) -> Result<HashMap<String, Who>> {
        let door = &self.desks.manager;
        let (mut asked, mut page_token) = (HashMap::new(), String::new());
        loop {
            let mut request = ListSearchesRequest {
                provider: PROVIDER.to_owned(),
                page: Some(PageRequest { page_size: 1_000, page_token }),
                ..ListSearchesRequest::default()
            };
            request.set_state(SearchState::Asked);
            let answer = door.skiptrace()?.list_searches(request).await;
            let answer = answer
                .map_err(|status| door.explain(&status))
                .context("asking for the searches")?
                .into_inner();
            for Search { reference, party_id, .. } in answer.searches {
                asked.insert(reference, self.cast.by_party(&party_id)?);
            }
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok(asked);
            }
        }
    }

    fn find(&mut self, who: Who, question: Question, today: Date) -> Vec<Line> {
        let Question { reference, kind } = question;
        let line = |result| Line { reference: reference.clone(), result, ..Line::default() };
        let debtor = self.cast.debtor_mut(who);
        let mut lines = Vec::new();
        if kind == "scrub" {
            lines.extend(debtor.on_scrub(today).map(|hit| Line {
                since: hit.since.to_string(),
                detail: hit.detail,
                chapter: Some(hit.chapter).filter(|chapter| *chapter > 0),
                ..line(hit.kind.as_str())
            }));
        } else {
            let found = debtor.on_trace();
            let confidence = Some(found.confidence);
            lines.extend(found.phone.map(|phone| Line { phone, confidence, ..line("phone") }));
            lines.extend(found.address.map(|(address, place)| Line {
                address,
                city: place.city,
                state: place.state,
                zip: place.zip,
                confidence,
                ..line("address")
            }));
        }
        self.log.searches.0 += 1;
        if lines.is_empty() {
            return vec![line("nothing")];
        }
        self.log.searches.1 += 1;
        lines
    }

    async fn import(&self, name: &str, content: Vec<u8>) -> Result<()> {
        let request = ImportResultsRequest {
            request_id: format!("demo answers {name}"),
            provider: PROVIDER.to_owned(),
            file_name: name.to_owned(),
            content,
        };
        let door = &self.desks.manager;
        let answer = door.skiptrace()?.import_results(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("importing the provider's answers")?
            .into_inner();
        let bad = answer.bad_lines.first();
        anyhow::ensure!(
            bad.is_none(),
            "the provider's answers have {} bad lines; the first: {bad:?}",
            answer.bad_lines.len()
        );
        Ok(())
    }
}

impl Line {
    fn fields(self) -> [String; 12] {
        let text = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
        let country = if self.city.is_empty() { "" } else { "US" };
        [
            self.reference,
            self.result.to_owned(),
            self.since,
            self.detail,
            text(self.chapter),
            self.phone,
            self.address,
            self.city.to_owned(),
            self.state.to_owned(),
            self.zip.to_owned(),
            country.to_owned(),
            text(self.confidence),
        ]
    }
}
