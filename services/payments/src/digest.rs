//! The business state of payments as text, keyed by the client's references: no ids, no machine times, no
//! order of arrival. Two runs that did the same have the same.

use duly_platform::Digest;

pub(crate) const DIGEST: &[Digest] = &[
    Digest {
        table: "client_policy",
        sql: "SELECT concat_ws('|', client_ref, version, client_name, effective_on, policy)
              FROM client_policy",
    },
    Digest {
        table: "account",
        sql: "SELECT concat_ws('|', client_ref, client_account_ref, opening, currency, listed_minor,
                               listing_date, debtor_name, coalesce(settled_on::text, '-'))
              FROM account",
    },
    Digest {
        table: "claim_item",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, i.opening, i.kind, i.number,
                               coalesce(i.item_date::text, '-'), coalesce(i.due_date::text, '-'),
                               i.currency, i.open_minor, i.disputed_minor)
              FROM claim_item AS i LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "adjustment",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, d.currency, d.amount_minor,
                               d.adjusted_on, d.item_number, d.opening)
              FROM adjustment AS d
              LEFT JOIN account AS a ON a.account_id = d.account_id AND a.opening = 1",
    },
    Digest {
        table: "account_end",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, e.opening, e.kind, e.ended_on,
                               coalesce(e.close_code, '-'))
              FROM account_end AS e LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "payment",
        sql: "SELECT concat_ws('|', coalesce(a.client_ref, '-'), coalesce(a.client_account_ref, '-'),
                               coalesce(p.opening, 0), p.received_by, p.state, p.currency, p.amount_minor,
                               p.payment_on, p.received_reference, p.method,
                               array_to_string(p.item_numbers, ','), p.posted_on,
                               coalesce(p.held_on::text, '-'), coalesce(p.release_on::text, '-'),
                               coalesce(p.released_on::text, '-'), p.collected_minor, p.overpayment_minor,
                               coalesce(p.reversed_on::text, '-'), coalesce(p.reversal_reason, '-'),
                               coalesce(p.stated, '-'))
              FROM payment AS p
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = 1",
    },
    Digest {
        table: "unapplied",
        sql: "SELECT concat_ws('|', currency, amount_minor, payment_on, received_reference, method, posted_on,
                               (named_account_id IS NOT NULL)::text, coalesce(named_client_ref, '-'),
                               coalesce(named_account_ref, '-'))
              FROM payment WHERE state = 'unapplied'",
    },
    Digest {
        table: "promise",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.opening,
                               coalesce(l.position::text, '-'), p.currency, p.amount_minor, p.due_on,
                               p.method, p.state, p.made_on, p.paid_minor,
                               coalesce(p.ended_on::text, '-'), coalesce(p.cancel_reason, '-'))
              FROM promise AS p
              JOIN account AS a USING (account_id, opening)
              LEFT JOIN liable_party AS l USING (account_id, opening, party_id)",
    },
    Digest {
        table: "commission",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.payment_on, p.received_reference,
                               p.amount_minor, p.commission_minor, coalesce(p.schedule_version, 0))
              FROM payment AS p
              JOIN account AS a ON a.account_id = p.account_id AND a.opening = 1",
    },
    Digest {
        table: "statement_item",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, i.opening, i.kind, i.received_by,
                               i.currency, i.gross_minor, i.overpayment_minor, i.commission_minor,
                               i.schedule_version, i.on_date, p.payment_on, p.received_reference,
                               coalesce(r.statement_no, '-'))
              FROM statement_item AS i
              JOIN payment AS p USING (payment_id)
              LEFT JOIN account AS a ON a.account_id = i.account_id AND a.opening = i.opening
              LEFT JOIN remittance_item AS ri USING (item_id)
              LEFT JOIN remittance AS r ON r.remittance_id = ri.remittance_id",
    },
    Digest {
        table: "entry",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, '-'), coalesce(a.client_account_ref, '-'), e.ledger,
                               e.posted_on, e.currency, sum(e.amount_minor))
              FROM entry AS e
              LEFT JOIN client_policy AS c ON c.client_id = e.client_id AND c.version = 1
              LEFT JOIN account AS a ON a.account_id = e.account_id AND a.opening = 1
              GROUP BY c.client_ref, a.client_account_ref, e.ledger, e.posted_on, e.currency
              HAVING sum(e.amount_minor) <> 0",
    },
    Digest {
        table: "client_trust",
        sql: "SELECT concat_ws('|', coalesce(c.client_ref, '-'), t.currency,
                               t.available + coalesce((SELECT sum(k.amount_minor) FROM trust_credit AS k
                                   WHERE k.client_id = t.client_id AND k.currency = t.currency), 0),
                               t.claimed_minor, t.deficiency_agency_minor, t.deficiency_client_minor,
                               t.unswept_minor, t.operating_carry_minor)
              FROM client_trust AS t
              LEFT JOIN client_policy AS c ON c.client_id = t.client_id AND c.version = 1",
    },
    Digest {
        table: "remittance",
        sql: "SELECT concat_ws('|', client_ref, currency, period_from, period_to, statement_no, method,
                               collected_minor, direct_minor, commission_minor, prior_carry_forward_minor,
                               remitted_minor, held_minor, carry_forward_minor, to_operating_minor,
                               set_aside_minor, held_funds_minor, lines, encode(csv_sha256, 'hex'),
                               encode(json_sha256, 'hex'))
              FROM remittance",
    },
];
