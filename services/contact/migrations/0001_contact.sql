-- The one door out: who is one person, how a person can be reached, what forbids it, what was planned,
-- decided and done. Where accounts stand is kept beside it by the shared tables of `standing`.

-- Persons.

CREATE TABLE person (
    person_id uuid PRIMARY KEY
);
COMMENT ON TABLE person IS 'The parties that are one human or business. Its row is the lock of everybody who writes or decides on facts about it; it holds nothing else, so that no client can learn of another by it.';

CREATE TABLE person_party (
    party_id  uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    person_id uuid NOT NULL
);
COMMENT ON TABLE person_party IS 'Which person a party is. Merging moves rows of this table only.';
CREATE INDEX person_party_person ON person_party (person_id);

CREATE TABLE link_key (
    lookup    bytea NOT NULL,
    party_id  uuid  NOT NULL,
    client_id uuid  NOT NULL,
    PRIMARY KEY (lookup, party_id)
);
COMMENT ON TABLE link_key IS 'Exact keys of parties: keyed hashes of phone numbers, e-mail addresses and national ids. Parties that share one are one person.';

-- What is known of parties.

CREATE TABLE contact_point (
    point_id   uuid PRIMARY KEY,
    party_id   uuid    NOT NULL,
    client_id  uuid    NOT NULL,
    account_id uuid    NOT NULL,
    kind       text    NOT NULL,
    value      text    NOT NULL,
    address    jsonb,
    provenance text    NOT NULL,
    rank       integer NOT NULL,
    added_at   timestamptz NOT NULL,
    bad_reason text,
    bad_at     timestamptz,
    place       text,
    line        text,
    of_employer boolean,
    CONSTRAINT contact_point_place CHECK (place IN ('home', 'work', 'other')),
    CONSTRAINT contact_point_line CHECK (line IN ('landline', 'wireless', 'voip')),
    CONSTRAINT contact_point_kind CHECK (kind IN ('phone', 'email', 'address')),
    CONSTRAINT contact_point_address CHECK ((kind = 'address') = (address IS NOT NULL)),
    CONSTRAINT contact_point_bad_whole CHECK ((bad_reason IS NULL) = (bad_at IS NULL)),
    CONSTRAINT contact_point_once UNIQUE (party_id, kind, value)
);
COMMENT ON TABLE contact_point IS 'Numbers and addresses, each once per party.';
COMMENT ON COLUMN contact_point.value IS 'pii: E.164, the e-mail address, or the postal address on one line in lower case.';
COMMENT ON COLUMN contact_point.address IS 'pii: the parts of a postal address.';
COMMENT ON COLUMN contact_point.provenance IS 'Who told it: placement, contact_person, debtor, client, trace:<provider>, letter.';
COMMENT ON COLUMN contact_point.rank IS 'The lower, the better known. The best of all who told it.';
COMMENT ON COLUMN contact_point.bad_reason IS 'Why it is not used: not_in_service, wrong_number, or what the post or the mail server said.';
COMMENT ON COLUMN contact_point.place IS 'The kind of place that it is tied to; empty: not known.';
COMMENT ON COLUMN contact_point.line IS 'What kind of line a number is; empty: not known, which is treated as wireless.';
COMMENT ON COLUMN contact_point.of_employer IS 'Whether an e-mail address is the employer''s; empty: not known.';

CREATE TABLE wish (
    wish_id    uuid PRIMARY KEY,
    party_id   uuid NOT NULL,
    client_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    kind       text NOT NULL,
    detail     text NOT NULL,
    source     text NOT NULL,
    noted_at   timestamptz NOT NULL,
    CONSTRAINT wish_kind CHECK (kind IN ('inconvenient_time', 'language'))
);
COMMENT ON TABLE wish IS 'What a party wants of us: times at which not to call, a language.';
COMMENT ON COLUMN wish.detail IS 'pii: as the client wrote it.';
CREATE INDEX wish_party ON wish (party_id);

CREATE TABLE stop (
    stop_id     uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    party_id    uuid NOT NULL,
    account_id  uuid,
    stated_at_account_id uuid NOT NULL,
    kind        text NOT NULL,
    channel     text,
    address     text,
    received_at timestamptz NOT NULL,
    placed_at   timestamptz NOT NULL,
    placed_by   text NOT NULL,
    source      text NOT NULL,
    evidence    text NOT NULL,
    lifted_at   timestamptz,
    lift_reason text,
    lifted_by   text,
    CONSTRAINT stop_kind
        CHECK (kind IN ('attorney', 'cease', 'bankruptcy', 'deceased', 'military', 'opt_out')),
    CONSTRAINT stop_received_before_placed CHECK (received_at <= placed_at),
    CONSTRAINT stop_channel CHECK (channel IN ('call', 'text', 'email', 'mail')),
    CONSTRAINT stop_lifted_whole
        CHECK ((lifted_at IS NULL) = (lift_reason IS NULL) AND (lifted_at IS NULL) = (lifted_by IS NULL))
);
COMMENT ON TABLE stop IS 'Contact with a party is blocked from received_at on, until lifted. A lifted one stays.';
COMMENT ON COLUMN stop.received_at IS 'When the instruction or the fact was received; placed_at is when it was recorded.';
COMMENT ON COLUMN stop.placed_by IS 'The actor: role and subject. Where the agency asks for a second person, another lifts it.';
COMMENT ON COLUMN stop.account_id IS 'Empty: every account of the party.';
COMMENT ON COLUMN stop.stated_at_account_id IS 'The account at which it was stated, whatever its scope.';
COMMENT ON COLUMN stop.channel IS 'Empty: every channel.';
COMMENT ON COLUMN stop.address IS 'pii: one number or address; empty: all.';
COMMENT ON COLUMN stop.source IS 'placement, scrub:<provider>, or the role that placed it.';
COMMENT ON COLUMN stop.evidence IS 'pii: how it is known.';
CREATE INDEX stop_party ON stop (party_id);
CREATE INDEX stop_account ON stop (account_id);

