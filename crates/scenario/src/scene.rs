//! One case as told: its standing facts, its events in order of time, and what stands at any instant.

use std::cell::RefCell;

use chrono::Duration;
use chrono_tz::Tz;
use duly_domain::{Date, Instant, Zone};
use serde_json::{Map, Value};

use crate::event::{self, Kind};
use crate::when::{self, When};
use crate::words::{Bad, Obj};
use crate::world::World;

/// The zone of a scenario that names none.
pub const DEFAULT_ZONE: &str = "America/New_York";

/// One event as told.
#[derive(Debug, Clone)]
pub struct Told {
    /// Where it stands: `timeline[2]`.
    pub path: String,
    /// What took place.
    pub kind: Kind,
    /// Its local day.
    pub day: Date,
    /// When; the first of several.
    pub at: Instant,
    /// How many of it, spread over the hours of business of its day.
    pub count: u32,
    /// How long after each the next took place.
    pub every: Duration,
    /// Its keys.
    pub map: Map<String, Value>,
}

impl Told {
    /// Its keys, to be read.
    pub fn obj(&self) -> Obj<'_> {
        Obj::new(&self.path, &self.map)
    }

    /// The instants of each of it.
    pub fn instants(&self) -> impl Iterator<Item = Instant> {
        let (at, every) = (self.at, self.every);
        (0..self.count).map(move |n| at + every * i32::try_from(n).unwrap_or_default())
    }

    /// The instant of the last of it.
    pub fn last(&self) -> Instant {
        self.instants().last().unwrap_or(self.at)
    }
}

/// A case: facts and events. Questions are asked of it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The zone of local times.
    pub zone: Zone,
    /// The same as the library knows it.
    pub tz: Tz,
    /// Standing facts.
    pub facts: Map<String, Value>,
    /// Events, in order of time.
    pub told: Vec<Told>,
    kept: RefCell<Vec<((usize, Date), World)>>,
}

impl Scene {
    /// Reads facts and events, every word of them.
    pub fn new(
        facts: &Map<String, Value>,
        timeline: &[(String, Map<String, Value>)],
    ) -> Result<Self, Bad> {
        let mut facts = facts.clone();
        crate::facts::rename_keys(&mut facts);
        let facts = &facts;
        let obj = Obj::new("facts", facts);
        let name = obj.text("tz")?.unwrap_or_else(|| DEFAULT_ZONE.to_owned());
        let wrong =
            || Bad::form("facts.tz", &Value::String(name.clone()), "a zone, America/New_York");
        let zone: Zone = name.parse().map_err(|_| wrong())?;
        let tz: Tz = name.parse().map_err(|_| wrong())?;
        let mut told = Vec::with_capacity(timeline.len());
        for (path, map) in timeline {
            told.push(read(path, map, tz)?);
        }
        // A fact that is named as an event and dated is that event.
        for (key, value) in facts {
            if Kind::of(key).is_some() && value.is_string() && when_of(value, tz).is_some() {
                let mut map = Map::new();
                map.insert("at".to_owned(), value.clone());
                map.insert("event".to_owned(), Value::String(key.clone()));
                told.push(read(&format!("facts.{key}"), &map, tz)?);
            }
        }
        told.sort_by_key(|told| told.day);
        order(&mut told, tz);
        let kept = RefCell::default();
        let scene = Self { zone, tz, facts: facts.clone(), told, kept };
        // Whatever is wrong with its words is found now, and not at the first question that reads them.
        let end = scene.told.iter().map(Told::last).max();
        scene.world(end.unwrap_or_else(|| when::on(tz, Date::default(), 12, 0)))?;
        Ok(scene)
    }

