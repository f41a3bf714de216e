-- Cases, their accounts and tracks, what was asked for and answered, tasks of people, strategies.

CREATE TABLE strategy (
    name         text        NOT NULL,
    version      integer     NOT NULL,
    document     text        NOT NULL,
    published_by text        NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (name, version),
    CONSTRAINT strategy_version_counts CHECK (version >= 1)
);
COMMENT ON TABLE strategy IS 'Every published version of every strategy; a built-in one once it was first needed. append-only';
COMMENT ON COLUMN strategy.published_by IS 'Empty for the built-in ones.';

CREATE TABLE case_file (
    case_id       uuid    NOT NULL PRIMARY KEY,
    client_id     uuid    NOT NULL,
    debtor_key    bytea   NOT NULL,
    open_accounts integer NOT NULL DEFAULT 0,
    next_at       timestamptz,
    CONSTRAINT case_file_debtor UNIQUE (client_id, debtor_key)
);
COMMENT ON TABLE case_file IS 'Working files: one debtor of one client. Its row is the lock of whoever decides about its accounts.';
COMMENT ON COLUMN case_file.debtor_key IS 'Keyed hash of the principal debtor''s kind, normalised name and postal code.';
COMMENT ON COLUMN case_file.next_at IS 'When something is due next, as of the last tick.';
CREATE INDEX case_file_next ON case_file (coalesce(next_at, 'infinity'), case_id) WHERE open_accounts > 0;

CREATE TABLE case_account (
    account_id       uuid    NOT NULL,
    opening          integer NOT NULL,
    case_id          uuid    NOT NULL,
    client_id        uuid    NOT NULL,
    due_from         date    NOT NULL,
    begun_at         timestamptz,
    strategy         text    NOT NULL DEFAULT '',
    strategy_version integer NOT NULL DEFAULT 0,
    run              integer NOT NULL DEFAULT 0,
    ended            text    NOT NULL DEFAULT '',
    proposed_code    text    NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, opening),
    CONSTRAINT case_account_ended CHECK (ended IN ('', 'recalled', 'closed', 'settled'))
);
COMMENT ON TABLE case_account IS 'Accounts in their cases, a row per opening.';
COMMENT ON COLUMN case_account.due_from IS 'Since when the oldest part of the debt is due.';
COMMENT ON COLUMN case_account.begun_at IS 'When this run of a strategy began; empty before the first tick.';
COMMENT ON COLUMN case_account.strategy IS 'Empty where none fits.';
COMMENT ON COLUMN case_account.run IS 'Counts the strategies that the account was given.';
COMMENT ON COLUMN case_account.proposed_code IS 'The close code that was proposed; empty again once work goes on.';
CREATE INDEX case_account_case ON case_account (case_id);

CREATE TABLE track (
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    party_id       uuid    NOT NULL,
    case_id        uuid    NOT NULL,
    client_id      uuid    NOT NULL,
    position       integer NOT NULL,
    role           text    NOT NULL,
    state          text    NOT NULL,
    step           text    NOT NULL,
    entered_at     timestamptz,
    tries          integer NOT NULL,
    kept_back      integer NOT NULL,
    rests_until    timestamptz,
    treatment_id   uuid,
    returned_step  text,
    exhausted_code text    NOT NULL,
    stopped        boolean NOT NULL,
    why            text    NOT NULL,
    next           text    NOT NULL,
    next_at        timestamptz,
    PRIMARY KEY (account_id, opening, party_id),
    CONSTRAINT track_state CHECK (state IN ('waiting', 'treating', 'paused', 'exhausted', 'ended')),
    CONSTRAINT track_step_entered CHECK ((step = '') = (entered_at IS NULL))
);
COMMENT ON TABLE track IS 'Each liable party''s walk through the strategy of its account.';
COMMENT ON COLUMN track.treatment_id IS 'What it waits for the answer of.';
COMMENT ON COLUMN track.returned_step IS 'The step whose letter came back, until the track has gone on for it.';
COMMENT ON COLUMN track.stopped IS 'Exhausted by a stop, and not by the strategy''s end.';
COMMENT ON COLUMN track.exhausted_code IS 'The close code that its end suggests; empty unless exhausted.';

CREATE TABLE treatment (
    treatment_id     uuid        NOT NULL PRIMARY KEY,
    case_id          uuid        NOT NULL,
    client_id        uuid        NOT NULL,
    account_id       uuid        NOT NULL,
    opening          integer     NOT NULL,
    party_id         uuid        NOT NULL,
    kind             text        NOT NULL,
    channel          text        NOT NULL,
    template         text        NOT NULL,
    run              integer     NOT NULL,
    step             text        NOT NULL,
    try_no           integer     NOT NULL,
    due_at           timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    answer           text        NOT NULL DEFAULT '',
    answered_at      timestamptz,
    CONSTRAINT treatment_kind CHECK (kind IN ('scrub', 'trace', 'letter', 'call')),
    CONSTRAINT treatment_answered CHECK ((answer = '') = (answered_at IS NULL)),
    CONSTRAINT treatment_try UNIQUE (account_id, opening, party_id, run, step, due_at, try_no)
);
COMMENT ON TABLE treatment IS 'What was asked for, and how it was answered.';
COMMENT ON COLUMN treatment.answer IS 'Empty while it waits.';
CREATE INDEX treatment_account ON treatment (account_id, due_at);

