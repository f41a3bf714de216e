//! What a case says, and that it holds at every instant at which the answer may change.

use super::*;

impl Case {
    /// Before it opens, this is so.
    pub fn given(mut self, change: impl Fn(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    pub fn given_at(self, put: Put, at: &str) -> Self {
        let at = ny(at);
        self.given(move |facts| put(facts, at))
    }

    pub fn in_state(self, state: &'static str) -> Self {
        self.given(|facts| place(facts, state, None)).not_for(|facts| place(facts, "OR", None))
    }

    /// The agency has a licence there, and elsewhere none.
    pub fn licensed_in(self, state: &'static str) -> Self {
        let region = |state: &str| Region { state: state.parse().unwrap(), city: None };
        let licence =
            Licence { region: region(state), class: None, from: day("2026-01-01"), to: None };
        self.given(|facts| facts.licences.push(licence))
            .not_for(move |facts| facts.licences[0].region = region("OR"))
    }

    pub fn opens(self, put: Put, at: &str) -> Self {
        Self { opens: Some((put, ny(at))), ..self }
    }

    pub fn due(self, on: &'static str) -> Self {
        Self { expected: Expected::Day(on), ..self }
    }

    pub fn due_between(self, from: &'static str, to: &'static str) -> Self {
        Self { expected: Expected::Between(from, to), ..self }
    }

    pub fn ends(self, at: &'static str) -> Self {
        Self { expected: Expected::At(at), ..self }
    }

    pub fn in_the_act(self) -> Self {
        Self { expected: Expected::InTheAct, ..self }
    }

    pub fn standing(self) -> Self {
        Self { expected: Expected::Standing, ..self }
    }

    pub fn before_the_act(self) -> Self {
        Self { expected: Expected::BeforeAct, ..self }
    }

    pub fn met_by(mut self, put: Put) -> Self {
        self.met.push(put);
        self
    }

    /// Met by this until its day, and not after all.
    pub fn met_in_time_by(mut self, put: Put) -> Self {
        self.met_in_time.push(put);
        self
    }

    pub fn not_met_by(mut self, put: Put) -> Self {
        self.not_met.push(put);
        self
    }

    pub fn broken_by(mut self, put: Put) -> Self {
        self.breaks.push(put);
        self
    }

    pub fn not_for(mut self, change: impl Fn(&mut Facts) + 'static) -> Self {
        self.not_for.push(Box::new(change));
        self
    }

    pub fn not_for_commercial(self) -> Self {
        self.not_for(|facts| {
            for row in &mut facts.accounts {
                row.class = duly_domain::DebtClass::Commercial;
            }
        })
    }

    pub fn not_for_business(self) -> Self {
        self.not_for(|facts| {
            for row in &mut facts.accounts {
                row.kind = duly_domain::DebtorKind::Business;
            }
        })
    }

    fn found(&self, facts: &Facts, as_of: Instant) -> Vec<Obligation> {
        due(facts, as_of).into_iter().filter(|owed| owed.duty.code == self.code).collect()
    }

    /// The one obligation that the case opens.
    fn one(&self, facts: &Facts, as_of: Instant) -> Obligation {
        let (_, opened) = self.opens.as_ref().expect("the case opens");
        let found = self.found(facts, as_of);
        let here = |owed: &&Obligation| owed.opened_at == Some(*opened);
        let mut mine: Vec<_> = found.iter().filter(here).collect();
        // What meets it too narrowly is an obligation of its own.
        let told = |owed: &&Obligation| matches!(owed.opened_by, history::Sign::Told(_));
        if mine.len() > 1 {
            mine.retain(told);
        }
        assert_eq!(mine.len(), 1, "{} at {as_of}: {found:#?}", self.code);
        *mine[0]
    }

    pub fn holds(self) {
        let (put, at) = self.opens.as_ref().expect("the case says what opens the duty");
        let at = *at;
        let second = Duration::seconds(1);
        let mut open = self.facts.clone();
        put(&mut open, at);
        self.opens_alone(&open, at);
        for change in &self.not_for {
            let mut other = open.clone();
            change(&mut other);
            let found = self.found(&other, at + Duration::days(1));
            let found: Vec<_> = found.iter().filter(|owed| owed.opened_at == Some(at)).collect();
            assert!(found.is_empty(), "{} opens where it does not concern: {found:#?}", self.code);
        }
        let owed = self.one(&open, at);
        let (waiting, timer) = match owed.duty.kind {
            Kind::Duty => (State::Open, false),
            Kind::Standing => (State::Standing, false),
            Kind::Timer => (State::Running, true),
        };
        assert_eq!(owed.state, waiting, "{}", self.code);
        let ends = match self.expected {
            Expected::Day(on) => {
                assert_eq!(owed.due.on(), Some(day(on)), "{}", self.code);
                Some(open.agency.hours.zone.start_of_day(day(on).succ_opt().unwrap()))
            }
            Expected::Between(from, on) => {
                let until = open.agency.hours.zone.start_of_day(day(on).succ_opt().unwrap());
                let due = Due::By { from: Some(day(from)), on: day(on), until };
                assert_eq!(owed.due, due, "{}", self.code);
                Some(until)
            }
            Expected::At(text) => Some(ny(text)),
            Expected::InTheAct | Expected::Standing => {
                assert_eq!(owed.due, Due::InTheAct, "{}", self.code);
                None
            }
            Expected::BeforeAct => {
                assert!(matches!(owed.due, Due::Before(_)), "{}: {:?}", self.code, owed.due);
                None
            }
            Expected::NoDay => {
                assert_eq!(owed.due, Due::NoDay, "{}", self.code);
                None
            }
        };
        // It stands until its last second, and from the next on it has lapsed or ended.
        let much_later = at + Duration::days(4_000);
        match (self.expected, ends) {
            (_, Some(end)) => {
                assert_eq!(owed.due.ends(), Some(end), "{}", self.code);
                assert_eq!(self.one(&open, end - second).state, waiting, "{}", self.code);
                let lapsed = if timer {
                    State::Ended { at: end }
                } else {
                    State::Lapsed { since: end, done_at: None }
                };
                assert_eq!(self.one(&open, end).state, lapsed, "{}", self.code);
                assert_eq!(self.one(&open, much_later).state, lapsed, "{}", self.code);
            }
            (Expected::InTheAct, None) => {
                let lapsed = State::Lapsed { since: at, done_at: None };
                assert_eq!(self.one(&open, at + second).state, lapsed, "{}", self.code);
            }
            _ => assert_eq!(self.one(&open, much_later).state, waiting, "{}", self.code),
        }
        self.is_met(&open, at, ends, waiting);
        self.is_broken(&open, at);
    }

    /// Not before the fact, and not without it.
    fn opens_alone(&self, open: &Facts, at: Instant) {
        let here = |owed: &Obligation| owed.opened_at == Some(at);
        assert!(!self.found(&self.facts, at).iter().any(here), "{} opens by nothing", self.code);
        let before = at - Duration::seconds(1);
        assert!(!self.found(open, before).iter().any(here), "{} opens too early", self.code);
    }

    fn is_met(&self, open: &Facts, at: Instant, ends: Option<Instant>, waiting: State) {
        let second = Duration::seconds(1);
        let window = matches!(self.expected, Expected::Between(..));
        let in_time = match (self.expected, ends) {
            (Expected::InTheAct, _) => at,
            (_, Some(end)) => end - second,
            (_, None) => at + Duration::days(3),
        };
        let always = self.met.iter().map(|put| (put, true));
        for (put, after_all) in always.chain(self.met_in_time.iter().map(|put| (put, false))) {
            let mut met = open.clone();
            put(&mut met, in_time);
            let state = self.one(&met, in_time).state;
            assert_eq!(state, State::Discharged { at: in_time }, "{}", self.code);
            if in_time > at {
                assert_eq!(
                    self.found(&met, in_time - second),
                    self.found(open, in_time - second),
                    "{}: what comes later has no influence",
                    self.code
                );
            }
            // Done after all is lapsed all the same.
            if let (Some(end), Kind::Duty) = (ends, self.one(open, at).duty.kind) {
                let mut met = open.clone();
                put(&mut met, end);
                let done_at = after_all.then_some(end);
                let lapsed = State::Lapsed { since: end, done_at };
                assert_eq!(self.one(&met, end).state, lapsed, "{}", self.code);
            }
            if window {
                let mut early = open.clone();
                put(&mut early, at + second);
                assert_eq!(self.one(&early, at + second).state, waiting, "{}", self.code);
            }
        }
        for put in &self.not_met {
            let mut other = open.clone();
            put(&mut other, in_time);
            let state = self.one(&other, in_time).state;
            assert_eq!(state, self.one(open, in_time).state, "{}", self.code);
        }
    }

    /// The act that it stands in the way of makes it lapse; once it is met, no more.
    fn is_broken(&self, open: &Facts, at: Instant) {
        let when = at + Duration::days(1);
        for put in &self.breaks {
            let mut broken = open.clone();
            put(&mut broken, when);
            let found = self.found(&broken, when);
            let lapsed = State::Lapsed { since: when, done_at: None };
            assert!(found.iter().any(|owed| owed.state == lapsed), "{}: {found:#?}", self.code);
            let before = when - Duration::seconds(1);
            assert_eq!(self.one(&broken, before).state, self.one(open, before).state);
        }
    }
}
