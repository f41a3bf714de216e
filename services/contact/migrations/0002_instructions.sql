-- What persons allow, ask and forbid beyond stops, and dated facts. History is only added to.

CREATE TABLE consent (
    consent_id  uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    party_id    uuid NOT NULL,
    account_id  uuid,
    stated_at_account_id uuid NOT NULL,
    what        text NOT NULL,
    times       jsonb,
    given_to    text NOT NULL,
    medium      text,
    address     text,
    given_at    timestamptz NOT NULL,
    until_at    timestamptz,
    evidence    text NOT NULL,
    source      text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT consent_what
        CHECK (what IN ('contact', 'at_times', 'at_place', 'though_represented', 'more_calls', 'email',
                        'text', 'automated', 'third_party', 'esign')),
    CONSTRAINT consent_times CHECK ((what = 'at_times') = (times IS NOT NULL)),
    CONSTRAINT consent_given_to
        CHECK (given_to IN ('agency', 'agency_in_breach', 'creditor', 'prior_collector')),
    CONSTRAINT consent_not_backwards CHECK (until_at > given_at),
    CONSTRAINT consent_given_before_recorded CHECK (given_at <= recorded_at)
);
COMMENT ON TABLE consent IS 'What persons allowed. append-only';
COMMENT ON COLUMN consent.account_id IS 'Empty: every account of the party.';
COMMENT ON COLUMN consent.stated_at_account_id IS 'The account at which it was stated, whatever its scope.';
COMMENT ON COLUMN consent.times IS 'Days and times of day in the person''s local time.';
COMMENT ON COLUMN consent.medium IS 'Empty: any.';
COMMENT ON COLUMN consent.address IS 'pii: one number or e-mail address; empty: any of the medium.';
COMMENT ON COLUMN consent.until_at IS 'Its own end, where a shorter time was agreed.';
COMMENT ON COLUMN consent.evidence IS 'pii: how it is known.';
COMMENT ON COLUMN consent.source IS 'The role that recorded it.';
CREATE INDEX consent_party ON consent (party_id);

CREATE TABLE consent_withdrawn (
    consent_id   uuid PRIMARY KEY,
    client_id    uuid NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    evidence     text NOT NULL,
    recorded_by  text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT consent_withdrawn_before_recorded CHECK (withdrawn_at <= recorded_at)
);
COMMENT ON TABLE consent_withdrawn IS 'Consents that were taken back, each once. append-only';
COMMENT ON COLUMN consent_withdrawn.evidence IS 'pii: how it is known.';

CREATE TABLE designation (
    designation_id uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    party_id    uuid NOT NULL,
    stated_at_account_id uuid NOT NULL,
    kind        text NOT NULL,
    times       jsonb,
    place       text,
    medium      text,
    address     text,
    oral        boolean NOT NULL,
    received_at timestamptz NOT NULL,
    evidence    text NOT NULL,
    source      text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT designation_kind
        CHECK (kind IN ('not_at', 'not_at_place', 'employer_forbids', 'please')),
    CONSTRAINT designation_times CHECK ((kind IN ('not_at', 'please')) = (times IS NOT NULL)),
    CONSTRAINT designation_place CHECK ((kind = 'not_at_place') = (place IS NOT NULL)),
    CONSTRAINT designation_received_before_recorded CHECK (received_at <= recorded_at)
);
COMMENT ON TABLE designation IS 'When and where persons are not, or would like, to be reached. append-only';
COMMENT ON COLUMN designation.times IS 'Days and times of day in the person''s local time.';
COMMENT ON COLUMN designation.address IS 'pii: one number or address; empty: all.';
COMMENT ON COLUMN designation.oral IS 'Told by word of mouth only.';
COMMENT ON COLUMN designation.evidence IS 'pii: how it is known.';
COMMENT ON COLUMN designation.source IS 'placement, or the role that recorded it.';
COMMENT ON COLUMN designation.recorded_by IS 'The actor: role and subject. Where the agency asks for a second person, another lifts it.';
CREATE INDEX designation_party ON designation (party_id);

CREATE TABLE designation_lifted (
    designation_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    lifted_at timestamptz NOT NULL,
    reason    text NOT NULL,
    lifted_by text NOT NULL
);
COMMENT ON TABLE designation_lifted IS 'Designations that were lifted, each once. append-only';

CREATE TABLE dated_fact (
    fact_id     uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    kind        text NOT NULL,
    at          timestamptz NOT NULL,
    account_id  uuid,
    party_id    uuid,
    medium      text,
    address     text,
    stated_on   date,
    source      text NOT NULL,
    source_id   uuid,
    evidence    text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT dated_fact_about CHECK (account_id IS NOT NULL OR party_id IS NOT NULL),
    CONSTRAINT dated_fact_once UNIQUE (kind, source_id),
    CONSTRAINT dated_fact_before_recorded CHECK (at <= recorded_at)
);
COMMENT ON TABLE dated_fact IS 'What took place, on its day. append-only';
COMMENT ON COLUMN dated_fact.at IS 'When it became known; of a message, when it was sent or received.';
COMMENT ON COLUMN dated_fact.account_id IS 'Empty: it concerns the person.';
COMMENT ON COLUMN dated_fact.party_id IS 'Empty: everyone who owes the account.';
COMMENT ON COLUMN dated_fact.address IS 'pii: the number or address that it is about.';
COMMENT ON COLUMN dated_fact.stated_on IS 'The day that the fact itself states: a deadline, a printed end date.';
COMMENT ON COLUMN dated_fact.source IS 'letters, payments, dispute, inbound, or the role that recorded it.';
COMMENT ON COLUMN dated_fact.source_id IS 'What it was told about there: the letter, the account, the dispute.';
COMMENT ON COLUMN dated_fact.evidence IS 'pii: how it is known.';
CREATE INDEX dated_fact_account ON dated_fact (account_id);
CREATE INDEX dated_fact_party ON dated_fact (party_id);
