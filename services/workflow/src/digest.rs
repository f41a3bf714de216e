//! The business state of workflow as text, keyed by the client's references: no ids, no machine times, no
//! order of arrival. Two runs that did the same have the same.

use duly_platform::Digest;

pub(crate) const DIGEST: &[Digest] = &[
    Digest {
        table: "strategy",
        sql: "SELECT concat_ws('|', name, version, md5(document), published_by) FROM strategy",
    },
    Digest {
        table: "case_file",
        sql: "SELECT concat_ws('|', min(a.client_ref), c.open_accounts, coalesce(c.next_at::text, '-'),
                               string_agg(a.client_account_ref || '#' || a.opening, ','
                                          ORDER BY a.client_account_ref, a.opening))
              FROM case_file AS c
              JOIN case_account AS ca USING (case_id)
              JOIN account AS a ON a.account_id = ca.account_id AND a.opening = ca.opening
              GROUP BY c.case_id, c.open_accounts, c.next_at",
    },
    Digest {
        table: "case_account",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, c.opening, c.due_from,
                               coalesce(c.begun_at::text, '-'), c.strategy, c.strategy_version, c.run,
                               c.ended, c.proposed_code)
              FROM case_account AS c JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "track",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.opening, t.position, t.role,
                               t.state, t.step, coalesce(t.entered_at::text, '-'), t.tries, t.kept_back,
                               coalesce(t.rests_until::text, '-'), (t.treatment_id IS NOT NULL)::text,
                               coalesce(t.returned_step, '-'), t.exhausted_code, t.stopped, t.why, t.next,
                               coalesce(t.next_at::text, '-'))
              FROM track AS t JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "treatment",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.opening, p.position, t.kind,
                               t.channel, t.template, t.run, t.step, t.try_no, t.due_at, t.expires_at,
                               t.answer, coalesce(t.answered_at::text, '-'))
              FROM treatment AS t
              JOIN account AS a USING (account_id, opening)
              JOIN account_party AS p USING (account_id, opening, party_id)",
    },
    Digest {
        table: "task",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.opening,
                               coalesce(p.position, -1), t.kind, t.reason, t.due_on, t.opened_at,
                               coalesce(t.closed_at::text, '-'), t.resolution,
                               coalesce(t.missed_at::text, '-'))
              FROM task AS t
              JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)",
    },
    Digest {
        table: "promise",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, f.opening,
                               coalesce(p.position, -1), f.made, coalesce(f.due_on::text, '-'),
                               coalesce(f.kept_on::text, '-'), coalesce(f.broken_on::text, '-'),
                               f.cancelled, f.used)
              FROM promise AS f
              LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)",
    },
    Digest {
        table: "dispute",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, f.opening, f.opened, f.reason,
                               f.pauses, coalesce(f.resolved_on::text, '-'), f.outcome, f.tasked)
              FROM dispute AS f LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "obligation",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, f.opening,
                               coalesce(p.position, -1), f.code, f.what, f.authority,
                               coalesce(f.due_on::text, '-'), f.before_act, coalesce(f.ask_on::text, '-'),
                               coalesce(f.opened_told_at::text, '-'), coalesce(f.missed_at::text, '-'),
                               coalesce(f.over_told_at::text, '-'), f.void, f.tasked, f.done)
              FROM obligation AS f
              LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)",
    },
    Digest {
        table: "stop",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.opening, p.position,
                               (s.account_id IS NOT NULL)::text, s.kind, s.whole, s.placed, s.lifted)
              FROM stop AS s
              LEFT JOIN account_party AS p USING (party_id)
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening",
    },
    Digest {
        table: "finding",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.opening, p.position, f.kind,
                               f.chapter)
              FROM finding AS f
              LEFT JOIN account_party AS p ON p.party_id = f.party_id AND p.account_id = f.account_id
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening",
    },
    Digest {
        table: "validation_notice",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, f.opening,
                               coalesce(p.position, -1), f.period_end)
              FROM validation_notice AS f
              LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)",
    },
];
