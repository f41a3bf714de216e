-- Duties that contact tells of, and the tasks that they open.

CREATE TABLE obligation (
    obligation_id  uuid    NOT NULL PRIMARY KEY,
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    client_id      uuid,
    party_id       uuid,
    code           text    NOT NULL DEFAULT '',
    what           text    NOT NULL DEFAULT '',
    authority      text    NOT NULL DEFAULT '',
    due_on         date,
    before_act     text    NOT NULL DEFAULT '',
    ask_on         date,
    opened_told_at timestamptz,
    missed_at      timestamptz,
    missed_told_at timestamptz,
    over_told_at   timestamptz,
    void           boolean NOT NULL DEFAULT false,
    tasked         boolean NOT NULL DEFAULT false,
    done           boolean NOT NULL DEFAULT false,
    CONSTRAINT obligation_missed_whole CHECK ((missed_at IS NULL) = (missed_told_at IS NULL))
);
COMMENT ON TABLE obligation IS 'Duties about accounts, from whichever of their facts came first.';
COMMENT ON COLUMN obligation.opened_told_at IS 'Empty until its opening is heard of: it has no task before.';
COMMENT ON COLUMN obligation.ask_on IS 'Duly''s own work is to meet it: it has a task from this day on. Empty: at once.';
COMMENT ON COLUMN obligation.over_told_at IS 'It was met, or what had opened it no longer stands.';
COMMENT ON COLUMN obligation.void IS 'What had opened it no longer stands.';
COMMENT ON COLUMN obligation.tasked IS 'Its task was opened.';
COMMENT ON COLUMN obligation.done IS 'It is over and its task, where it had one, is closed.';
CREATE INDEX obligation_account ON obligation (account_id) WHERE NOT done;

ALTER TABLE task ADD COLUMN missed_at timestamptz;
COMMENT ON COLUMN task.missed_at IS 'Since when the day of its obligation is missed.';
