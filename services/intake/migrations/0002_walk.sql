-- What the edge of the walk adds: holds, questions to the client, proposals to close.

ALTER TABLE adjustment ADD COLUMN adjusted_at timestamptz;
COMMENT ON COLUMN adjustment.adjusted_at IS 'When it was made; null in rows of versions that did not keep it.';

CREATE TABLE hold (
    hold_id     uuid    NOT NULL PRIMARY KEY,
    account_id  uuid    NOT NULL,
    client_id   uuid    NOT NULL,
    opening     integer NOT NULL CHECK (opening >= 1),
    reason      text    NOT NULL,
    from_on     date    NOT NULL,
    until_on    date,
    lifted_on   date,
    lift_reason text    NOT NULL DEFAULT '',
    CONSTRAINT hold_not_backwards CHECK (until_on >= from_on)
);
COMMENT ON TABLE hold IS 'The client asks that an account not be worked for now.';
COMMENT ON COLUMN hold.until_on IS 'Its last day; null: until it is lifted.';
CREATE INDEX hold_account ON hold (account_id, opening);

CREATE TABLE client_request (
    client_request_id uuid    NOT NULL PRIMARY KEY,
    dispute_id        uuid    NOT NULL,
    account_id        uuid    NOT NULL,
    client_id         uuid    NOT NULL,
    opening           integer NOT NULL CHECK (opening >= 1),
    dispute_reason    text    NOT NULL CHECK (dispute_reason IN ('pricing', 'quantity', 'quality',
        'not_delivered', 'returned', 'paid', 'duplicate', 'wrong_party', 'terms', 'fraud', 'other')),
    item_numbers      text[]  NOT NULL,
    disputed_minor    bigint  CHECK (disputed_minor > 0),
    asked_on          date    NOT NULL,
    due_on            date    NOT NULL,
    CONSTRAINT client_request_dispute_once UNIQUE (dispute_id)
);
COMMENT ON TABLE client_request IS 'A question to the client: what it says of a dispute. append-only';
COMMENT ON COLUMN client_request.item_numbers IS 'Claim items contested; empty: the whole account.';
COMMENT ON COLUMN client_request.disputed_minor IS 'The part contested as the debtor put it; null: all of the items, or of the account.';
CREATE INDEX client_request_account ON client_request (account_id);
CREATE INDEX client_request_due ON client_request (due_on, client_request_id);

CREATE TABLE client_answer (
    client_request_id uuid   NOT NULL PRIMARY KEY,
    client_id         uuid   NOT NULL,
    answer            text   NOT NULL CHECK (answer IN ('credit', 'stands', 'part')),
    credit_minor      bigint NOT NULL CHECK (credit_minor >= 0),
    text              text   NOT NULL,
    answered_on       date   NOT NULL
);
COMMENT ON TABLE client_answer IS 'What the client said. Its credit stands in adjustment. append-only';
COMMENT ON COLUMN client_answer.text IS 'pii';

CREATE TABLE dispute_end (
    dispute_id  uuid NOT NULL PRIMARY KEY,
    client_id   uuid NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('valid', 'invalid', 'split', 'withdrawn')),
    resolved_on date NOT NULL
);
COMMENT ON TABLE dispute_end IS 'Disputes that contact ended: nobody need answer them any more. A tombstone, which may come first. append-only';

CREATE TABLE close_proposal (
    event_id    uuid        NOT NULL PRIMARY KEY,
    account_id  uuid        NOT NULL,
    client_id   uuid        NOT NULL,
    opening     integer     NOT NULL,
    close_code  text        NOT NULL,
    reason      text        NOT NULL,
    proposed_at timestamptz NOT NULL
);
COMMENT ON TABLE close_proposal IS 'The workflow is through with an account. What becomes of it is decided at a tick. append-only';
CREATE INDEX close_proposal_account ON close_proposal (account_id, opening);
