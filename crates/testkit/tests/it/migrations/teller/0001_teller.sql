-- What the teller was told to tell.
CREATE TABLE told (
    ref    text   NOT NULL PRIMARY KEY,
    amount bigint NOT NULL
);