CREATE TABLE treatment_answer (
    treatment_id uuid        NOT NULL,
    answer       text        NOT NULL,
    account_id   uuid        NOT NULL,
    client_id    uuid,
    at           timestamptz NOT NULL,
    detail       text        NOT NULL,
    used         boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (treatment_id, answer)
);
COMMENT ON TABLE treatment_answer IS 'Answers as they were heard, each word once. One to a treatment that is not known waits for it.';
COMMENT ON COLUMN treatment_answer.client_id IS 'Empty where the teller did not name it: then no client sees the row.';
CREATE INDEX treatment_answer_new ON treatment_answer (account_id) WHERE NOT used;

CREATE TABLE treatment_authorized (
    treatment_id uuid        NOT NULL PRIMARY KEY,
    account_id   uuid        NOT NULL,
    client_id    uuid,
    authorized_at timestamptz NOT NULL,
    valid_until  timestamptz NOT NULL
);
COMMENT ON TABLE treatment_authorized IS 'What the guard has permitted: its answer may come until a day after that.';

CREATE TABLE promise (
    promise_id  uuid    NOT NULL PRIMARY KEY,
    account_id  uuid    NOT NULL,
    opening     integer NOT NULL,
    client_id   uuid,
    made        boolean NOT NULL,
    party_id    uuid,
    due_on      date,
    kept_on     date,
    broken_on   date,
    cancelled   boolean NOT NULL,
    ended_at    timestamptz,
    used        boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE promise IS 'Promises to pay, from whichever of their facts came first.';
COMMENT ON COLUMN promise.used IS 'Its breach was acted on.';
CREATE INDEX promise_account ON promise (account_id);

CREATE TABLE dispute (
    dispute_id  uuid    NOT NULL PRIMARY KEY,
    account_id  uuid    NOT NULL,
    opening     integer NOT NULL,
    client_id   uuid,
    opened      boolean NOT NULL,
    reason      text    NOT NULL,
    pauses      boolean NOT NULL,
    resolved_on date,
    outcome     text    NOT NULL,
    tasked      boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE dispute IS 'Disputes, from whichever of their facts came first.';
COMMENT ON COLUMN dispute.tasked IS 'Its task was opened.';
CREATE INDEX dispute_account ON dispute (account_id);

CREATE TABLE stop (
    stop_id    uuid    NOT NULL PRIMARY KEY,
    client_id  uuid,
    party_id   uuid    NOT NULL,
    account_id uuid,
    kind       text    NOT NULL,
    whole      boolean NOT NULL,
    placed     boolean NOT NULL,
    lifted     boolean NOT NULL
);
COMMENT ON TABLE stop IS 'Stops of parties, from whichever of their facts came first. Addresses are not kept.';
COMMENT ON COLUMN stop.whole IS 'It stops every channel and every address.';
CREATE INDEX stop_party ON stop (party_id);

CREATE TABLE finding (
    party_id   uuid    NOT NULL,
    kind       text    NOT NULL,
    account_id uuid    NOT NULL,
    client_id  uuid,
    chapter    integer NOT NULL,
    PRIMARY KEY (party_id, kind),
    CONSTRAINT finding_kind CHECK (kind IN ('phone', 'email', 'address', 'bankruptcy', 'deceased', 'military'))
);
COMMENT ON TABLE finding IS 'What searches found of a party, by kind; the values are kept by contact.';

CREATE TABLE validation_notice (
    letter_id  uuid    NOT NULL PRIMARY KEY,
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    client_id  uuid,
    party_id   uuid    NOT NULL,
    period_end date    NOT NULL
);
COMMENT ON TABLE validation_notice IS 'When the validation period of a mailed notice ends.';
CREATE INDEX validation_notice_account ON validation_notice (account_id);

CREATE TABLE task (
    task_id    uuid        NOT NULL PRIMARY KEY,
    case_id    uuid        NOT NULL,
    client_id  uuid        NOT NULL,
    account_id uuid        NOT NULL,
    opening    integer     NOT NULL,
    party_id   uuid,
    kind       text        NOT NULL,
    subject_id uuid,
    reason     text        NOT NULL,
    due_on     date        NOT NULL,
    opened_at  timestamptz NOT NULL,
    closed_at  timestamptz,
    resolution text        NOT NULL DEFAULT '',
    CONSTRAINT task_closed CHECK ((closed_at IS NULL) = (resolution = ''))
);
COMMENT ON TABLE task IS 'What people must do.';
COMMENT ON COLUMN task.subject_id IS 'The treatment or dispute that it is about.';
CREATE INDEX task_account ON task (account_id);
CREATE INDEX task_order ON task (opened_at, task_id);
