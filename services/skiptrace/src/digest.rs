//! The business state of skiptrace as text, keyed by the clients' references: no ids, no machine times,
//! no order of arrival.

use duly_platform::Digest;

pub(crate) const DIGEST: &[Digest] = &[
    Digest {
        table: "search",
        sql: "SELECT concat_ws('|', coalesce(a.client_ref, '-'), coalesce(a.client_account_ref, '-'), s.opening,
                               coalesce(p.position::text, '-'), s.kind, s.step, s.try_no,
                               (s.treatment_id IS NOT NULL)::text, s.requested_at, s.expires_at, s.state,
                               s.provider, coalesce(s.reference, '-'), s.currency, s.cost_minor,
                               coalesce(s.spent_month::text, '-'), coalesce(s.decided_at::text, '-'),
                               coalesce(s.asked_at::text, '-'), coalesce(s.answered_at::text, '-'),
                               coalesce(s.refusal, '-'))
              FROM search AS s
              LEFT JOIN account AS a ON a.account_id = s.account_id AND a.opening = s.opening
              LEFT JOIN account_party AS p
                  ON p.account_id = s.account_id AND p.opening = s.opening AND p.party_id = s.party_id",
    },
    Digest {
        table: "request_file",
        sql: "SELECT concat_ws('|', f.provider, f.state, coalesce(f.name, '-'), f.planned_at,
                               coalesce(f.handed_over_at::text, '-'), count(s.search_id))
              FROM request_file AS f LEFT JOIN search AS s USING (file_id)
              GROUP BY f.file_id, f.provider, f.state, f.name, f.planned_at, f.handed_over_at",
    },
    Digest {
        table: "finding",
        sql: "SELECT concat_ws('|', s.reference, f.no, f.provider, f.found_at, f.kind,
                               coalesce(f.since::text, '-'), coalesce(f.detail, '-'),
                               coalesce(f.chapter::text, '-'), coalesce(f.phone, '-'),
                               coalesce(f.email, '-'), coalesce(f.address::text, '-'),
                               coalesce(f.confidence::text, '-'))
              FROM finding AS f JOIN search AS s USING (search_id)",
    },
    Digest {
        table: "spend",
        sql: "SELECT concat_ws('|', provider, month, currency, spent_minor) FROM spend",
    },
    Digest {
        table: "stop",
        sql: "SELECT concat_ws('|', coalesce(a.client_ref, '-'), coalesce(a.client_account_ref, '-'),
                               coalesce(p.position::text, '-'), s.kind, (s.account_id IS NULL)::text,
                               s.placed_at, (l.stop_id IS NOT NULL)::text)
              FROM stop AS s
              LEFT JOIN stop_lifted AS l USING (stop_id)
              LEFT JOIN LATERAL (
                  SELECT account_id, opening, position FROM account_party WHERE party_id = s.party_id
                  ORDER BY opening, position LIMIT 1) AS p ON true
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening",
    },
];