CREATE TABLE dispute (
    dispute_id   uuid PRIMARY KEY,
    client_id    uuid    NOT NULL,
    account_id   uuid    NOT NULL,
    opening      integer NOT NULL,
    party_id     uuid,
    reason       text    NOT NULL,
    item_numbers text[]  NOT NULL,
    currency     text,
    amount_minor bigint,
    opened_on    date    NOT NULL,
    opened_at    timestamptz NOT NULL,
    form         text    NOT NULL,
    received_at  timestamptz NOT NULL,
    received_on  date    NOT NULL,
    medium       text,
    duplicate_of uuid,
    detail       text    NOT NULL,
    pauses       boolean NOT NULL,
    outcome      text,
    resolved_on  date,
    resolved_at  timestamptz,
    resolved_why text,
    CONSTRAINT dispute_form CHECK (form IN ('written', 'oral', 'unknown')),
    CONSTRAINT dispute_received_before_opened CHECK (received_at <= opened_at),
    CONSTRAINT dispute_amount_positive CHECK (amount_minor > 0),
    CONSTRAINT dispute_amount_whole CHECK ((currency IS NULL) = (amount_minor IS NULL)),
    CONSTRAINT dispute_outcome CHECK (outcome IN ('valid', 'invalid', 'split', 'withdrawn')),
    CONSTRAINT dispute_resolved_whole CHECK (
        (outcome IS NULL) = (resolved_on IS NULL) AND (outcome IS NULL) = (resolved_at IS NULL)
        AND (outcome IS NULL) = (resolved_why IS NULL))
);
COMMENT ON TABLE dispute IS 'What a debtor contests, from opening to outcome.';
COMMENT ON COLUMN dispute.party_id IS 'Empty where the client stated it for the debt.';
COMMENT ON COLUMN dispute.amount_minor IS 'Empty: all of it.';
COMMENT ON COLUMN dispute.detail IS 'pii: in the debtor''s words.';
COMMENT ON COLUMN dispute.form IS 'How it came. Whether it was in time is told by the validation notice, in dated_fact.';
COMMENT ON COLUMN dispute.received_at IS 'When it was received; opened_at is when it was recorded.';
COMMENT ON COLUMN dispute.received_on IS 'The day of it in the agency''s zone.';
COMMENT ON COLUMN dispute.duplicate_of IS 'The earlier dispute that it is substantially the same as.';
COMMENT ON COLUMN dispute.pauses IS 'The account is not contacted until the dispute is resolved.';
CREATE INDEX dispute_account ON dispute (account_id);

-- Attempts: what is planned, permitted and done.

