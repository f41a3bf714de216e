-- What every service's schema holds for the mechanisms: frames out, frames in, due work, requests, audit.
-- Times named machine_* are the machine's; all others are business times.

-- The database's own identity, so that a restored copy is noticed before it tells anything.
CREATE TABLE epoch (
    epoch             integer     NOT NULL PRIMARY KEY CHECK (epoch >= 1),
    system_identifier bigint      NOT NULL,
    timeline          integer     NOT NULL,
    machine_raised_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE epoch IS 'Epochs of this schema; the highest is in force. append-only';

CREATE TABLE outbox_head (
    kind  text    NOT NULL,
    epoch integer NOT NULL,
    no    bigint  NOT NULL CHECK (no >= 0),
    PRIMARY KEY (kind, epoch)
);
COMMENT ON TABLE outbox_head IS 'The last number given, per kind and epoch. Its row lock orders the relays.';

CREATE TABLE outbox (
    id              uuid        NOT NULL PRIMARY KEY,
    kind            text        NOT NULL,
    epoch           integer,
    no              bigint,
    schema          text        NOT NULL,
    told_at         timestamptz NOT NULL,
    traceparent     text        NOT NULL,
    body            bytea       NOT NULL,
    events          integer     NOT NULL CHECK (events > 0),
    machine_told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT outbox_numbered_whole CHECK ((epoch IS NULL) = (no IS NULL))
);
COMMENT ON TABLE outbox IS 'Frames told, kept for resends. Numbered by a relay after the commit.';
COMMENT ON COLUMN outbox.body IS 'Encoded common.v1.Frame with the events alone.';
CREATE UNIQUE INDEX outbox_number ON outbox (kind, epoch, no) WHERE no IS NOT NULL;
CREATE INDEX outbox_unnumbered ON outbox (kind, id) WHERE no IS NULL;

CREATE TABLE inbox_floor (
    kind  text    NOT NULL,
    epoch integer NOT NULL,
    floor bigint  NOT NULL CHECK (floor >= 0),
    head  bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, epoch)
);
COMMENT ON TABLE inbox_floor IS 'Everything up to the floor was handled; head is the last number heard of.';

CREATE TABLE inbox (
    kind  text    NOT NULL,
    epoch integer NOT NULL,
    no    bigint  NOT NULL CHECK (no >= 1),
    PRIMARY KEY (kind, epoch, no)
);
COMMENT ON TABLE inbox IS 'Frames above the floor that were handled.';

CREATE TABLE parked (
    id                 uuid        NOT NULL PRIMARY KEY,
    source             text        NOT NULL CHECK (source IN ('frame', 'due')),
    kind               text        NOT NULL,
    payload            bytea       NOT NULL,
    error              text        NOT NULL,
    machine_parked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    machine_replayed_at timestamptz
);
COMMENT ON TABLE parked IS 'Single events and due keys that could not be handled for a reason in the data, until they are replayed.';
COMMENT ON COLUMN parked.kind IS 'Kind of the event, or queue of the due work.';
COMMENT ON COLUMN parked.payload IS 'The encoded event, or the 16 bytes of the due key and 8 of its due time in microseconds.';

CREATE TABLE due (
    queue               text        NOT NULL,
    key                 uuid        NOT NULL,
    due_at              timestamptz NOT NULL,
    machine_lease_until timestamptz,
    lease               uuid,
    PRIMARY KEY (queue, key, due_at)
);
COMMENT ON TABLE due IS 'Work that waits for its business time, claimed in sets under leases on machine time.';
CREATE INDEX due_next ON due (queue, due_at);
CREATE INDEX due_lease ON due (lease) WHERE lease IS NOT NULL;

CREATE TABLE request (
    principal  text        NOT NULL,
    method     text        NOT NULL,
    request_id text        NOT NULL,
    hash       bytea       NOT NULL,
    answer     bytea,
    at         timestamptz NOT NULL,
    PRIMARY KEY (principal, method, request_id)
);
COMMENT ON TABLE request IS 'Mutations by their callers'' keys, with the first answer.';
COMMENT ON COLUMN request.hash IS 'Keyed hash of the body.';

CREATE TABLE audit (
    id     uuid        NOT NULL PRIMARY KEY,
    at     timestamptz NOT NULL,
    actor  text        NOT NULL,
    action text        NOT NULL,
    target text        NOT NULL,
    detail jsonb       NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE audit IS 'Who changed what, and who read sealed data. Ids and codes, never personal data. append-only';
CREATE INDEX audit_target ON audit (target, at);
