-- What intake owns: clients with their dated policy, batches and their answers, accounts as placed.
-- Codes are the glossary's. Amounts are whole minor units. `_on` is a legal date, `_at` business time.
-- References are compared byte by byte (COLLATE "C"), so that order is the same on every machine.
-- No foreign keys: tables may be distributed by account later.

CREATE TABLE client (
    client_id        uuid   NOT NULL PRIMARY KEY,
    client_ref       text   COLLATE "C" NOT NULL,
    name             text   NOT NULL,
    parent_client_id uuid,
    version          bigint NOT NULL CHECK (version >= 1),
    CONSTRAINT client_ref_once UNIQUE (client_ref),
    CONSTRAINT client_not_its_own_parent CHECK (parent_client_id <> client_id)
);
COMMENT ON TABLE client IS 'Who places accounts.';
COMMENT ON COLUMN client.client_ref IS 'The agency''s short name for the client.';
COMMENT ON COLUMN client.version IS 'Counts the changes of name, parent and policy.';

CREATE TABLE client_policy (
    client_id    uuid   NOT NULL,
    version      bigint NOT NULL CHECK (version >= 1),
    effective_on date   NOT NULL,
    policy       jsonb  NOT NULL,
    PRIMARY KEY (client_id, version)
);
COMMENT ON TABLE client_policy IS 'The policy of each version of a client. append-only';
COMMENT ON COLUMN client_policy.policy IS 'The domain''s ClientPolicy.';

CREATE TABLE placement_batch (
    batch_id              uuid        NOT NULL PRIMARY KEY,
    client_id             uuid        NOT NULL,
    batch_key             text        COLLATE "C" NOT NULL,
    listing_date          date        NOT NULL,
    currency              text        NOT NULL,
    policy_version        bigint,
    declared_count        bigint      CHECK (declared_count >= 0),
    declared_sum_minor    bigint,
    next_chunk_no         integer     NOT NULL DEFAULT 1 CHECK (next_chunk_no >= 1),
    accepted              bigint      NOT NULL DEFAULT 0,
    accepted_with_warning bigint      NOT NULL DEFAULT 0,
    rejected              bigint      NOT NULL DEFAULT 0,
    accepted_sum_minor    bigint      NOT NULL DEFAULT 0,
    rejected_sum_minor    bigint      NOT NULL DEFAULT 0,
    opened_at             timestamptz NOT NULL,
    closed_at             timestamptz,
    totals_agree          boolean,
    CONSTRAINT placement_batch_key_once UNIQUE (client_id, batch_key),
    CONSTRAINT placement_batch_closed_whole CHECK ((closed_at IS NULL) = (totals_agree IS NULL))
);
COMMENT ON TABLE placement_batch IS 'One file or stream of placements. Its row lock orders the chunks.';
COMMENT ON COLUMN placement_batch.policy_version IS 'In force on the listing date when the batch was opened; null where none was, then every record is rejected.';
COMMENT ON COLUMN placement_batch.next_chunk_no IS 'The first chunk without an answer.';

CREATE TABLE placement_chunk (
    batch_id  uuid    NOT NULL,
    chunk_no  integer NOT NULL CHECK (chunk_no >= 1),
    client_id uuid    NOT NULL,
    hash      bytea   NOT NULL,
    PRIMARY KEY (batch_id, chunk_no)
);
COMMENT ON TABLE placement_chunk IS 'Chunks that were placed. append-only';
COMMENT ON COLUMN placement_chunk.hash IS 'Keyed hash of the content: a repeated chunk is told from another one.';

