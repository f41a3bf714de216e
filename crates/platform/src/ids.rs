//! New ids from the machine's clock and random source.

use std::time::{Duration, SystemTime};

use duly_domain::IdSource;
use uuid::Uuid;

/// An id younger than this may name something whose event is still on its way.
const YOUNG: Duration = Duration::from_secs(60);

/// Whether an id was made less than a minute ago, by the machine's clock that made it. A service that
/// has not heard of a young id answers "not yet" instead of "not found".
#[must_use]
pub fn is_young(id: Uuid) -> bool {
    is_young_at(id, SystemTime::now())
}

fn is_young_at(id: Uuid, now: SystemTime) -> bool {
    let Some(made) = id.get_timestamp() else { return false };
    let (seconds, nanos) = made.to_unix();
    let made = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos);
    // Another machine's clock may be a little ahead of ours.
    match now.duration_since(made) {
        Ok(age) => age < YOUNG,
        Err(ahead) => ahead.duration() < YOUNG,
    }
}

/// UUIDv7 from the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the source that others are passed")]
    fn uuid(&mut self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_young_for_a_minute() {
        let id = SystemIds.uuid();
        assert!(is_young(id));
        let made = SystemTime::now();
        assert!(is_young_at(id, made + Duration::from_secs(58)));
        assert!(!is_young_at(id, made + Duration::from_secs(61)));
        assert!(!is_young_at(id, made - Duration::from_secs(3_600)));
        assert!(!is_young(Uuid::nil()));
    }
}
