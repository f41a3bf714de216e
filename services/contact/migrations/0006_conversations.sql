-- What was made sure of, and said, before a conversation about a debt.

CREATE TABLE conversation (
    attempt_id           uuid PRIMARY KEY,
    client_id            uuid    NOT NULL,
    right_party_verified boolean,
    disclosures          text[]  NOT NULL,
    missing              text[]  NOT NULL,
    undisclosed_because  text    NOT NULL,
    recorded_by          text    NOT NULL,
    recorded_at          timestamptz NOT NULL,
    CONSTRAINT conversation_missing_is_explained CHECK (missing = '{}' OR undisclosed_because <> '')
);
COMMENT ON TABLE conversation IS 'The right-party check and the disclosures of a call, as its collector told them. append-only';
COMMENT ON COLUMN conversation.right_party_verified IS 'Empty: not told.';
COMMENT ON COLUMN conversation.disclosures IS 'What was said, by the codes of the decision: mini_miranda.';
COMMENT ON COLUMN conversation.missing IS 'What the decision required and was not said.';
COMMENT ON COLUMN conversation.undisclosed_because IS 'pii: why not, in the collector''s words.';
