//! Accounts with what stands about them, in the order in which they last changed.

use chrono::{DateTime, Utc};
use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

/// Which accounts a list is of.
pub struct Filter {
    /// Of one client; none for all that the caller may see.
    pub client_id: Option<Uuid>,
    /// Changed at this instant or later.
    pub changed_since: Option<DateTime<Utc>>,
    /// After the last one of the page before.
    pub after: Option<(DateTime<Utc>, Uuid)>,
}

/// One account's latest opening, with every fact that decides its display status.
pub struct Row {
    /// The account.
    pub account_id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// The client's own reference.
    pub client_account_ref: String,
    /// Of the amounts.
    pub currency: String,
    /// The balance as placed.
    pub listed_minor: i64,
    /// Corrections of it.
    pub adjusted_minor: i64,
    /// Money that came, held or released.
    pub posted_minor: i64,
    /// Money that counts as collected.
    pub collected_minor: i64,
    /// Letters that left, or may have.
    pub letters_mailed: i32,
    /// Calls that were made.
    pub calls_made: i32,
    /// When the latest of what was told about it happened.
    pub changed_at: DateTime<Utc>,
    /// Where it was closed.
    pub close_code: Option<String>,
    /// Recalled or closed.
    pub ended: bool,
    /// Who owes it.
    pub parties: i64,
    /// Those of them that are bankrupt, dead or in military service.
    pub protected_parties: i64,
    /// Those of them that asked to cease communication.
    pub ceased_parties: i64,
    /// A client's hold covers today.
    pub held: bool,
    /// Open disputes.
    pub disputes: i64,
    /// Whether one of them is of nothing less than the account.
    pub whole_disputed: bool,
    /// What the others contest together, where they say it.
    pub disputed_minor: i64,
    /// A promise is open.
    pub promise_open: bool,
    /// When one was last broken.
    pub promise_broken_on: Option<Date>,
    /// When a payment last came back for want of funds.
    pub nsf_on: Option<Date>,
    /// Last day of the validation period.
    pub validation_until: Option<Date>,
}

/// Accounts after this key that were placed, ordered by their last change and then by id.
pub async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    today: Date,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let (after_at, after_account) = filter.after.unzip();
    sqlx::query_as!(
        Row,
        r#"WITH page AS (
               SELECT c.account_id, c.changed_at, a.opening, a.client_id, a.client_account_ref,
                      a.currency, a.listed_minor, a.debt_class
               FROM account_change AS c
               CROSS JOIN LATERAL (
                   SELECT opening, client_id, client_account_ref, currency, listed_minor, debt_class
                   FROM account WHERE account_id = c.account_id ORDER BY opening DESC LIMIT 1) AS a
               WHERE ($1::uuid IS NULL OR c.client_id = $1)
                 AND ($2::timestamptz IS NULL OR c.changed_at >= $2)
                 AND ($3::timestamptz IS NULL OR (c.changed_at, c.account_id) > ($3, $4))
               ORDER BY c.changed_at, c.account_id LIMIT $5)
           SELECT p.account_id, p.client_id, p.client_account_ref, p.currency, p.listed_minor,
                  coalesce(m.adjusted_minor, 0) AS "adjusted_minor!",
                  coalesce(m.posted_minor, 0) AS "posted_minor!",
                  coalesce(m.collected_minor, 0) AS "collected_minor!",
                  coalesce(w.letters_mailed, 0) AS "letters_mailed!",
                  coalesce(w.calls_made, 0) AS "calls_made!",
                  p.changed_at, z.close_code AS "close_code?",
                  (z.close_code IS NOT NULL OR e.account_id IS NOT NULL) AS "ended!",
                  l.parties AS "parties!", l.protected AS "protected_parties!",
                  l.ceased AS "ceased_parties!",
                  EXISTS (SELECT FROM hold AS h
                          WHERE h.account_id = p.account_id AND h.opening = p.opening AND NOT h.lifted
                            AND h.from_on <= $6 AND (h.until_on IS NULL OR h.until_on >= $6)) AS "held!",
                  d.disputes AS "disputes!", d.whole AS "whole_disputed!",
                  d.disputed_minor AS "disputed_minor!",
                  r.open AS "promise_open!", r.broken_on AS promise_broken_on,
                  w.nsf_on AS "nsf_on?", w.validation_until AS "validation_until?"
           FROM page AS p
           LEFT JOIN account_money AS m USING (account_id, opening, currency)
           LEFT JOIN account_work AS w USING (account_id, opening)
           LEFT JOIN account_close AS z USING (account_id, opening)
           LEFT JOIN account_end AS e USING (account_id, opening)
           CROSS JOIN LATERAL (
               SELECT count(*) AS parties,
                      count(*) FILTER (WHERE stops && ARRAY['bankruptcy', 'deceased', 'military']) AS protected,
                      count(*) FILTER (WHERE 'cease' = ANY (stops)) AS ceased
               FROM (SELECT ARRAY(SELECT s.kind FROM stop AS s
                                  WHERE s.party_id = y.party_id AND NOT s.lifted AND s.kind IS NOT NULL
                                    AND (s.account_id IS NULL OR s.account_id = y.account_id)) AS stops
                     FROM liable_party AS y
                     WHERE y.account_id = p.account_id AND y.opening = p.opening) AS by_party) AS l
           CROSS JOIN LATERAL (
               SELECT count(*) AS disputes,
                      coalesce(bool_or(whole OR (pauses AND p.debt_class = 'commercial')), false) AS whole,
                      coalesce(sum(amount_minor) FILTER (WHERE currency = p.currency), 0)::bigint
                          AS disputed_minor
               FROM dispute
               WHERE account_id = p.account_id AND opening = p.opening AND NOT resolved
                 AND whole IS NOT NULL) AS d
           CROSS JOIN LATERAL (
               SELECT coalesce(bool_or(outcome IS NULL), false) AS open,
                      max(ended_on) FILTER (WHERE outcome = 'broken') AS broken_on
               FROM promise
               WHERE account_id = p.account_id AND opening = p.opening AND due_on IS NOT NULL) AS r
           ORDER BY p.changed_at, p.account_id"#,
        filter.client_id,
        filter.changed_since,
        after_at,
        after_account,
        limit,
        today
    )
    .fetch_all(conn)
    .await
}
