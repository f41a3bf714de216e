-- Letters: what they state, the pieces that were prepared, the batches that left, and what came back.

-- Facts heard from others. Kept in any order of arrival; read by ticks.

CREATE TABLE claim (
    account_id        uuid    NOT NULL,
    opening           integer NOT NULL,
    client_id         uuid    NOT NULL,
    original_creditor text    NOT NULL,
    current_creditor  text    NOT NULL,
    creditor_kind     text    NOT NULL,
    claim_items       integer NOT NULL,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE claim IS 'What a notice states of a claim, beside where the account stands. append-only';
COMMENT ON COLUMN claim.claim_items IS 'How many items the placement has: all are in once claim_item has so many.';

CREATE TABLE claim_item (
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    part           integer NOT NULL,
    line           integer NOT NULL,
    client_id      uuid    NOT NULL,
    kind           text    NOT NULL,
    number         text    NOT NULL,
    purchase_order text    NOT NULL,
    item_date      date,
    due_date       date,
    currency       text    NOT NULL,
    open_minor     bigint  NOT NULL,
    original_minor bigint,
    PRIMARY KEY (account_id, opening, part, line)
);
COMMENT ON TABLE claim_item IS 'The invoices, credits and charges of a claim. append-only';

CREATE TABLE found_point (
    search_id  uuid        NOT NULL,
    line       integer     NOT NULL,
    client_id  uuid        NOT NULL,
    party_id   uuid        NOT NULL,
    address    jsonb,
    email      text,
    confidence integer     NOT NULL,
    found_at   timestamptz NOT NULL,
    PRIMARY KEY (search_id, line),
    CONSTRAINT found_point_one CHECK ((address IS NULL) <> (email IS NULL))
);
COMMENT ON TABLE found_point IS 'Addresses that searches found. pii: address, email. append-only';
CREATE INDEX found_point_party ON found_point (party_id);

CREATE TABLE stop (
    stop_id    uuid NOT NULL PRIMARY KEY,
    kind       text NOT NULL,
    party_id   uuid NOT NULL,
    account_id uuid,
    channel    text,
    address    text NOT NULL
);
COMMENT ON TABLE stop IS 'Stops as contact tells them; one stands while stop_lifted has no row for it. Not for readers: no client_id. pii: address. append-only';
COMMENT ON COLUMN stop.account_id IS 'Null: every account of the party.';
COMMENT ON COLUMN stop.channel IS 'Null: every channel.';
CREATE INDEX stop_party ON stop (party_id);

CREATE TABLE stop_lifted (
    stop_id uuid NOT NULL PRIMARY KEY
);
COMMENT ON TABLE stop_lifted IS 'Tombstones of stops. append-only';

CREATE TABLE dispute (
    dispute_id     uuid    NOT NULL PRIMARY KEY,
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    pauses_account boolean NOT NULL
);
COMMENT ON TABLE dispute IS 'Disputes as contact tells them; one is open while dispute_resolved has no row for it. Not for readers. append-only';
CREATE INDEX dispute_account ON dispute (account_id);

CREATE TABLE dispute_resolved (
    dispute_id uuid NOT NULL PRIMARY KEY
);
COMMENT ON TABLE dispute_resolved IS 'Tombstones of disputes. append-only';

CREATE TABLE treatment (
    treatment_id uuid        NOT NULL PRIMARY KEY,
    client_id    uuid        NOT NULL,
    account_id   uuid        NOT NULL,
    opening      integer     NOT NULL,
    party_id     uuid        NOT NULL,
    channel      text        NOT NULL,
    template     text        NOT NULL,
    step         text        NOT NULL,
    try_no       integer     NOT NULL,
    expires_at   timestamptz NOT NULL,
    state        text        NOT NULL DEFAULT 'waiting',
    why          text        NOT NULL DEFAULT '',
    missing      text[]      NOT NULL DEFAULT '{}',
    CONSTRAINT treatment_state CHECK (state IN ('waiting', 'prepared', 'refused'))
);
COMMENT ON TABLE treatment IS 'Letters that a strategy asks for. Waiting ones become a letter or are refused.';
CREATE INDEX treatment_waiting ON treatment (account_id) WHERE state = 'waiting';

CREATE TABLE permission (
    attempt_id    uuid        NOT NULL PRIMARY KEY,
    letter_id     uuid        NOT NULL,
    treatment_id  uuid,
    account_id    uuid        NOT NULL,
    opening       integer     NOT NULL,
    party_id      uuid        NOT NULL,
    channel       text        NOT NULL,
    authorized_at timestamptz NOT NULL,
    valid_until   timestamptz NOT NULL,
    seal_at       timestamptz NOT NULL,
    state         text        NOT NULL DEFAULT 'open',
    CONSTRAINT permission_state CHECK (state IN ('open', 'sealed', 'expired'))
);
COMMENT ON TABLE permission IS 'Authorisations of letters by contact. Each is answered once: its letter left, or it expired. Not for readers.';
COMMENT ON COLUMN permission.seal_at IS 'The tick that seals it: strictly after the instant at which it was heard.';
CREATE INDEX permission_open ON permission (channel, seal_at) WHERE state = 'open';

-- What letters makes of them.

CREATE TABLE document (
    client_id uuid    NOT NULL,
    sha256    bytea   NOT NULL,
    pages     integer NOT NULL,
    pdf       bytea   NOT NULL,
    PRIMARY KEY (client_id, sha256),
    CONSTRAINT document_sha256_length CHECK (octet_length(sha256) = 32),
    CONSTRAINT document_has_pages CHECK (pages >= 1)
);
COMMENT ON TABLE document IS 'PDFs as they were prepared, by content. pii: pdf. append-only';

CREATE TABLE letter (
    letter_id             uuid        NOT NULL PRIMARY KEY,
    treatment_id          uuid        NOT NULL,
    client_id             uuid        NOT NULL,
    account_id            uuid        NOT NULL,
    opening               integer     NOT NULL,
    party_id              uuid        NOT NULL,
    template              text        NOT NULL,
    template_version      integer     NOT NULL,
    channel               text        NOT NULL,
    state                 text        NOT NULL,
    reference             text        NOT NULL,
    creditor              text        NOT NULL,
    recipient             text        NOT NULL,
    address               jsonb,
    email                 text,
    content_sha256        bytea       NOT NULL,
    pages                 integer     NOT NULL,
    prepared_at           timestamptz NOT NULL,
    mailing_on            date        NOT NULL,
    batch_closes_at       timestamptz NOT NULL,
    mail_by               date        NOT NULL,
    validation_period_end date,
    attempt_id            uuid,
    valid_until           timestamptz,
    batch_id              uuid,
    mailed_on             date,
    file_name             text        NOT NULL DEFAULT '',
    returned_on           date,
    return_reason         text,
    why                   text        NOT NULL DEFAULT '',
    CONSTRAINT letter_once_a_treatment UNIQUE (treatment_id),
    CONSTRAINT letter_state CHECK (state IN
        ('prepared', 'authorized', 'sending', 'mailed', 'expired', 'unknown', 'returned')),
    CONSTRAINT letter_channel CHECK (channel IN ('mail', 'email')),
    CONSTRAINT letter_leaves_in_a_batch CHECK (state NOT IN ('sending', 'mailed', 'unknown', 'returned')
        OR (batch_id IS NOT NULL AND attempt_id IS NOT NULL)),
    CONSTRAINT letter_returned_whole CHECK ((state = 'returned') = (returned_on IS NOT NULL)
        AND (returned_on IS NULL) = (return_reason IS NULL))
);
COMMENT ON TABLE letter IS 'Prepared pieces. None leaves without an authorisation of contact. pii: recipient, address, email.';
COMMENT ON COLUMN letter.mailing_on IS 'The mailing day it was prepared for; of a sealed piece, that of its batch.';
COMMENT ON COLUMN letter.mail_by IS 'Latest mailing day for which its printed dates hold.';
COMMENT ON COLUMN letter.why IS 'Why it expired, or what is not known of it. In plain words, without names.';
CREATE INDEX letter_account ON letter (account_id);
CREATE INDEX letter_batch ON letter (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX letter_returned_party ON letter (party_id) WHERE state = 'returned';

CREATE TABLE mail_batch (
    batch_id       uuid        NOT NULL PRIMARY KEY,
    channel        text        NOT NULL,
    mailing_on     date        NOT NULL,
    no             integer     NOT NULL,
    state          text        NOT NULL DEFAULT 'sealed',
    letters        integer     NOT NULL,
    pages          integer     NOT NULL,
    sealed_at      timestamptz NOT NULL,
    handed_over_at timestamptz,
    confirmed_on   date,
    folder         text        NOT NULL DEFAULT '',
    CONSTRAINT mail_batch_number UNIQUE (channel, mailing_on, no),
    CONSTRAINT mail_batch_state CHECK (state IN ('sealed', 'begun', 'handed_over', 'dropped')),
    CONSTRAINT mail_batch_handed_over CHECK ((state = 'handed_over') = (handed_over_at IS NOT NULL))
);
COMMENT ON TABLE mail_batch IS 'What is handed over together. The agency''s own: batches mix clients, so that they have no client_id.';
COMMENT ON COLUMN mail_batch.state IS 'begun: its hand-over may have happened; dropped: nothing of it was left to hand over.';

CREATE TABLE dispatch (
    letter_id uuid    NOT NULL PRIMARY KEY,
    client_id uuid    NOT NULL,
    state     text    NOT NULL,
    tries     integer NOT NULL,
    detail    text    NOT NULL DEFAULT '',
    CONSTRAINT dispatch_state CHECK (state IN ('sending', 'again', 'sent', 'refused', 'unknown'))
);
COMMENT ON TABLE dispatch IS 'Hand-overs that can be made at most once. A row in sending commits before the carrier is called; found again after a crash it is unknown, and the letter is never sent again.';
