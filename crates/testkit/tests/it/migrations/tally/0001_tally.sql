-- Sums by increments: right only where each event is handled once.
CREATE TABLE tally (
    ref    text   NOT NULL PRIMARY KEY,
    events bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount < 1000000)
);
-- Decisions of due work, each with the business time at which it was taken.
CREATE TABLE decided (
    key    uuid        NOT NULL,
    due_at timestamptz NOT NULL,
    at     timestamptz NOT NULL,
    events bigint      NOT NULL
);
