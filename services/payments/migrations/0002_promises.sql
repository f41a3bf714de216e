-- Promises to pay, and who of an account may make one.

CREATE TABLE liable_party (
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    party_id   uuid    NOT NULL,
    client_id  uuid    NOT NULL,
    position   integer NOT NULL,
    PRIMARY KEY (account_id, opening, party_id)
);
COMMENT ON TABLE liable_party IS 'Who owes an account, heard from intake. append-only';
COMMENT ON COLUMN liable_party.position IS 'Place in the placement; 0 is the principal debtor.';

CREATE TABLE promise (
    promise_id       uuid    NOT NULL PRIMARY KEY,
    account_id       uuid    NOT NULL,
    opening          integer NOT NULL,
    client_id        uuid    NOT NULL,
    party_id         uuid,
    currency         text    NOT NULL,
    amount_minor     bigint  NOT NULL,
    due_on           date    NOT NULL,
    method           text    NOT NULL,
    state            text    NOT NULL,
    made_on          date    NOT NULL,
    earlier_payments uuid[]  NOT NULL,
    counted_payments uuid[]  NOT NULL DEFAULT '{}',
    paid_minor       bigint  NOT NULL DEFAULT 0,
    ended_on         date,
    cancel_reason    text,
    CONSTRAINT promise_amount_positive CHECK (amount_minor > 0),
    CONSTRAINT promise_paid_not_negative CHECK (paid_minor >= 0),
    CONSTRAINT promise_due_after_made CHECK (due_on >= made_on),
    CONSTRAINT promise_state CHECK (state IN ('open', 'kept', 'partial', 'broken', 'cancelled')),
    CONSTRAINT promise_ended_whole CHECK ((state = 'open') = (ended_on IS NULL)),
    CONSTRAINT promise_cancelled_whole CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
);
COMMENT ON TABLE promise IS 'What debtors promised to pay, and what became of it.';
COMMENT ON COLUMN promise.earlier_payments IS 'Payments of the days from made_on on that stood before it was made: they do not count for it.';
COMMENT ON COLUMN promise.counted_payments IS 'The payments that had come for it when it was last judged; those that kept it, once it is kept.';
COMMENT ON COLUMN promise.paid_minor IS 'What those sum to.';
CREATE UNIQUE INDEX promise_one_open ON promise (account_id, opening) WHERE state = 'open';
CREATE INDEX promise_account ON promise (account_id, promise_id);
CREATE INDEX promise_client ON promise (client_id, promise_id);

COMMENT ON COLUMN payment.opening IS 'The opening that it pays, fixed when it is first held for a known account.';

ALTER TABLE adjustment ADD COLUMN opening integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN adjustment.opening IS 'The opening that it belongs to, as intake told it; 0 where it did not: then its day says it.';
