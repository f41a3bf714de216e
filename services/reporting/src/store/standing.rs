//! What stands about an account: sums and counts that each event adds to once, and facts that are opened
//! and closed by id, whichever of the two is heard first.

use duly_domain::{Date, Money};
use sqlx::{PgConnection, types::Uuid};

/// Which placement of which account, and whose.
#[derive(Debug, Clone, Copy)]
pub struct Whose {
    /// The account.
    pub account_id: Uuid,
    /// 1 at first placement, one more at each reopening.
    pub opening: i32,
    /// The client.
    pub client_id: Uuid,
}

/// What one event adds to an account's money.
#[derive(Debug, Clone, Copy)]
pub struct MoneyDelta {
    /// Whose.
    pub whose: Whose,
    /// Of all amounts.
    pub currency: &'static str,
    /// Corrections of the balance.
    pub adjusted: i64,
    /// Money that came, less what was taken back.
    pub posted: i64,
    /// Money that counts as collected, less what was taken back.
    pub collected: i64,
}

impl MoneyDelta {
    /// One that adds nothing yet.
    pub fn of(whose: Whose, amount: Money) -> Self {
        let currency = amount.currency().code();
        Self { whose, currency, adjusted: 0, posted: 0, collected: 0 }
    }
}

/// The columns that name accounts.
#[derive(Default)]
struct Keys {
    accounts: Vec<Uuid>,
    openings: Vec<i32>,
    clients: Vec<Uuid>,
}

fn keys(whose: impl Iterator<Item = Whose>) -> Keys {
    let mut keys = Keys::default();
    for whose in whose {
        keys.accounts.push(whose.account_id);
        // Versions that did not tell the opening knew of one.
        keys.openings.push(whose.opening.max(1));
        keys.clients.push(whose.client_id);
    }
    keys
}

