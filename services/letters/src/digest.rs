//! The business state of letters as text, keyed by the clients' references: no ids, no machine times, no
//! order of arrival. Two runs that did the same have the same, the documents' bytes included.

use duly_platform::Digest;

pub(crate) const DIGEST: &[Digest] = &[
    Digest {
        table: "claim",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, c.opening, c.original_creditor,
                               c.current_creditor, c.creditor_kind, c.claim_items)
              FROM claim AS c LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "claim_item",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, i.opening, i.kind, i.number,
                               i.purchase_order, coalesce(i.item_date::text, '-'),
                               coalesce(i.due_date::text, '-'), i.currency, i.open_minor,
                               coalesce(i.original_minor::text, '-'))
              FROM claim_item AS i LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "treatment",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, t.opening, p.position, t.channel,
                               t.template, t.step, t.try_no, t.expires_at, t.state, t.why,
                               array_to_string(t.missing, ','))
              FROM treatment AS t LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)",
    },
    Digest {
        table: "letter",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, l.opening, p.position, t.step,
                               t.try_no, l.template, l.template_version, l.channel, l.state, l.mailing_on,
                               l.batch_closes_at, l.mail_by, coalesce(l.validation_period_end::text, '-'),
                               coalesce(l.mailed_on::text, '-'), l.pages, encode(l.content_sha256, 'hex'),
                               coalesce(l.valid_until::text, '-'), l.file_name,
                               coalesce(l.returned_on::text, '-'), coalesce(l.return_reason, '-'), l.why)
              FROM letter AS l LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)
              LEFT JOIN treatment AS t USING (treatment_id)",
    },
    Digest {
        table: "document",
        sql: "SELECT concat_ws('|', encode(sha256, 'hex'), pages) FROM document",
    },
    Digest {
        table: "permission",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, m.opening, p.position, t.step,
                               t.try_no, m.channel, m.authorized_at, m.valid_until, m.seal_at, m.state)
              FROM permission AS m LEFT JOIN account AS a USING (account_id, opening)
              LEFT JOIN account_party AS p USING (account_id, opening, party_id)
              LEFT JOIN treatment AS t USING (treatment_id)",
    },
    Digest {
        table: "mail_batch",
        sql: "SELECT concat_ws('|', channel, mailing_on, no, state, letters, pages, sealed_at,
                               coalesce(confirmed_on::text, '-'), folder)
              FROM mail_batch",
    },
    Digest {
        table: "dispatch",
        sql: "SELECT concat_ws('|', l.reference, l.recipient, t.step, t.try_no, d.state, d.tries, d.detail)
              FROM dispatch AS d LEFT JOIN letter AS l USING (letter_id)
              LEFT JOIN treatment AS t USING (treatment_id)",
    },
    Digest {
        table: "stop",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.opening, p.position, s.kind,
                               (s.account_id IS NOT NULL)::text, coalesce(s.channel, '-'), s.address,
                               (over.stop_id IS NOT NULL)::text)
              FROM stop AS s LEFT JOIN stop_lifted AS over USING (stop_id)
              LEFT JOIN account_party AS p USING (party_id)
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening",
    },
    Digest {
        table: "dispute",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, d.opening, d.pauses_account,
                               (over.dispute_id IS NOT NULL)::text)
              FROM dispute AS d LEFT JOIN dispute_resolved AS over USING (dispute_id)
              LEFT JOIN account AS a USING (account_id, opening)",
    },
    Digest {
        table: "found_point",
        sql: "SELECT concat_ws('|', a.client_ref, a.client_account_ref, p.opening, p.position, f.address,
                               f.email, f.confidence, f.found_at)
              FROM found_point AS f LEFT JOIN account_party AS p USING (party_id)
              LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening",
    },
];
