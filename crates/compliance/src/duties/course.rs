//! The course of one duty through the facts: what opens it, what meets it, what comes too early.

use duly_domain::Instant;

use super::definition::{Due, Duty, Kind, Per};
use super::history::{Fact, Looking};
use super::{Obligation, State, Whom};
use crate::facts::Account;
use crate::span::Span;

/// One obligation on its way.
#[derive(Debug, Clone, Copy)]
struct Course {
    whom: Whom,
    by: Fact,
    due: Due,
    met: Option<Instant>,
    broken: Option<Instant>,
}

/// The obligations of a duty, each as it stands.
pub(crate) fn obligations(duty: &'static Duty, look: &Looking<'_>) -> Vec<Obligation> {
    if !duty.reaches(look) {
        return Vec::new();
    }
    let mut courses = Courses { duty, look, all: Vec::new() };
    // Facts of one instant are known together: what opens comes before what meets it.
    for known in look.history.chunk_by(|one, next| one.at == next.at) {
        let meets = |fact: &Fact| duty.met_by.contains(&fact.sign);
        for fact in known.iter().filter(|fact| !meets(fact)) {
            courses.open(fact);
        }
        for fact in known.iter().filter(|fact| meets(fact)) {
            let used = courses.meet(fact);
            if (!used || duty.renews) && courses.open(fact) {
                courses.meet(fact);
            }
        }
        for fact in known {
            courses.act(fact);
        }
    }
    courses.all.iter().map(|course| courses.finish(course)).collect()
}

struct Courses<'a> {
    duty: &'static Duty,
    look: &'a Looking<'a>,
    all: Vec<Course>,
}