/// Adds all of them.
pub async fn add_money(conn: &mut PgConnection, deltas: &[MoneyDelta]) -> sqlx::Result<()> {
    let keys = keys(deltas.iter().map(|delta| delta.whose));
    let column = |of: fn(&MoneyDelta) -> i64| deltas.iter().map(of).collect::<Vec<i64>>();
    let currencies: Vec<String> = deltas.iter().map(|d| d.currency.to_owned()).collect();
    // Sorted, so that two transactions lock the rows in one order.
    sqlx::query!(
        "INSERT INTO account_money AS m
             (account_id, opening, currency, client_id, adjusted_minor, posted_minor, collected_minor)
         SELECT account, opening, currency, client, sum(adjusted), sum(posted), sum(collected)
         FROM UNNEST($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[])
              AS t (account, opening, currency, client, adjusted, posted, collected)
         GROUP BY account, opening, currency, client ORDER BY account, opening, currency
         ON CONFLICT (account_id, opening, currency) DO UPDATE
         SET adjusted_minor = m.adjusted_minor + excluded.adjusted_minor,
             posted_minor = m.posted_minor + excluded.posted_minor,
             collected_minor = m.collected_minor + excluded.collected_minor",
        &keys.accounts,
        &keys.openings,
        &currencies,
        &keys.clients,
        &column(|d| d.adjusted),
        &column(|d| d.posted),
        &column(|d| d.collected)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one event adds to an account's work.
#[derive(Debug, Clone, Copy)]
pub struct WorkDelta {
    /// Whose.
    pub whose: Whose,
    /// Letters that left, or may have.
    pub letters: i32,
    /// Calls that were made.
    pub calls: i32,
    /// Last day of a validation period.
    pub validation_until: Option<Date>,
    /// When a payment came back for want of funds.
    pub nsf_on: Option<Date>,
}

impl WorkDelta {
    /// One that adds nothing yet.
    pub fn of(whose: Whose) -> Self {
        Self { whose, letters: 0, calls: 0, validation_until: None, nsf_on: None }
    }
}

/// Adds all of them; of dates the latest stands.
pub async fn add_work(conn: &mut PgConnection, deltas: &[WorkDelta]) -> sqlx::Result<()> {
    if deltas.is_empty() {
        return Ok(());
    }
    let keys = keys(deltas.iter().map(|delta| delta.whose));
    let letters: Vec<i32> = deltas.iter().map(|d| d.letters).collect();
    let calls: Vec<i32> = deltas.iter().map(|d| d.calls).collect();
    let validation: Vec<Option<Date>> = deltas.iter().map(|d| d.validation_until).collect();
    let nsf: Vec<Option<Date>> = deltas.iter().map(|d| d.nsf_on).collect();
    sqlx::query!(
        "INSERT INTO account_work AS w
             (account_id, opening, client_id, letters_mailed, calls_made, validation_until, nsf_on)
         SELECT account, opening, client, sum(letters), sum(calls), max(validation), max(nsf)
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::int[], $6::date[], $7::date[])
              AS t (account, opening, client, letters, calls, validation, nsf)
         GROUP BY account, opening, client ORDER BY account, opening
         ON CONFLICT (account_id, opening) DO UPDATE
         SET letters_mailed = w.letters_mailed + excluded.letters_mailed,
             calls_made = w.calls_made + excluded.calls_made,
             validation_until = GREATEST(w.validation_until, excluded.validation_until),
             nsf_on = GREATEST(w.nsf_on, excluded.nsf_on)",
        &keys.accounts,
        &keys.openings,
        &keys.clients,
        &letters,
        &calls,
        &validation as &[Option<Date>],
        &nsf as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps with what code each opening was closed, once.
pub async fn keep_closes(conn: &mut PgConnection, closes: &[(Whose, String)]) -> sqlx::Result<()> {
    let keys = keys(closes.iter().map(|(whose, _)| *whose));
    let codes: Vec<String> = closes.iter().map(|(_, code)| code.clone()).collect();
    sqlx::query!(
        "INSERT INTO account_close (account_id, opening, client_id, close_code)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::text[])
         ON CONFLICT (account_id, opening) DO NOTHING",
        &keys.accounts,
        &keys.openings,
        &keys.clients,
        &codes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps who owes each opening, in the order of the placement.
pub async fn keep_parties(
    conn: &mut PgConnection,
    parties: &[(Whose, Uuid, i32)],
) -> sqlx::Result<()> {
    let keys = keys(parties.iter().map(|(whose, ..)| *whose));
    let ids: Vec<Uuid> = parties.iter().map(|(_, party, _)| *party).collect();
    let positions: Vec<i32> = parties.iter().map(|(.., position)| *position).collect();
    sqlx::query!(
        "INSERT INTO liable_party (account_id, opening, client_id, party_id, position)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::int[])
         ON CONFLICT (account_id, opening, party_id) DO NOTHING",
        &keys.accounts,
        &keys.openings,
        &keys.clients,
        &ids,
        &positions
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A stop, from its placing or from its lifting.
pub struct Stop {
    /// Its id.
    pub stop_id: Uuid,
    /// Whose debtor it protects.
    pub client_id: Uuid,
    /// The party that it was stated for.
    pub party_id: Uuid,
    /// One account of the party; none for all.
    pub account_id: Option<Uuid>,
    /// None where it is lifted.
    pub kind: Option<&'static str>,
}

/// Keeps placings and liftings; a lifted one stays lifted.
pub async fn keep_stops(conn: &mut PgConnection, stops: &[Stop]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = stops.iter().map(|s| s.stop_id).collect();
    let clients: Vec<Uuid> = stops.iter().map(|s| s.client_id).collect();
    let parties: Vec<Uuid> = stops.iter().map(|s| s.party_id).collect();
    let accounts: Vec<Option<Uuid>> = stops.iter().map(|s| s.account_id).collect();
    let kinds: Vec<Option<String>> = stops.iter().map(|s| s.kind.map(str::to_owned)).collect();
    sqlx::query!(
        "INSERT INTO stop AS s (stop_id, client_id, party_id, account_id, kind, lifted)
         SELECT DISTINCT ON (id) id, client, party, account, kind, kind IS NULL
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
              AS t (id, client, party, account, kind)
         ORDER BY id
         ON CONFLICT (stop_id) DO UPDATE
         SET kind = coalesce(s.kind, excluded.kind), lifted = s.lifted OR excluded.lifted,
             account_id = CASE WHEN excluded.kind IS NULL THEN s.account_id ELSE excluded.account_id END",
        &ids,
        &clients,
        &parties,
        &accounts as &[Option<Uuid>],
        &kinds as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A hold, from its placing or from its lifting.
pub struct Hold {
    /// Its id.
    pub hold_id: Uuid,
    /// What is held.
    pub whose: Whose,
    /// None where it is lifted.
    pub from_on: Option<Date>,
    /// Last day; none until it is lifted.
    pub until_on: Option<Date>,
}

/// Keeps placings and liftings; a lifted one stays lifted.
pub async fn keep_holds(conn: &mut PgConnection, holds: &[Hold]) -> sqlx::Result<()> {
    let keys = keys(holds.iter().map(|hold| hold.whose));
    let ids: Vec<Uuid> = holds.iter().map(|h| h.hold_id).collect();
    let from: Vec<Option<Date>> = holds.iter().map(|h| h.from_on).collect();
    let until: Vec<Option<Date>> = holds.iter().map(|h| h.until_on).collect();
    sqlx::query!(
        "INSERT INTO hold AS h (hold_id, client_id, account_id, opening, from_on, until_on, lifted)
         SELECT DISTINCT ON (id) id, client, account, opening, from_on, until_on, from_on IS NULL
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::date[], $6::date[])
              AS t (id, client, account, opening, from_on, until_on)
         ORDER BY id
         ON CONFLICT (hold_id) DO UPDATE
         SET from_on = coalesce(h.from_on, excluded.from_on),
             until_on = coalesce(h.until_on, excluded.until_on),
             lifted = h.lifted OR excluded.lifted",
        &ids,
        &keys.clients,
        &keys.accounts,
        &keys.openings,
        &from as &[Option<Date>],
        &until as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How far a dispute goes.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// It names neither items nor an amount.
    pub whole: bool,
    /// The account is worked no further until it is resolved.
    pub pauses: bool,
}

/// A dispute, from its opening or from its end.
pub struct Dispute {
    /// Its id.
    pub dispute_id: Uuid,
    /// What is contested.
    pub whose: Whose,
    /// How far it goes; none where it is resolved.
    pub scope: Option<Scope>,
    /// How much of it, where that is stated.
    pub amount: Option<Money>,
}

/// Keeps openings and ends; a resolved one stays resolved.
pub async fn keep_disputes(conn: &mut PgConnection, disputes: &[Dispute]) -> sqlx::Result<()> {
    let keys = keys(disputes.iter().map(|dispute| dispute.whose));
    let ids: Vec<Uuid> = disputes.iter().map(|d| d.dispute_id).collect();
    let whole: Vec<Option<bool>> = disputes.iter().map(|d| d.scope.map(|s| s.whole)).collect();
    let pauses: Vec<Option<bool>> = disputes.iter().map(|d| d.scope.map(|s| s.pauses)).collect();
    let amounts: Vec<Option<i64>> = disputes.iter().map(|d| d.amount.map(Money::minor)).collect();
    let currencies: Vec<Option<String>> =
        disputes.iter().map(|d| d.amount.map(|a| a.currency().code().to_owned())).collect();
    sqlx::query!(
        "INSERT INTO dispute AS d
             (dispute_id, client_id, account_id, opening, whole, pauses, amount_minor, currency, resolved)
         SELECT DISTINCT ON (id) id, client, account, opening, whole, pauses, amount, currency,
                whole IS NULL
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bool[], $6::bool[], $7::bigint[],
                     $8::text[])
              AS t (id, client, account, opening, whole, pauses, amount, currency)
         ORDER BY id
         ON CONFLICT (dispute_id) DO UPDATE
         SET whole = coalesce(d.whole, excluded.whole), pauses = coalesce(d.pauses, excluded.pauses),
             amount_minor = coalesce(d.amount_minor, excluded.amount_minor),
             currency = coalesce(d.currency, excluded.currency),
             resolved = d.resolved OR excluded.resolved",
        &ids,
        &keys.clients,
        &keys.accounts,
        &keys.openings,
        &whole as &[Option<bool>],
        &pauses as &[Option<bool>],
        &amounts as &[Option<i64>],
        &currencies as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A promise, from its making or from one of its ends.
pub struct Promise {
    /// Its id.
    pub promise_id: Uuid,
    /// What it would pay.
    pub whose: Whose,
    /// None where this is an end.
    pub due_on: Option<Date>,
    /// How and when it ended.
    pub end: Option<(&'static str, Date)>,
}

/// Keeps makings and ends. A promise that was kept may be broken later: that end stands, whichever is
/// heard first.
pub async fn keep_promises(conn: &mut PgConnection, promises: &[Promise]) -> sqlx::Result<()> {
    let keys = keys(promises.iter().map(|promise| promise.whose));
    let ids: Vec<Uuid> = promises.iter().map(|p| p.promise_id).collect();
    let due: Vec<Option<Date>> = promises.iter().map(|p| p.due_on).collect();
    let outcomes: Vec<Option<String>> =
        promises.iter().map(|p| p.end.map(|(outcome, _)| outcome.to_owned())).collect();
    let ended: Vec<Option<Date>> = promises.iter().map(|p| p.end.map(|(_, on)| on)).collect();
    sqlx::query!(
        "INSERT INTO promise AS p (promise_id, client_id, account_id, opening, due_on, outcome, ended_on)
         SELECT DISTINCT ON (id) id, client, account, opening, due_on, outcome, ended_on
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::date[], $6::text[], $7::date[])
              AS t (id, client, account, opening, due_on, outcome, ended_on)
         ORDER BY id
         ON CONFLICT (promise_id) DO UPDATE
         SET due_on = coalesce(p.due_on, excluded.due_on),
             outcome = CASE WHEN p.outcome IS NULL OR p.outcome = 'kept'
                            THEN coalesce(excluded.outcome, p.outcome) ELSE p.outcome END,
             ended_on = CASE WHEN p.outcome IS NULL OR p.outcome = 'kept'
                             THEN coalesce(excluded.ended_on, p.ended_on) ELSE p.ended_on END",
        &ids,
        &keys.clients,
        &keys.accounts,
        &keys.openings,
        &due as &[Option<Date>],
        &outcomes as &[Option<String>],
        &ended as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}
