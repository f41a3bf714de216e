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
-- Errands: how often each was begun and recorded.
CREATE TABLE errand (
    key      uuid NOT NULL PRIMARY KEY,
    begun    int  NOT NULL,
    recorded int  NOT NULL DEFAULT 0
);
-- What errands did outside: written on a connection of their own.
CREATE TABLE effect (
    key   uuid NOT NULL,
    begun int  NOT NULL
);