    /// What stands at an instant: the events until then, that instant included.
    pub fn world(&self, at: Instant) -> Result<World, Bad> {
        /// Worlds that are kept for the questions that follow.
        const KEPT: usize = 64;
        // It changes with an event and with the day.
        let events = self.told.iter().filter(|told| told.at <= at).count();
        let key = (events, at.with_timezone(&self.tz).date_naive());
        let kept =
            self.kept.borrow().iter().find(|(of, _)| *of == key).map(|(_, world)| world.clone());
        if let Some(mut world) = kept {
            world.at = at;
            return Ok(world);
        }
        let world = self.world_of(self.told.iter().filter(|told| told.at <= at), at)?;
        let mut all = self.kept.borrow_mut();
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push((key, world.clone()));
        Ok(world)
    }

    /// What these events make, as of an instant.
    pub fn world_of<'a>(
        &'a self,
        told: impl Iterator<Item = &'a Told>,
        at: Instant,
    ) -> Result<World, Bad> {
        let mut world = World::new(self, at)?;
        for told in told {
            event::apply(&mut world, told)?;
        }
        world.settle();
        Ok(world)
    }

    /// The last instant of a local day on which something was told, if it is one.
    pub fn last_on(&self, day: Date) -> Option<Instant> {
        self.told.iter().filter(|told| told.day == day).map(Told::last).max()
    }
}

fn when_of(value: &Value, tz: Tz) -> Option<When> {
    value.as_str().and_then(|text| When::parse(text, tz))
}

fn read(path: &str, map: &Map<String, Value>, tz: Tz) -> Result<Told, Bad> {
    let obj = Obj::new(path, map);
    let word = obj
        .word("event")?
        .ok_or_else(|| Bad::Missing { key: obj.at("event"), wanted: "the event" })?;
    let kind = Kind::read(&word)
        .ok_or_else(|| Bad::unknown(obj.at("event"), word.as_str(), Kind::words()))?;
    let mut map = map.clone();
    event::rename_keys(&mut map, kind);
    let obj = Obj::new(path, &map);
    event::check_keys(obj, kind)?;
    let when = match When::of(obj, "at", tz)? {
        None => When::of(obj, "date", tz)?,
        some => some,
    };
    let when = when.ok_or_else(|| Bad::Missing { key: obj.at("at"), wanted: "the day or time" })?;
    let count = obj.count("count")?.unwrap_or(1);
    // Two weekdays that disagree are a mistake in one of them.
    if let Some(dow) = obj.text("dow")?
        && dow.parse() != Ok(chrono::Datelike::weekday(&when.day))
    {
        let found = Value::String(format!("{dow} for {}", when.day));
        return Err(Bad::form(obj.at("dow"), &found, "that day's day of the week"));
    }
    Ok(Told {
        path: path.to_owned(),
        kind,
        day: when.day,
        at: when.at.unwrap_or(Instant::MIN_UTC),
        count,
        every: Duration::minutes(1),
        map,
    })
}

/// Gives what is told of a whole day its instants: noon for one, the hours of business for several, in the
/// order in which they are told.
fn order(told: &mut [Told], tz: Tz) {
    /// From nine to five, in minutes.
    const HOURS: i64 = 8 * 60;
    let mut at = 0;
    while at < told.len() {
        let day = told[at].day;
        let end = at + told[at..].iter().take_while(|told| told.day == day).count();
        let whole = |told: &&Told| told.at == Instant::MIN_UTC;
        let many: i64 = told[at..end].iter().filter(whole).map(|told| i64::from(told.count)).sum();
        let every = Duration::minutes(HOURS / many.max(1));
        let mut slot = when::on(tz, day, if many > 1 { 9 } else { 12 }, 0);
        let mut before: Option<Instant> = None;
        for told in &mut told[at..end] {
            if told.at == Instant::MIN_UTC {
                // After what is told before it, where that has a time of its own.
                told.at = before.map_or(slot, |before| slot.max(before + Duration::minutes(1)));
                told.every = every;
                slot = told.at + every * i32::try_from(told.count).unwrap_or(1);
                before = Some(told.last());
            } else {
                before = Some(told.at);
            }
        }
        at = end;
    }
    told.sort_by_key(|told| told.at);
}
