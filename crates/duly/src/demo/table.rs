//! The table at the end of a demo, in a manager's words.

use std::collections::BTreeMap;

use comfy_table::Table;
use duly_domain::{Channel, LetterState, Verdict};

use super::{
    REJECTED,
    figures::{Figures, Sums},
    report::Story,
    work::{Decisions, Treatments, Work},
};
use crate::out;

/// All of it.
pub fn of(story: &Story, figures: &Figures, listed: &Sums) -> Table {
    let mut rows = Rows(out::table(["", "count", "amount"]));
    placed(&mut rows, story, figures, listed);
    treatments(&mut rows, &story.work);
    decisions(&mut rows, &story.work);
    letters(&mut rows, story);
    debtors(&mut rows, story);
    money(&mut rows, story);
    ends(&mut rows, &story.work);
    let Rows(mut table) = rows;
    out::right(&mut table, 1..=2);
    table
}

struct Rows(Table);

impl Rows {
    fn counted(&mut self, what: &str, count: u64) {
        self.0.add_row([what.to_owned(), out::count(count), String::new()]);
    }

    fn summed(&mut self, what: &str, sums: &Sums) {
        self.0.add_row([what.to_owned(), out::count(sums.count()), amounts(sums)]);
    }

    fn amount(&mut self, what: &str, sums: &Sums) {
        self.0.add_row([what.to_owned(), String::new(), amounts(sums)]);
    }

    fn each<K: AsRef<str>>(&mut self, counts: &BTreeMap<K, u64>) {
        for (what, count) in counts {
            self.counted(&format!("  {}", plain(what.as_ref())), *count);
        }
    }

    /// As they are written.
    fn each_as_named(&mut self, counts: &BTreeMap<String, u64>) {
        for (what, count) in counts {
            self.counted(&format!("  {what}"), *count);
        }
    }
}

fn placed(rows: &mut Rows, story: &Story, figures: &Figures, listed: &Sums) {
    rows.counted("accounts placed", figures.placed);
    rows.counted("  accepted", figures.accepted);
    rows.counted("  accepted with a warning", figures.accepted_with_warning);
    for (code, count) in &story.tally.warned_by_code {
        rows.counted(&format!("    {code}"), *count);
    }
    rows.counted(&format!("  rejected ({REJECTED})"), figures.rejected);
    for (code, count) in &story.tally.rejected_by_code {
        rows.counted(&format!("    {code}"), *count);
    }
    let items = u64::try_from(figures.items).unwrap_or_default();
    rows.0.add_row(["claim items".to_owned(), out::count(items), amounts(listed)]);
}

fn treatments(rows: &mut Rows, work: &Work) {
    let asked = work.treatments.iter().map(|treatments| treatments.asked).sum();
    rows.counted("treatments that strategies asked for", asked);
    for treatments in &work.treatments {
        let answers: Vec<String> = treatments
            .answers
            .iter()
            .map(|(answer, count)| format!("{} {}", plain(answer), out::count(*count)))
            .collect();
        let what = format!("  {}: {}", treatment(treatments), answers.join(", "));
        rows.counted(&what, treatments.asked);
    }
}

fn treatment(of: &Treatments) -> String {
    match (of.kind, of.template.as_str()) {
        ("scrub", _) => "scrub (bankrupt, dead, in service?)".to_owned(),
        ("trace", _) => "trace (address, number)".to_owned(),
        ("letter", template) => format!("{} by {}", plain(template), by(of.channel)),
        (kind, _) => plain(kind),
    }
}

fn decisions(rows: &mut Rows, work: &Work) {
    rows.counted("attempts permitted", work.decided(Verdict::Allow));
    let permitted = work.decisions.iter().filter(|of| of.verdict == Verdict::Allow.as_str());
    let mut by_channel: BTreeMap<&str, u64> = BTreeMap::new();
    for decisions in permitted {
        *by_channel.entry(by(decisions.channel)).or_default() += decisions.count;
    }
    rows.each(&by_channel);
    for (verdict, title) in [
        (Verdict::Defer, "attempts put off, by authority"),
        (Verdict::Refuse, "attempts refused, by authority"),
    ] {
        rows.counted(title, work.decided(verdict));
        let mut grounds: BTreeMap<String, u64> = BTreeMap::new();
        for decisions in work.decisions.iter().filter(|of| of.verdict == verdict.as_str()) {
            *grounds.entry(ground(decisions)).or_default() += decisions.count;
        }
        rows.each_as_named(&grounds);
    }
    rows.counted("attempts that a stop, dispute or end crossed", work.crossed);
}

