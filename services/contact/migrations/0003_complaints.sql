-- Complaints: who complained, who answers by when, and what it came to.

CREATE TABLE complaint (
    complaint_id    uuid PRIMARY KEY,
    client_id       uuid,
    account_id      uuid,
    party_id        uuid,
    source          text NOT NULL,
    medium          text NOT NULL,
    reference       text NOT NULL,
    detail          text NOT NULL,
    owner           text NOT NULL,
    received_at     timestamptz NOT NULL,
    acknowledge_by  date NOT NULL,
    answer_by       date NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     text NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    answered_at     timestamptz,
    answered_by     text,
    outcome         text,
    answer          text,
    CONSTRAINT complaint_source CHECK (source IN ('debtor', 'regulator', 'mediator', 'client', 'other')),
    CONSTRAINT complaint_outcome CHECK (outcome IN ('upheld', 'partly_upheld', 'rejected', 'withdrawn')),
    CONSTRAINT complaint_of_account CHECK ((client_id IS NULL) = (account_id IS NULL)),
    CONSTRAINT complaint_party_of_account CHECK (party_id IS NULL OR account_id IS NOT NULL),
    CONSTRAINT complaint_received_before_recorded CHECK (received_at <= recorded_at),
    CONSTRAINT complaint_acknowledged_whole CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CONSTRAINT complaint_answered_whole CHECK (
        (answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (outcome IS NULL)
        AND (answered_at IS NULL) = (answer IS NULL))
);
COMMENT ON TABLE complaint IS 'Complaints, from receipt to answer.';
COMMENT ON COLUMN complaint.account_id IS 'Empty where it is about no account.';
COMMENT ON COLUMN complaint.reference IS 'The complainant''s own number of it; empty: none.';
COMMENT ON COLUMN complaint.detail IS 'pii: in the complainant''s words.';
COMMENT ON COLUMN complaint.owner IS 'Who answers it: a person or a desk of the agency.';
COMMENT ON COLUMN complaint.acknowledge_by IS 'Policy, in the agency''s zone.';
COMMENT ON COLUMN complaint.answer_by IS 'Policy, in the agency''s zone.';
COMMENT ON COLUMN complaint.answer IS 'pii: what was answered.';
CREATE INDEX complaint_account ON complaint (account_id);
CREATE INDEX complaint_open ON complaint (answer_by) WHERE answered_at IS NULL;
