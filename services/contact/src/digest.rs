//! The business state of contact as text, keyed by the clients' references: no ids, no machine times, no
//! order of arrival. Two runs that did the same have the same.

use duly_platform::Digest;

pub(crate) const DIGEST: &[Digest] = &[
    // A person is told by the references of its parties.
    Digest {
        table: "person",
        sql: "SELECT string_agg(
                  concat_ws('/', coalesce(a.client_ref, '-'), coalesce(a.client_account_ref, '-'),
                            coalesce(p.position, -1)),
                  ' ' ORDER BY a.client_ref, a.client_account_ref, p.position)
              FROM person_party AS pp
              LEFT JOIN account_party AS p ON p.party_id = pp.party_id AND p.opening = 1
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = 1
              GROUP BY pp.person_id",
    },
    Digest {
        table: "person_change",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position, c.kind, c.reason,
                               c.changed_at)
              FROM person_change AS c
              LEFT JOIN account_party AS p ON p.party_id = c.party_id AND p.opening = 1
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = 1",
    },
    Digest {
        table: "contact_point",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position, t.kind, t.value,
                               t.provenance, t.rank, coalesce(t.bad_reason, '-'))
              FROM contact_point AS t
              LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = t.account_id AND p.opening = 1 AND p.party_id = t.party_id",
    },
    Digest {
        table: "wish",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position, w.kind, w.detail,
                               w.source)
              FROM wish AS w
              LEFT JOIN account AS a ON a.account_id = w.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = w.account_id AND p.opening = 1 AND p.party_id = w.party_id",
    },
    Digest {
        table: "claim",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, c.opening, coalesce(c.kind, '-'),
                               coalesce(c.creditor_kind, '-'), coalesce(c.accrued_on::text, '-'))
              FROM claim AS c
              LEFT JOIN account AS a ON a.account_id = c.account_id AND a.opening = 1",
    },
    Digest {
        table: "stop",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position,
                               CASE WHEN s.account_id IS NULL THEN 'party' ELSE 'debt' END, s.kind,
                               coalesce(s.channel, '-'), coalesce(s.address, '-'), s.placed_at, s.source,
                               coalesce(s.lifted_at::text, '-'), coalesce(s.lift_reason, '-'),
                               s.received_at)
              FROM stop AS s
              LEFT JOIN account AS a ON a.account_id = s.stated_at_account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = s.stated_at_account_id AND p.opening = 1 AND p.party_id = s.party_id",
    },
    Digest {
        table: "dispute",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, d.opening,
                               coalesce(p.position, -1), d.reason, array_to_string(d.item_numbers, ','),
                               coalesce(d.amount_minor, 0), d.opened_at, d.pauses,
                               coalesce(d.outcome, '-'), coalesce(d.resolved_at::text, '-'),
                               coalesce(d.resolved_why, '-'), d.form, d.received_at,
                               coalesce(d.medium, '-'), d.duplicate_of IS NOT NULL)
              FROM dispute AS d
              LEFT JOIN account AS a ON a.account_id = d.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = d.account_id AND p.opening = d.opening AND p.party_id = d.party_id",
    },
    Digest {
        table: "consent",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position,
                               CASE WHEN c.account_id IS NULL THEN 'party' ELSE 'debt' END, c.what,
                               c.given_to, coalesce(c.medium, '-'), coalesce(c.address, '-'), c.given_at,
                               coalesce(c.until_at::text, '-'), c.source,
                               coalesce(w.withdrawn_at::text, '-'))
              FROM consent AS c LEFT JOIN consent_withdrawn AS w USING (consent_id)
              LEFT JOIN account AS a ON a.account_id = c.stated_at_account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = c.stated_at_account_id AND p.opening = 1 AND p.party_id = c.party_id",
    },
    Digest {
        table: "designation",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.position, d.kind,
                               coalesce(d.times::text, '-'), coalesce(d.place, '-'),
                               coalesce(d.medium, '-'), coalesce(d.address, '-'), d.oral, d.received_at,
                               d.source, coalesce(l.lifted_at::text, '-'), coalesce(l.reason, '-'))
              FROM designation AS d LEFT JOIN designation_lifted AS l USING (designation_id)
              LEFT JOIN account AS a ON a.account_id = d.stated_at_account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = d.stated_at_account_id AND p.opening = 1 AND p.party_id = d.party_id",
    },
    Digest {
        table: "dated_fact",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, coalesce(p.position, -1), f.kind,
                               f.at, coalesce(f.medium, '-'), coalesce(f.address, '-'),
                               coalesce(f.stated_on::text, '-'), f.source, f.evidence)
              FROM dated_fact AS f
              LEFT JOIN account AS a ON a.account_id = f.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = f.account_id AND p.opening = 1 AND p.party_id = f.party_id",
    },
    Digest {
        table: "complaint",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, c.source, c.medium, c.reference,
                               c.owner, c.received_at, c.acknowledge_by, c.answer_by,
                               coalesce(c.acknowledged_at::text, '-'), coalesce(c.answered_at::text, '-'),
                               coalesce(c.outcome, '-'))
              FROM complaint AS c LEFT JOIN account AS a ON a.account_id = c.account_id AND a.opening = 1",
    },
    Digest {
        table: "inbound",
        sql: "SELECT concat_ws('|', coalesce(a.client_ref, '-'), coalesce(a.client_account_ref, '-'),
                               i.medium, coalesce(i.from_address, '-'), i.text, i.received_at, i.bounced,
                               i.conversation, i.stop_word, i.stop_id IS NOT NULL, i.party_id IS NOT NULL,
                               coalesce(i.read_at::text, '-'), coalesce(i.class, '-'),
                               i.answered_attempt_id IS NOT NULL)
              FROM inbound AS i LEFT JOIN account AS a ON a.account_id = i.account_id AND a.opening = 1",
    },
    Digest {
        table: "attempt",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.opening,
                               coalesce(p.position, -1), t.channel, t.step, t.try_no,
                               coalesce(t.target, '-'), t.state, t.planned_at,
                               coalesce(t.authorized_at::text, '-'), coalesce(t.concluded_at::text, '-'),
                               coalesce(t.disposition, '-'), t.counted, coalesce(t.crossing, '-'),
                               t.crossed, t.why)
              FROM attempt AS t
              LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = t.account_id AND p.opening = t.opening AND p.party_id = t.party_id",
    },
    Digest {
        table: "decision",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, d.opening,
                               coalesce(p.position, -1), d.channel, d.decided_at, d.about_at, d.verdict,
                               d.rule, d.authority, coalesce(d.force, '-'),
                               coalesce(d.next_permitted_at::text, '-'))
              FROM decision AS d
              LEFT JOIN account AS a ON a.account_id = d.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = d.account_id AND p.opening = d.opening AND p.party_id = d.party_id",
    },
    Digest {
        table: "obligation",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, o.opening, coalesce(p.position, -1),
                               o.code, coalesce(o.opened_at::text, '-'), coalesce(o.address, '-'),
                               coalesce(o.due_on::text, '-'), coalesce(o.before_act, '-'), o.state, o.owed,
                               coalesce(o.discharged_at::text, '-'), coalesce(o.lapsed_at::text, '-'))
              FROM obligation AS o
              LEFT JOIN account AS a ON a.account_id = o.account_id AND a.opening = 1
              LEFT JOIN account_party AS p
                ON p.account_id = o.account_id AND p.opening = o.opening AND p.party_id = o.party_id",
    },
    Digest {
        table: "conversation",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.step, t.try_no,
                               coalesce(c.right_party_verified::text, '-'), c.disclosures::text,
                               c.missing::text, c.recorded_at)
              FROM conversation AS c JOIN attempt AS t USING (attempt_id)
              LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1",
    },
    Digest {
        table: "note",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, n.text, n.author, n.written_at,
                               n.visible_to_client)
              FROM note AS n LEFT JOIN account AS a ON a.account_id = n.account_id AND a.opening = 1",
    },
];