CREATE TABLE acknowledgement (
    batch_id           uuid    NOT NULL,
    chunk_no           integer NOT NULL,
    position           integer NOT NULL,
    client_id          uuid    NOT NULL,
    line               bigint  NOT NULL,
    client_account_ref text    NOT NULL,
    status             text    NOT NULL,
    code               text    NOT NULL,
    field              text    NOT NULL,
    reason             text    NOT NULL,
    account_id         uuid,
    opening            integer,
    amount_minor       bigint,
    -- Serves the repeated chunk, the list of a batch, and the accounts of a batch; filled in order.
    PRIMARY KEY (batch_id, chunk_no, position),
    CONSTRAINT acknowledgement_status CHECK (status IN ('accepted', 'accepted_with_warning', 'rejected')),
    CONSTRAINT acknowledgement_accepted_has_account
        CHECK ((status = 'rejected') = (account_id IS NULL) AND (account_id IS NULL) = (opening IS NULL)),
    CONSTRAINT acknowledgement_code_unless_accepted CHECK ((status = 'accepted') = (code = ''))
);
COMMENT ON TABLE acknowledgement IS 'The answer to each record, and the record of each placement. append-only';
COMMENT ON COLUMN acknowledgement.reason IS 'In words, never with a value of the record.';
COMMENT ON COLUMN acknowledgement.amount_minor IS 'Listed amount as far as it was readable in the batch''s currency.';

CREATE TABLE account (
    account_id         uuid    NOT NULL PRIMARY KEY,
    client_id          uuid    NOT NULL,
    client_account_ref text    COLLATE "C" NOT NULL,
    batch_id           uuid    NOT NULL,
    opening            integer NOT NULL DEFAULT 1 CHECK (opening >= 1),
    version            bigint  NOT NULL DEFAULT 1 CHECK (version >= 1),
    lifecycle          text    NOT NULL DEFAULT 'open',
    debt_class         text    NOT NULL CHECK (debt_class IN ('consumer', 'commercial')),
    service_kind       text    NOT NULL
        CHECK (service_kind IN ('early_out', 'free_demand', 'contingency', 'second_placement', 'legal')),
    currency           text    NOT NULL,
    listed_minor       bigint  NOT NULL CHECK (listed_minor > 0),
    adjusted_minor     bigint  NOT NULL DEFAULT 0,
    listing_date       date    NOT NULL,
    age_from           date,
    claim_items        integer NOT NULL CHECK (claim_items >= 0),
    original_creditor  text    NOT NULL,
    current_creditor   text    NOT NULL,
    creditor_kind      text
        CHECK (creditor_kind IN ('trade', 'lender', 'commercial_financing', 'debt_buyer', 'other')),
    close_code         text,
    close_reason       text    NOT NULL DEFAULT '',
    closed_on          date,
    -- Finds a duplicate and gives lists their order; the primary key finds an account by its id.
    CONSTRAINT account_reference_once UNIQUE (client_id, client_account_ref),
    CONSTRAINT account_lifecycle CHECK (lifecycle IN ('open', 'pending_recall', 'closed')),
    CONSTRAINT account_closed_whole
        CHECK ((lifecycle = 'closed') = (close_code IS NOT NULL) AND (close_code IS NULL) = (closed_on IS NULL)),
    CONSTRAINT account_not_below_zero CHECK (listed_minor + adjusted_minor >= 0)
);
COMMENT ON TABLE account IS 'One claim of one client as placed and corrected. A reopened account keeps its id; earlier openings stand in acknowledgement.';
COMMENT ON COLUMN account.opening IS '1 at first placement, one more at each reopening.';
COMMENT ON COLUMN account.adjusted_minor IS 'The client''s corrections since the last placement.';
COMMENT ON COLUMN account.age_from IS 'The oldest due date among the items.';

CREATE TABLE claim_item (
    account_id          uuid    NOT NULL,
    opening             integer NOT NULL,
    number              text    COLLATE "C" NOT NULL,
    client_id           uuid    NOT NULL,
    position            integer NOT NULL,
    kind                text    NOT NULL
        CHECK (kind IN ('invoice', 'credit_memo', 'debit_memo', 'service_charge', 'nsf')),
    item_date           date,
    due_date            date,
    original_minor      bigint,
    open_minor          bigint  NOT NULL,
    disputed_minor      bigint,
    purchase_order      text    NOT NULL,
    debtor_invoice_key  bigint  NOT NULL,
    -- Holds that a number stands once in a claim, and finds the item that an adjustment names.
    PRIMARY KEY (account_id, opening, number)
);
COMMENT ON TABLE claim_item IS 'Invoices, credits and charges, in the account''s currency. append-only';
COMMENT ON COLUMN claim_item.debtor_invoice_key IS 'Keyed hash of the principal''s normalised name and the number.';
-- Finds the same debtor and invoice number under another client: eight bytes instead of name and number.
CREATE INDEX claim_item_debtor_invoice ON claim_item (debtor_invoice_key);