CREATE TABLE attempt (
    attempt_id    uuid PRIMARY KEY,
    client_id     uuid    NOT NULL,
    account_id    uuid    NOT NULL,
    opening       integer NOT NULL,
    party_id      uuid    NOT NULL,
    treatment_id  uuid,
    letter_id     uuid,
    step          text    NOT NULL,
    try_no        integer NOT NULL,
    channel       text    NOT NULL,
    target        text,
    address       jsonb,
    state         text    NOT NULL,
    planned_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    review        boolean NOT NULL DEFAULT false,
    decision_id   uuid,
    authorized_at timestamptz,
    valid_until   timestamptz,
    crossing      text,
    concluded_at  timestamptz,
    disposition   text,
    counted       boolean NOT NULL DEFAULT false,
    crossed       boolean NOT NULL DEFAULT false,
    why           text    NOT NULL DEFAULT '',
    CONSTRAINT attempt_treatment_once UNIQUE (treatment_id),
    CONSTRAINT attempt_letter_once UNIQUE (letter_id),
    CONSTRAINT attempt_channel CHECK (channel IN ('call', 'text', 'email', 'mail')),
    CONSTRAINT attempt_state CHECK (state IN ('planned', 'authorized', 'concluded', 'withdrawn')),
    CONSTRAINT attempt_disposition CHECK (disposition IN (
        'reached', 'third_party', 'no_answer', 'busy', 'voicemail', 'not_in_service', 'wrong_number',
        'sent', 'not_made', 'unknown')),
    CONSTRAINT attempt_crossing CHECK (crossing IN ('stop', 'dispute', 'account')),
    CONSTRAINT attempt_authorized_is_decided CHECK (
        state NOT IN ('authorized', 'concluded')
        OR (authorized_at IS NOT NULL AND valid_until IS NOT NULL AND decision_id IS NOT NULL)),
    CONSTRAINT attempt_unauthorized_has_no_time
        CHECK (state NOT IN ('planned', 'withdrawn') OR (authorized_at IS NULL AND valid_until IS NULL)),
    CONSTRAINT attempt_concluded_whole CHECK (
        (state = 'concluded') = (concluded_at IS NOT NULL)
        AND (state = 'concluded') = (disposition IS NOT NULL)),
    CONSTRAINT attempt_counted_when_concluded CHECK (NOT counted OR state = 'concluded'),
    CONSTRAINT attempt_crossed_was_crossing CHECK (NOT crossed OR crossing IS NOT NULL)
);
COMMENT ON TABLE attempt IS 'Every outbound attempt on every channel. None leaves that does not stand here as authorized, with its decision.';
COMMENT ON COLUMN attempt.treatment_id IS 'Empty for a collector''s own call.';
COMMENT ON COLUMN attempt.step IS 'Of the strategy, or the letter''s template: orders attempts of one instant.';
COMMENT ON COLUMN attempt.target IS 'pii: the number or e-mail address; for post its address on one line.';
COMMENT ON COLUMN attempt.address IS 'pii: the parts of a postal address.';
COMMENT ON COLUMN attempt.expires_at IS 'It is authorised by then or not at all.';
COMMENT ON COLUMN attempt.review IS 'A fact changed: the next tick decides whether the plan still stands.';
COMMENT ON COLUMN attempt.valid_until IS 'It leaves by then or not at all.';
COMMENT ON COLUMN attempt.crossing IS 'What was told against it while it was authorised.';
COMMENT ON COLUMN attempt.counted IS 'It counts towards the person''s limits.';
COMMENT ON COLUMN attempt.crossed IS 'It left, or may have, although something was told against it.';
COMMENT ON COLUMN attempt.why IS 'Why it waits or was withdrawn; names no person.';
CREATE INDEX attempt_party ON attempt (party_id, state);
CREATE INDEX attempt_account ON attempt (account_id);
CREATE INDEX attempt_call_list ON attempt (valid_until) WHERE state = 'authorized' AND channel = 'call';
CREATE INDEX attempt_crossed ON attempt (attempt_id) WHERE crossed;

CREATE TABLE letter_gone (
    letter_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    reason    text NOT NULL
);
COMMENT ON TABLE letter_gone IS 'Letters that will not be sent, heard of before they were heard of as prepared.';

CREATE TABLE decision (
    decision_id       uuid PRIMARY KEY,
    client_id         uuid    NOT NULL,
    account_id        uuid    NOT NULL,
    opening           integer NOT NULL,
    party_id          uuid    NOT NULL,
    attempt_id        uuid,
    channel           text    NOT NULL,
    decided_at        timestamptz NOT NULL,
    about_at          timestamptz NOT NULL,
    verdict           text    NOT NULL,
    rule              text    NOT NULL,
    authority         text    NOT NULL,
    force             text,
    reasons           jsonb   NOT NULL,
    next_permitted_at timestamptz,
    requires          text[]  NOT NULL,
    rule_packs        text[]  NOT NULL,
    facts             jsonb   NOT NULL,
    CONSTRAINT decision_verdict CHECK (verdict IN ('allow', 'defer', 'refuse')),
    CONSTRAINT decision_channel CHECK (channel IN ('call', 'text', 'email', 'mail')),
    CONSTRAINT decision_reasoned CHECK ((verdict = 'allow') = (jsonb_array_length(reasons) = 0)),
    CONSTRAINT decision_first_reason CHECK ((verdict = 'allow') = (rule = '' AND authority = '' AND force IS NULL))
);
COMMENT ON TABLE decision IS 'What the guard said, with the facts, the rules and the authorities that it used. No name, no number. append-only';
COMMENT ON COLUMN decision.about_at IS 'The instant judged: decided_at, or a later planned one.';
COMMENT ON COLUMN decision.rule IS 'Of the first reason.';
COMMENT ON COLUMN decision.facts IS 'What the guard was shown.';
CREATE INDEX decision_account ON decision (account_id);

CREATE TABLE note (
    note_id           uuid PRIMARY KEY,
    client_id         uuid    NOT NULL,
    account_id        uuid    NOT NULL,
    text              text    NOT NULL,
    author            text    NOT NULL,
    written_at        timestamptz NOT NULL,
    visible_to_client boolean NOT NULL
);
COMMENT ON TABLE note IS 'What people wrote down. append-only';
COMMENT ON COLUMN note.text IS 'pii';
CREATE INDEX note_account ON note (account_id);
