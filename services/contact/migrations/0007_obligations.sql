-- What must be done by when, as rows; and what a decision said, word for word.

CREATE TABLE obligation (
    obligation_id uuid PRIMARY KEY,
    client_id     uuid    NOT NULL,
    account_id    uuid    NOT NULL,
    opening       integer NOT NULL,
    party_id      uuid    NOT NULL,
    address       text,
    code          text    NOT NULL,
    opened_at     timestamptz,
    ordinal       integer NOT NULL,
    what          text    NOT NULL,
    met           text    NOT NULL,
    authority     text    NOT NULL,
    force         text    NOT NULL,
    day_force     text    NOT NULL,
    due_on        date,
    not_before    date,
    before_act    text,
    blocks        text,
    state         text    NOT NULL,
    owed          boolean NOT NULL,
    discharged_at timestamptz,
    lapsed_at     timestamptz,
    noted_at      timestamptz NOT NULL,
    CONSTRAINT obligation_state CHECK (state IN ('open', 'discharged', 'lapsed', 'void')),
    CONSTRAINT obligation_force CHECK (force IN ('law', 'policy', 'unverified')),
    CONSTRAINT obligation_day_force CHECK (day_force IN ('law', 'policy', 'unverified')),
    CONSTRAINT obligation_discharged CHECK (state <> 'discharged' OR discharged_at IS NOT NULL),
    CONSTRAINT obligation_open CHECK (state <> 'open' OR discharged_at IS NULL AND owed),
    CONSTRAINT obligation_lapsed CHECK ((state = 'lapsed') = (lapsed_at IS NOT NULL)),
    CONSTRAINT obligation_owed CHECK (NOT owed OR state IN ('open', 'lapsed'))
);
COMMENT ON TABLE obligation IS 'Duties that facts opened, and what became of them. Facts open and meet them; a tick only notes it. Timers are not here, nor what every act owes and meets, but where it was missed.';
COMMENT ON COLUMN obligation.account_id IS 'The account that it concerns, or at which it arose.';
COMMENT ON COLUMN obligation.party_id IS 'The party that it concerns; of a duty about the debt alone, the first that is liable.';
COMMENT ON COLUMN obligation.address IS 'pii: the number or address that it concerns.';
COMMENT ON COLUMN obligation.opened_at IS 'When the fact that opened it became known; empty: not known since when the account is here.';
COMMENT ON COLUMN obligation.ordinal IS 'Tells apart those that are the same in every other respect: two complaints of one instant.';
COMMENT ON COLUMN obligation.before_act IS 'The act that it comes before, where it has no day.';
COMMENT ON COLUMN obligation.owed IS 'Somebody still has to do it.';
COMMENT ON COLUMN obligation.lapsed_at IS 'The first instant that was too late.';
COMMENT ON COLUMN obligation.noted_at IS 'The tick that noted how it stands.';
CREATE UNIQUE INDEX obligation_once ON obligation (party_id, account_id, code, opened_at, address, ordinal)
    NULLS NOT DISTINCT WHERE state <> 'void';
CREATE INDEX obligation_account ON obligation (account_id);
CREATE INDEX obligation_due ON obligation (coalesce(due_on, '9999-12-31'), obligation_id) WHERE owed;

ALTER TABLE decision ADD COLUMN said text NOT NULL DEFAULT '';
COMMENT ON COLUMN decision.said IS 'What the guard said, before rules of our own: its bytes are what a replay must give again. Empty in rows from before it was kept.';
