-- Where the keys that parties share say too much or too little about who is one person.

CREATE TABLE person_change (
    change_id  uuid PRIMARY KEY,
    kind       text NOT NULL,
    party_id   uuid NOT NULL,
    other_id   uuid,
    reason     text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT person_change_kind CHECK (kind IN ('linked', 'unlinked')),
    CONSTRAINT person_change_other CHECK ((kind = 'linked') = (other_id IS NOT NULL))
);
COMMENT ON TABLE person_change IS 'What people said about who is one person. It names no client, so that none can learn of another by it. append-only';
COMMENT ON COLUMN person_change.party_id IS 'Linked with the other, or unlinked from all that it was one person with.';
CREATE INDEX person_change_party ON person_change (party_id);

CREATE TABLE link_apart (
    lookup    bytea NOT NULL,
    party_id  uuid  NOT NULL,
    client_id uuid  NOT NULL,
    PRIMARY KEY (lookup, party_id)
);
COMMENT ON TABLE link_apart IS 'Keys that this party shares with others without being one person with them: they link it no more. append-only';