impl Courses<'_> {
    /// Opens what the fact opens; says whether it opened anything.
    fn open(&mut self, fact: &Fact) -> bool {
        let (duty, look) = (self.duty, self.look);
        if !duty.opens.contains(&fact.sign) {
            return false;
        }
        let wants = |row: Option<&Account>| duty.when.is_none_or(|when| when(look, fact, row));
        let before = self.all.len();
        let whole = Whom { point: fact.point, party: fact.party, ..Whom::default() };
        match duty.per {
            Per::Agency => {
                if wants(None) {
                    self.start(Whom { region: fact.region, ..Whom::default() }, fact, None);
                }
            }
            Per::Account => {
                for row in duty.accounts(look, fact).filter(|row| wants(Some(row))) {
                    let whom = Whom { account: Some(row.id), party: Some(row.party), ..whole };
                    self.start(whom, fact, None);
                }
            }
            Per::Person | Per::Point => {
                if duty.accounts(look, fact).any(|row| wants(Some(row))) {
                    let account = if duty.per == Per::Point { fact.account } else { None };
                    self.start(Whom { account, ..whole }, fact, None);
                }
            }
        }
        self.all.len() > before
    }

    fn start(&mut self, whom: Whom, fact: &Fact, broken: Option<Instant>) {
        let once = self.duty.once;
        let same = |course: &Course| {
            let whom = course.whom.account == whom.account
                && course.whom.point == whom.point
                && course.whom.region == whom.region;
            let fact_again = course.by.at == fact.at
                && course.by.matter == fact.matter
                && course.by.on == fact.on;
            whom && (once || fact_again)
        };
        if self.all.iter().any(same) {
            return;
        }
        let due = if broken.is_some() {
            Due::InTheAct
        } else {
            self.duty.term.due(self.look, fact, self.duty.act.as_ref())
        };
        self.all.push(Course { whom, by: *fact, due, met: None, broken });
    }

    /// Meets what the fact meets; says whether it met anything.
    fn meet(&mut self, fact: &Fact) -> bool {
        let (duty, look) = (self.duty, self.look);
        let mut used = false;
        for course in self.all.iter_mut().filter(|course| course.met.is_none()) {
            // What ends a timer comes after what started it.
            let renews = duty.renews && course.by.at == fact.at;
            let too_early = match course.due {
                Due::By { from: Some(from), .. } => look.date(fact.at) < from,
                Due::By { from: None, .. } | Due::InTheAct | Due::Before(_) | Due::NoDay => false,
            };
            let fits =
                bears_on(course, fact) && duty.fits.is_none_or(|fits| fits(look, &course.by, fact));
            if fits && !too_early && !renews {
                course.met = Some(fact.at);
                used = true;
                if duty.each {
                    break;
                }
            }
        }
        used
    }

    /// Breaks what the fact comes too early for, or says to be missing.
    fn act(&mut self, fact: &Fact) {
        let (duty, look) = (self.duty, self.look);
        if duty.broken_by.contains(&fact.sign) {
            self.missing(fact);
        }
        let Some(act) = duty.act.filter(|act| act.signs.contains(&fact.sign)) else { return };
        let is_one = |by: &Fact| act.fits.is_none_or(|fits| fits(look, by, fact));
        let mut asked = false;
        for course in self.all.iter_mut().filter(|course| bears_on(course, fact)) {
            asked = true;
            let unmet = course.met.is_none() || duty.kind == Kind::Timer;
            let crosses = course.by.at < fact.at && unmet && course.broken.is_none();
            if crosses && is_one(&course.by) {
                course.broken = Some(fact.at);
            }
        }
        let met_before = || look.of(duty.met_by, fact.account).any(|met| met.at <= fact.at);
        if act.asks && !asked && is_one(fact) && !met_before() {
            let wants = |row: &&Account| duty.when.is_none_or(|when| when(look, fact, Some(row)));
            for row in duty.accounts(look, fact).filter(wants) {
                let whom =
                    Whom { account: Some(row.id), party: Some(row.party), ..Whom::default() };
                self.start(whom, fact, Some(fact.at));
            }
        }
    }

    /// A text was missing: of what is owed once, that lapsed; of what each act owes, that act.
    fn missing(&mut self, fact: &Fact) {
        let (duty, look) = (self.duty, self.look);
        if duty.met_by.is_empty() {
            let standing: Vec<Whom> = self
                .all
                .iter()
                .filter(|course| course.broken.is_none() && bears_on(course, fact))
                .filter(|course| duty.fits.is_none_or(|fits| fits(look, &course.by, fact)))
                .map(|course| course.whom)
                .collect();
            for whom in standing {
                let due = Due::InTheAct;
                let broken = Some(fact.at);
                self.all.push(Course { whom, by: *fact, due, met: None, broken });
            }
        } else {
            let standing = self.all.iter_mut().filter(|course| bears_on(course, fact));
            let standing =
                standing.filter(|course| duty.fits.is_none_or(|fits| fits(look, &course.by, fact)));
            for course in standing.filter(|course| course.met.is_none_or(|met| met == fact.at)) {
                course.broken = course.broken.or(Some(fact.at));
            }
        }
    }

    fn finish(&self, course: &Course) -> Obligation {
        let opened_at = Some(course.by.at).filter(|at| *at > Span::JUDGED.from);
        let mut obligation = Obligation {
            duty: self.duty,
            whom: course.whom,
            opened_by: course.by.sign,
            opened_at,
            due: course.due,
            state: State::Open,
        };
        let also = self.duty.also_met.and_then(|also| also(self.look, &obligation, &course.by));
        let also = also.filter(|at| *at <= self.look.as_of);
        let met = course.met.into_iter().chain(also).min();
        obligation.state = self.state(course, met);
        obligation
    }

    fn state(&self, course: &Course, met: Option<Instant>) -> State {
        let as_of = self.look.as_of;
        let passed = match course.due {
            Due::By { until, .. } => Some(until).filter(|until| *until <= as_of),
            // In the same act: at any later instant it is too late.
            Due::InTheAct => Some(course.by.at).filter(|at| *at < as_of),
            Due::Before(_) | Due::NoDay => None,
        };
        match self.duty.kind {
            Kind::Timer => {
                let met = met.filter(|met| passed.is_none_or(|passed| *met < passed));
                match (course.broken, met, passed) {
                    (Some(since), _, _) => State::Lapsed { since, done_at: None },
                    (None, Some(at), _) => State::Discharged { at },
                    (None, None, Some(at)) => State::Ended { at },
                    (None, None, None) => State::Running,
                }
            }
            Kind::Standing => match (course.broken, met) {
                (Some(since), _) => State::Lapsed { since, done_at: None },
                (None, Some(at)) => State::Discharged { at },
                (None, None) => State::Standing,
            },
            Kind::Duty => {
                let broken = course.broken.filter(|broken| met.is_none_or(|met| met > *broken));
                let late = match (course.due, met) {
                    (Due::InTheAct, Some(met)) => Some(course.by.at).filter(|at| *at < met),
                    (Due::By { until, .. }, Some(met)) => Some(until).filter(|until| *until <= met),
                    (Due::Before(_) | Due::NoDay, Some(_)) => None,
                    (_, None) => passed,
                };
                match (broken.into_iter().chain(late).min(), met) {
                    (Some(since), done_at) => State::Lapsed { since, done_at },
                    (None, Some(at)) => State::Discharged { at },
                    (None, None) => State::Open,
                }
            }
        }
    }
}

/// Whether a fact is about what the obligation is about.
fn bears_on(course: &Course, fact: &Fact) -> bool {
    fn may_be<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    may_be(course.whom.account, fact.account)
        && may_be(course.by.matter, fact.matter)
        && may_be(course.whom.region, fact.region)
}