fn ground(of: &Decisions) -> String {
    // A policy's authority is its name: `policy agency.usable_point`.
    let authority = match of.authority.strip_prefix("policy ").unwrap_or(&of.authority) {
        "" => "no authority named",
        authority => authority,
    };
    let force = if of.force.is_empty() { String::new() } else { format!("{}: ", of.force) };
    format!("{force}{authority} ({})", plain(&of.rule))
}

fn letters(rows: &mut Rows, story: &Story) {
    let work = &story.work;
    let (mut count, mut pages) = (0, 0);
    for state in [LetterState::Mailed, LetterState::Returned, LetterState::Unknown] {
        for channel in [Channel::Mail, Channel::Email] {
            let (letters, of) = work.letters(channel, state);
            (count, pages) = (count + letters, pages + of);
        }
    }
    rows.counted(&format!("letters that left the house, {} pages", out::count(pages)), count);
    let mut by_template: BTreeMap<String, u64> = BTreeMap::new();
    for letters in &work.letters {
        let what = format!("{} by {}: {}", letters.template, by(letters.channel), letters.state);
        *by_template.entry(what).or_default() += letters.count;
    }
    rows.each(&by_template);
    rows.counted("  e-mails that arrived in the demo's mailbox", story.mails);
}

fn debtors(rows: &mut Rows, story: &Story) {
    let log = &story.lived.log;
    rows.counted("calls made", log.calls.values().sum());
    rows.each(&log.calls);
    rows.counted("said and written by debtors", log.words.values().sum());
    rows.each(&log.words);
    rows.counted("done by clients", log.clients.values().sum());
    rows.each(&log.clients);
    let promises = &story.work.promises;
    rows.0.add_row([
        "promises made".to_owned(),
        out::count(promises.values().sum::<u64>()),
        amounts(&log.promised),
    ]);
    rows.each(promises);
    rows.counted("disputes opened", story.work.disputes.values().sum());
    rows.each(&story.work.disputes);
    if !log.too_late.is_empty() {
        rows.counted("came too late for their account", log.too_late.values().sum());
        rows.each(&log.too_late);
    }
}

fn money(rows: &mut Rows, story: &Story) {
    let (log, remitted) = (&story.lived.log, &story.lived.remitted);
    rows.summed("payments", &log.posted);
    rows.summed("  direct to the client", &log.direct);
    rows.summed("  taken back", &log.reversed);
    rows.summed("  for no known account", &log.unapplied);
    rows.amount("commission", &remitted.commission);
    let statements = u64::try_from(remitted.statements.len() / 2).unwrap_or_default();
    rows.0.add_row([
        "remitted, a statement each".to_owned(),
        out::count(statements),
        amounts(&remitted.remitted),
    ]);
    rows.amount("carried forward", &remitted.carried_forward);
}

fn ends(rows: &mut Rows, work: &Work) {
    let open = work.accounts.get("open").copied().unwrap_or_default();
    let closed = work.accounts.values().sum::<u64>() - open;
    rows.counted("accounts closed, by code", closed);
    for (code, count) in work.accounts.iter().filter(|(code, _)| *code != "open") {
        rows.counted(&format!("  {code}"), *count);
    }
    rows.counted("accounts open", open);
    rows.counted("tasks that wait for somebody", work.tasks.values().sum());
    rows.each(&work.tasks);
}

/// One line per currency.
fn amounts(sums: &Sums) -> String {
    let lines =
        sums.currencies().map(|currency| out::amount(sums.minor(currency), currency.code()));
    lines.collect::<Vec<_>>().join("\n")
}

fn plain(code: &str) -> String {
    code.replace('_', " ")
}

fn by(channel: &str) -> &str {
    match channel {
        "mail" => "post",
        "email" => "e-mail",
        other => other,
    }
}
