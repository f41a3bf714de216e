-- What stands about each account, for lists. Every table here is filled in one of three shapes that no order
-- changes: once by key, sums to which each event adds once, and opened and closed by id with a tombstone.

ALTER TABLE account ADD COLUMN debt_class text NOT NULL DEFAULT '';
COMMENT ON COLUMN account.debt_class IS 'Code of the glossary; empty for accounts heard of before it was kept.';

CREATE TABLE account_change (
    account_id uuid        NOT NULL PRIMARY KEY,
    client_id  uuid        NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE account_change IS 'When the latest of what was told about an account happened, in business time.';
CREATE INDEX account_change_time ON account_change (changed_at, account_id);
CREATE INDEX account_change_client ON account_change (client_id, changed_at, account_id);

CREATE TABLE account_money (
    account_id      uuid    NOT NULL,
    opening         integer NOT NULL,
    currency        text    NOT NULL,
    client_id       uuid    NOT NULL,
    adjusted_minor  bigint  NOT NULL,
    posted_minor    bigint  NOT NULL,
    collected_minor bigint  NOT NULL,
    PRIMARY KEY (account_id, opening, currency)
);
COMMENT ON TABLE account_money IS 'Running sums. Each event adds to them once, because each frame is recorded once.';
COMMENT ON COLUMN account_money.posted_minor IS 'Money that came and was not taken back, held or released.';

CREATE TABLE account_work (
    account_id       uuid    NOT NULL,
    opening          integer NOT NULL,
    client_id        uuid    NOT NULL,
    letters_mailed   integer NOT NULL,
    calls_made       integer NOT NULL,
    validation_until date,
    nsf_on           date,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE account_work IS 'Running counts, and the latest of each date.';
COMMENT ON COLUMN account_work.validation_until IS 'Last day of the validation period of the latest notice.';
COMMENT ON COLUMN account_work.nsf_on IS 'When a payment last came back for want of funds.';

CREATE TABLE account_close (
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    client_id  uuid    NOT NULL,
    close_code text    NOT NULL,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE account_close IS 'With what code an opening was closed.';

CREATE TABLE liable_party (
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    party_id   uuid    NOT NULL,
    client_id  uuid    NOT NULL,
    position   integer NOT NULL,
    PRIMARY KEY (account_id, opening, party_id)
);
COMMENT ON TABLE liable_party IS 'Who owes an account, without name.';
CREATE INDEX liable_party_party ON liable_party (party_id);

CREATE TABLE stop (
    stop_id    uuid    NOT NULL PRIMARY KEY,
    client_id  uuid    NOT NULL,
    party_id   uuid    NOT NULL,
    account_id uuid,
    kind       text,
    lifted     boolean NOT NULL
);
COMMENT ON TABLE stop IS 'Stops of contact, from their placing or from their lifting.';
COMMENT ON COLUMN stop.kind IS 'Empty while only the lifting was heard of.';
COMMENT ON COLUMN stop.account_id IS 'Empty: every account of the party.';
CREATE INDEX stop_party ON stop (party_id) WHERE NOT lifted;

CREATE TABLE hold (
    hold_id    uuid    NOT NULL PRIMARY KEY,
    client_id  uuid    NOT NULL,
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    from_on    date,
    until_on   date,
    lifted     boolean NOT NULL
);
COMMENT ON TABLE hold IS 'Holds of clients, from their placing or from their lifting.';
COMMENT ON COLUMN hold.from_on IS 'Empty while only the lifting was heard of.';
COMMENT ON COLUMN hold.until_on IS 'Last day; empty until it is lifted.';
CREATE INDEX hold_account ON hold (account_id, opening) WHERE NOT lifted;

CREATE TABLE dispute (
    dispute_id   uuid    NOT NULL PRIMARY KEY,
    client_id    uuid    NOT NULL,
    account_id   uuid    NOT NULL,
    opening      integer NOT NULL,
    whole        boolean,
    pauses       boolean,
    currency     text,
    amount_minor bigint,
    resolved     boolean NOT NULL,
    CONSTRAINT dispute_amount_whole CHECK ((amount_minor IS NULL) = (currency IS NULL))
);
COMMENT ON TABLE dispute IS 'Disputes, from their opening or from their end.';
COMMENT ON COLUMN dispute.whole IS 'Whether it names neither items nor an amount: all is contested. Empty while only the end was heard of.';
COMMENT ON COLUMN dispute.pauses IS 'Whether it pauses the account; of a commercial claim only one of the whole does.';
CREATE INDEX dispute_account ON dispute (account_id, opening) WHERE NOT resolved;

CREATE TABLE promise (
    promise_id uuid    NOT NULL PRIMARY KEY,
    client_id  uuid    NOT NULL,
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    due_on     date,
    outcome    text,
    ended_on   date,
    CONSTRAINT promise_outcome CHECK (outcome IN ('kept', 'broken', 'cancelled')),
    CONSTRAINT promise_ended_whole CHECK ((outcome IS NULL) = (ended_on IS NULL))
);
COMMENT ON TABLE promise IS 'Promises to pay, from their making or from their end.';
COMMENT ON COLUMN promise.due_on IS 'Empty while only the end was heard of.';
COMMENT ON COLUMN promise.outcome IS 'Empty while it is open. One that was kept may be broken later, never the other way round.';
CREATE INDEX promise_account ON promise (account_id, opening);
