-- Read models, made from frames alone: emptied with the floors at 0 they come back the same.

CREATE TABLE client (
    client_id        uuid   NOT NULL PRIMARY KEY,
    version          bigint NOT NULL,
    client_ref       text   NOT NULL,
    name             text   NOT NULL,
    parent_client_id uuid
);
COMMENT ON TABLE client IS 'Clients by the latest version heard of.';

CREATE TABLE batch (
    batch_id  uuid   NOT NULL PRIMARY KEY,
    client_id uuid   NOT NULL,
    batch_key text   NOT NULL,
    accepted  bigint NOT NULL,
    rejected  bigint NOT NULL
);
COMMENT ON TABLE batch IS 'Placement batches that ended.';
CREATE INDEX batch_client ON batch (client_id, batch_id);

CREATE TABLE account (
    account_id         uuid    NOT NULL,
    opening            integer NOT NULL CONSTRAINT account_opening_positive CHECK (opening >= 1),
    client_id          uuid    NOT NULL,
    batch_id           uuid    NOT NULL,
    client_account_ref text    NOT NULL,
    currency           text    NOT NULL,
    listed_minor       bigint  NOT NULL,
    listing_date       date    NOT NULL,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE account IS 'Accounts as placed, once for each opening.';
CREATE INDEX account_batch ON account (client_id, batch_id);

CREATE TABLE account_end (
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    client_id  uuid    NOT NULL,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE account_end IS 'Openings that were recalled or closed; may be here before the account is.';

CREATE TABLE collection (
    event_id     uuid   NOT NULL PRIMARY KEY,
    account_id   uuid   NOT NULL,
    client_id    uuid   NOT NULL,
    currency     text   NOT NULL,
    amount_minor bigint NOT NULL,
    collected_on date   NOT NULL
);
COMMENT ON TABLE collection IS 'Money that counts as collected, received by agency or client; reversals are negative. May be here before the account is.';
CREATE INDEX collection_client ON collection (client_id);

CREATE TABLE held (
    payment_id   uuid    NOT NULL PRIMARY KEY,
    client_id    uuid    NOT NULL,
    currency     text    NOT NULL,
    amount_minor bigint  NOT NULL,
    ended        boolean NOT NULL
);
COMMENT ON TABLE held IS 'Payments to the agency until they are released or reversed.';
COMMENT ON COLUMN held.amount_minor IS 'Without overpayment; 0 while only the end was heard of.';
CREATE INDEX held_client ON held (client_id) WHERE NOT ended;

CREATE TABLE client_summary (
    client_id        uuid   NOT NULL,
    currency         text   NOT NULL,
    accounts_placed  bigint NOT NULL DEFAULT 0,
    listed_minor     bigint NOT NULL DEFAULT 0,
    adjusted_minor   bigint NOT NULL DEFAULT 0,
    collected_minor  bigint NOT NULL DEFAULT 0,
    direct_minor     bigint NOT NULL DEFAULT 0,
    commission_minor bigint NOT NULL DEFAULT 0,
    remitted_minor   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, currency)
);
COMMENT ON TABLE client_summary IS 'Running sums. Each event adds to them once, because each frame is recorded once.';

CREATE TABLE timeline (
    event_id     uuid        NOT NULL PRIMARY KEY,
    account_id   uuid        NOT NULL,
    client_id    uuid        NOT NULL,
    occurred_at  timestamptz NOT NULL,
    kind         text        NOT NULL,
    actor        text        NOT NULL,
    summary      text        NOT NULL,
    amount_minor bigint,
    currency     text,
    CONSTRAINT timeline_amount_whole CHECK ((amount_minor IS NULL) = (currency IS NULL))
);
COMMENT ON TABLE timeline IS 'What happened to each account, in plain words.';
COMMENT ON COLUMN timeline.summary IS 'pii: may repeat a reason in the client''s own words.';
CREATE INDEX timeline_account ON timeline (account_id, occurred_at, event_id);
