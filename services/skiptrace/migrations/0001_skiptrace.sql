-- Searches by providers: what was asked, what was answered, what it cost.

CREATE TABLE search (
    search_id uuid NOT NULL PRIMARY KEY,
    treatment_id uuid,
    client_id uuid NOT NULL,
    account_id uuid NOT NULL,
    opening int NOT NULL,
    party_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT search_kind CHECK (kind IN ('scrub', 'trace')),
    step text NOT NULL,
    try_no int NOT NULL,
    requested_at timestamptz NOT NULL,
    decide_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'queued'
        CONSTRAINT search_state CHECK (state IN ('queued', 'asked', 'answered', 'refused')),
    provider text NOT NULL,
    decided_at timestamptz,
    reference text,
    file_id uuid,
    currency text NOT NULL,
    cost_minor bigint NOT NULL DEFAULT 0 CONSTRAINT search_cost CHECK (cost_minor >= 0),
    spent_month date,
    asked_at timestamptz,
    answered_at timestamptz,
    refusal text,
    CONSTRAINT search_treatment UNIQUE (treatment_id),
    CONSTRAINT search_reference UNIQUE (reference),
    CONSTRAINT search_file CHECK (file_id IS NULL OR reference IS NOT NULL),
    CONSTRAINT search_refused CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CONSTRAINT search_answered CHECK (state <> 'answered' OR answered_at IS NOT NULL)
);
COMMENT ON TABLE search IS 'Each search once: asked for by a treatment, or by a person where treatment_id is null.';
COMMENT ON COLUMN search.decide_at IS 'The tick at which it is decided whether it is made; decided_at is set once it is.';
COMMENT ON COLUMN search.reference IS 'What the provider''s files call it; made of the client''s own references.';
COMMENT ON COLUMN search.cost_minor IS 'Counted against the cap of spent_month from the decision on.';
CREATE INDEX search_account ON search (account_id);
CREATE INDEX search_undecided ON search (decide_at) WHERE decided_at IS NULL AND state = 'queued';
CREATE INDEX search_of_file ON search (file_id);

CREATE TABLE request_file (
    file_id uuid NOT NULL PRIMARY KEY,
    provider text NOT NULL,
    planned_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'planned'
        CONSTRAINT request_file_state CHECK (state IN ('planned', 'begun', 'handed_over', 'dropped')),
    name text,
    content bytea,
    handed_over_at timestamptz,
    CONSTRAINT request_file_begun CHECK (state <> 'begun' OR (name IS NOT NULL AND content IS NOT NULL))
);
COMMENT ON TABLE request_file IS 'Files of searches for a provider. Begun: the bytes stand, so that a cut-off hand-over writes the same file. Personal data: content, emptied once it is handed over.';

CREATE TABLE finding (
    search_id uuid NOT NULL,
    no int NOT NULL,
    client_id uuid NOT NULL,
    account_id uuid NOT NULL,
    party_id uuid NOT NULL,
    provider text NOT NULL,
    found_at timestamptz NOT NULL,
    kind text NOT NULL CONSTRAINT finding_kind
        CHECK (kind IN ('bankruptcy', 'deceased', 'military', 'phone', 'email', 'address')),
    since date,
    detail text,
    chapter int,
    phone text,
    email text,
    address jsonb,
    confidence int CONSTRAINT finding_confidence CHECK (confidence BETWEEN 0 AND 100),
    PRIMARY KEY (search_id, no)
);
COMMENT ON TABLE finding IS 'What providers found, with provenance. Personal data: detail, phone, email, address.';
CREATE INDEX finding_account ON finding (account_id);

CREATE TABLE spend (
    provider text NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    spent_minor bigint NOT NULL DEFAULT 0 CONSTRAINT spend_minor CHECK (spent_minor >= 0),
    PRIMARY KEY (provider, month)
);
COMMENT ON TABLE spend IS 'What was spent per provider and month, in the agency''s zone. Its row is locked by whoever decides.';

CREATE TABLE stop (
    stop_id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    party_id uuid NOT NULL,
    account_id uuid,
    placed_at timestamptz NOT NULL
);
COMMENT ON TABLE stop IS 'Stops that contact placed. One stands while stop_lifted has no row for it. account_id null: every account of the party.';
CREATE INDEX stop_party ON stop (party_id);

CREATE TABLE stop_lifted (
    stop_id uuid NOT NULL PRIMARY KEY
);
COMMENT ON TABLE stop_lifted IS 'Tombstones of stops.';
