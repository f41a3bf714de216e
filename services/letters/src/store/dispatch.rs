//! Hand-overs that are made at most once.

use std::{collections::BTreeMap, str::FromStr};

use sqlx::{PgConnection, types::Uuid};

use super::corrupt;

/// Where one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is being made, or was cut off.
    Sending,
    /// The carrier asked for another try; it took nothing.
    Again,
    Sent,
    Refused,
    Unknown,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Again => "again",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Sending, Self::Again, Self::Sent, Self::Refused, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == code)
            .ok_or(())
    }
}

/// Where these letters' hand-overs stand; one that was never begun is absent.
pub(crate) async fn states(
    conn: &mut PgConnection,
    letters: &[Uuid],
) -> sqlx::Result<BTreeMap<Uuid, State>> {
    let rows =
        sqlx::query!("SELECT letter_id, state FROM dispatch WHERE letter_id = ANY($1)", letters)
            .fetch_all(conn)
            .await?;
    rows.into_iter()
        .map(|row| Ok((row.letter_id, row.state.parse().map_err(|()| corrupt("dispatch"))?)))
        .collect()
}

/// Commits before the carrier is called.
pub(crate) async fn begin(
    conn: &mut PgConnection,
    letters: &[Uuid],
    clients: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO dispatch (letter_id, client_id, state, tries)
         SELECT letter, client, 'sending', 1
         FROM UNNEST($1::uuid[], $2::uuid[]) AS f (letter, client) ORDER BY letter
         ON CONFLICT (letter_id) DO UPDATE SET state = 'sending', tries = dispatch.tries + 1",
        letters,
        clients
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What came of it.
pub(crate) async fn conclude(
    conn: &mut PgConnection,
    letter: Uuid,
    state: State,
    detail: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE dispatch SET state = $2, detail = $3 WHERE letter_id = $1",
        letter,
        state.as_str(),
        detail
    )
    .execute(conn)
    .await?;
    Ok(())
}