CREATE TABLE liable_party (
    account_id           uuid    NOT NULL,
    opening              integer NOT NULL,
    position             integer NOT NULL,
    client_id            uuid    NOT NULL,
    party_id             uuid    NOT NULL,
    role                 text    NOT NULL,
    debtor_kind          text    NOT NULL CHECK (debtor_kind IN ('person', 'business')),
    name                 text    NOT NULL,
    address_lines        text[]  NOT NULL,
    city                 text    NOT NULL,
    region               text    NOT NULL,
    postal_code          text    NOT NULL,
    country              text    NOT NULL,
    phones               text[]  NOT NULL,
    emails               text[]  NOT NULL,
    sealed_national_id   bytea,
    sealed_birth_date    bytea,
    PRIMARY KEY (account_id, opening, position),
    CONSTRAINT liable_party_role CHECK (role IN ('principal', 'co_debtor', 'personal_guarantor',
        'corporate_guarantor', 'general_partner', 'successor', 'estate'))
);
COMMENT ON TABLE liable_party IS 'Who owes, as one placement states it; country is empty where no usable address was given. append-only';
COMMENT ON COLUMN liable_party.name IS 'pii';
COMMENT ON COLUMN liable_party.address_lines IS 'pii';
COMMENT ON COLUMN liable_party.city IS 'pii';
COMMENT ON COLUMN liable_party.postal_code IS 'pii';
COMMENT ON COLUMN liable_party.phones IS 'pii; E.164';
COMMENT ON COLUMN liable_party.emails IS 'pii';
COMMENT ON COLUMN liable_party.sealed_national_id IS 'Encoded common.v1.Sealed, purpose ssn (persons) or ein (businesses); never in plain.';
COMMENT ON COLUMN liable_party.sealed_birth_date IS 'Encoded common.v1.Sealed, purpose birth_date; never in plain.';

CREATE TABLE contact_person (
    account_id        uuid    NOT NULL,
    opening           integer NOT NULL,
    position          integer NOT NULL,
    client_id         uuid    NOT NULL,
    contact_person_id uuid    NOT NULL,
    name              text    NOT NULL,
    title             text    NOT NULL,
    phone             text    NOT NULL,
    email             text    NOT NULL,
    PRIMARY KEY (account_id, opening, position)
);
COMMENT ON TABLE contact_person IS 'Through whom a business is reached; not liable. append-only';
COMMENT ON COLUMN contact_person.name IS 'pii';
COMMENT ON COLUMN contact_person.phone IS 'pii; E.164, empty where none is known';
COMMENT ON COLUMN contact_person.email IS 'pii; empty where none is known';

CREATE TABLE known_fact (
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    position       integer NOT NULL,
    client_id      uuid    NOT NULL,
    kind           text    NOT NULL,
    party_position integer,
    since          date,
    detail         text    NOT NULL,
    PRIMARY KEY (account_id, opening, position),
    CONSTRAINT known_fact_kind CHECK (kind IN ('attorney', 'cease', 'dispute', 'bankruptcy', 'deceased',
        'military', 'opt_out', 'inconvenient_time', 'language'))
);
COMMENT ON TABLE known_fact IS 'What the client knew when it placed; party_position is null where it concerns the debt. append-only';
COMMENT ON COLUMN known_fact.detail IS 'pii';

CREATE TABLE adjustment (
    adjustment_id uuid    NOT NULL PRIMARY KEY,
    account_id    uuid    NOT NULL,
    client_id     uuid    NOT NULL,
    opening       integer NOT NULL,
    amount_minor  bigint  NOT NULL CHECK (amount_minor <> 0),
    adjusted_on   date    NOT NULL,
    item_number   text    NOT NULL,
    reason        text    NOT NULL
);
COMMENT ON TABLE adjustment IS 'The client''s corrections; their sum stands in account. append-only';
COMMENT ON COLUMN adjustment.item_number IS 'Empty where it concerns the account as a whole.';
