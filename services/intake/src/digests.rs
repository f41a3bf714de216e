//! The business state of intake, table by table: references instead of ids, no machine times, nothing
//! of the order of arrival.

use duly_platform::Digest;

/// One query a table, each with one text column.
pub const DIGESTS: &[Digest] = &[
    Digest {
        table: "client",
        sql: "SELECT concat_ws('|', c.client_ref, c.name, coalesce(p.client_ref, ''), c.version)
              FROM client AS c LEFT JOIN client AS p ON p.client_id = c.parent_client_id",
    },
    Digest {
        table: "client_policy",
        sql: "SELECT concat_ws('|', c.client_ref, p.version, p.effective_on, p.policy)
              FROM client_policy AS p JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "placement_batch",
        sql: "SELECT concat_ws('|', c.client_ref, b.batch_key, b.listing_date, b.currency,
                  coalesce(b.policy_version::text, ''), coalesce(b.declared_count::text, ''),
                  coalesce(b.declared_sum_minor::text, ''), b.next_chunk_no, b.accepted,
                  b.accepted_with_warning, b.rejected, b.accepted_sum_minor, b.rejected_sum_minor,
                  coalesce(b.totals_agree::text, 'open'))
              FROM placement_batch AS b JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "acknowledgement",
        // Without the reason: it may name the id of the account that stands already.
        sql: "SELECT concat_ws('|', c.client_ref, b.batch_key, k.line, k.client_account_ref, k.status,
                  k.code, k.field, coalesce(k.opening::text, ''), coalesce(k.amount_minor::text, ''))
              FROM acknowledgement AS k
              JOIN placement_batch AS b USING (batch_id)
              JOIN client AS c ON c.client_id = k.client_id",
    },
    Digest {
        table: "account",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, b.batch_key, a.opening,
                  a.version, a.lifecycle, a.debt_class, a.service_kind, a.currency, a.listed_minor,
                  a.adjusted_minor, a.listing_date, coalesce(a.age_from::text, ''), a.claim_items,
                  a.original_creditor, a.current_creditor, coalesce(a.creditor_kind, ''),
                  coalesce(a.claim_kind, ''),
                  coalesce(a.close_code, ''), a.close_reason, coalesce(a.closed_on::text, ''))
              FROM account AS a
              JOIN client AS c USING (client_id)
              JOIN placement_batch AS b USING (batch_id)",
    },
    Digest {
        table: "claim_item",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, i.opening, i.position, i.number,
                  i.kind, coalesce(i.item_date::text, ''), coalesce(i.due_date::text, ''),
                  coalesce(i.original_minor::text, ''), i.open_minor,
                  coalesce(i.disputed_minor::text, ''), i.purchase_order)
              FROM claim_item AS i
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = i.client_id",
    },
    Digest {
        table: "liable_party",
        // What is sealed has a random nonce and a look-up by the installation's own key.
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, p.opening, p.position, p.role,
                  p.debtor_kind, p.name, p.address_lines::text, p.city, p.region, p.postal_code,
                  p.country, p.phones::text, p.emails::text, p.sealed_national_id IS NOT NULL,
                  p.sealed_birth_date IS NOT NULL)
              FROM liable_party AS p
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = p.client_id",
    },
    Digest {
        table: "contact_person",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, p.opening, p.position, p.name,
                  p.title, p.phone, p.email)
              FROM contact_person AS p
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = p.client_id",
    },
    Digest {
        table: "known_fact",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, f.opening, f.position, f.kind,
                  coalesce(f.party_position::text, ''), coalesce(f.since::text, ''), f.detail)
              FROM known_fact AS f
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = f.client_id",
    },
    Digest {
        table: "adjustment",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, j.opening, j.amount_minor,
                  j.adjusted_on, j.item_number, j.reason)
              FROM adjustment AS j
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = j.client_id",
    },
    Digest {
        table: "hold",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, h.opening, h.reason, h.from_on,
                  coalesce(h.until_on::text, ''), coalesce(h.lifted_on::text, ''), h.lift_reason)
              FROM hold AS h
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = h.client_id",
    },
    Digest {
        table: "client_request",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, r.opening, r.dispute_reason,
                  r.item_numbers::text, coalesce(r.disputed_minor::text, ''), r.asked_on, r.due_on,
                  coalesce(e.outcome, ''), coalesce(e.resolved_on::text, ''), coalesce(w.answer, ''),
                  coalesce(w.credit_minor::text, ''), coalesce(w.text, ''),
                  coalesce(w.answered_on::text, ''))
              FROM client_request AS r
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = r.client_id
              LEFT JOIN dispute_end AS e USING (dispute_id)
              LEFT JOIN client_answer AS w USING (client_request_id)",
    },
    Digest {
        table: "dispute_end",
        sql: "SELECT concat_ws('|', c.client_ref, e.outcome, e.resolved_on)
              FROM dispute_end AS e JOIN client AS c USING (client_id)",
    },
    Digest {
        table: "close_proposal",
        sql: "SELECT concat_ws('|', c.client_ref, a.client_account_ref, p.opening, p.close_code, p.reason,
                  p.proposed_at)
              FROM close_proposal AS p
              JOIN account AS a USING (account_id)
              JOIN client AS c ON c.client_id = p.client_id",
    },
];
