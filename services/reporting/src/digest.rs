//! The business state as text, keyed by the clients' own references.

use duly_platform::Digest;

/// One query per table.
pub const DIGESTS: &[Digest] = &[
    Digest {
        table: "client",
        sql: "SELECT concat_ws('|', c.client_ref, c.version, c.name, coalesce(p.client_ref, ''))
              FROM client AS c LEFT JOIN client AS p ON p.client_id = c.parent_client_id",
    },
    Digest {
        table: "batch",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), b.batch_key, b.accepted, b.rejected)
              FROM batch AS b LEFT JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "account",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), a.client_account_ref, a.opening,
                               coalesce(b.batch_key, ''), a.listed_minor, a.currency,
                               to_char(a.listing_date, 'YYYY-MM-DD'), e.account_id IS NOT NULL)
              FROM account AS a
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN batch AS b USING (batch_id)
              LEFT JOIN account_end AS e USING (account_id, opening)",
    },
    Digest {
        table: "collection",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               l.amount_minor, l.currency, to_char(l.collected_on, 'YYYY-MM-DD'))
              FROM collection AS l
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = l.account_id AND a.opening = 1",
    },
    Digest {
        table: "held",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), h.amount_minor, h.currency, h.ended)
              FROM held AS h LEFT JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "client_summary",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), s.currency, s.accounts_placed,
                               s.listed_minor, s.adjusted_minor, s.collected_minor, s.direct_minor,
                               s.commission_minor, s.remitted_minor)
              FROM client_summary AS s LEFT JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "timeline",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               (extract(epoch FROM t.occurred_at) * 1000000)::bigint, t.kind, t.actor,
                               t.summary, coalesce(t.amount_minor::text, ''), coalesce(t.currency, ''))
              FROM timeline AS t
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1",
    },
    Digest {
        table: "account_change",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               (extract(epoch FROM t.changed_at) * 1000000)::bigint)
              FROM account_change AS t
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1",
    },
    Digest {
        table: "account_money",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               m.opening, m.currency, m.adjusted_minor, m.posted_minor, m.collected_minor)
              FROM account_money AS m
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = m.account_id AND a.opening = 1",
    },
    Digest {
        table: "account_work",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               w.opening, w.letters_mailed, w.calls_made,
                               coalesce(w.validation_until::text, ''), coalesce(w.nsf_on::text, ''))
              FROM account_work AS w
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = w.account_id AND a.opening = 1",
    },
    Digest {
        table: "account_close",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               z.opening, z.close_code)
              FROM account_close AS z
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = z.account_id AND a.opening = 1",
    },
    Digest {
        table: "liable_party",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               l.opening, l.position)
              FROM liable_party AS l
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = l.account_id AND a.opening = 1",
    },
    Digest {
        table: "stop",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               coalesce(l.position::text, ''), (s.account_id IS NULL)::text,
                               coalesce(s.kind, ''), s.lifted)
              FROM stop AS s
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN liable_party AS l ON l.party_id = s.party_id AND l.opening = 1
              LEFT JOIN account AS a ON a.account_id = l.account_id AND a.opening = 1",
    },
    Digest {
        table: "hold",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               h.opening, coalesce(h.from_on::text, ''),
                               coalesce(h.until_on::text, ''), h.lifted)
              FROM hold AS h
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = h.account_id AND a.opening = 1",
    },
    Digest {
        table: "dispute",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               d.opening, coalesce(d.whole::text, ''), coalesce(d.pauses::text, ''),
                               coalesce(d.amount_minor::text, ''), coalesce(d.currency, ''), d.resolved)
              FROM dispute AS d
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = d.account_id AND a.opening = 1",
    },
    Digest {
        table: "promise",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, ''), coalesce(a.client_account_ref, ''),
                               p.opening, coalesce(p.due_on::text, ''), coalesce(p.outcome, ''),
                               coalesce(p.ended_on::text, ''))
              FROM promise AS p
              LEFT JOIN client AS c USING (client_id)
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = 1",
    },
];
