-- What comes in: replies, calls, letters in the mail room, messages that bounce.

CREATE TABLE inbound (
    inbound_id   uuid PRIMARY KEY,
    client_id    uuid,
    party_id     uuid,
    account_id   uuid,
    medium       text NOT NULL,
    from_address text,
    text         text NOT NULL,
    received_at  timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    recorded_by  text NOT NULL,
    bounced      boolean NOT NULL,
    conversation boolean NOT NULL,
    stop_word    boolean NOT NULL,
    stop_id      uuid,
    matched_at   timestamptz,
    read_at      timestamptz,
    read_by      text,
    class        text,
    answered_attempt_id uuid,
    CONSTRAINT inbound_class CHECK (class IN
        ('dispute', 'cease', 'opt_out', 'wrong_person', 'question', 'other')),
    CONSTRAINT inbound_matched_whole CHECK (
        (party_id IS NULL) = (client_id IS NULL) AND (party_id IS NULL) = (matched_at IS NULL)
        AND (account_id IS NULL OR party_id IS NOT NULL)),
    CONSTRAINT inbound_read_whole CHECK ((read_at IS NULL) = (read_by IS NULL)),
    CONSTRAINT inbound_classed_when_read CHECK (class IS NULL OR read_at IS NOT NULL),
    CONSTRAINT inbound_conversation_is_a_call CHECK (NOT conversation OR medium = 'call'),
    CONSTRAINT inbound_received_before_recorded CHECK (received_at <= recorded_at)
);
COMMENT ON TABLE inbound IS 'What came in, from receipt until it is read and answered.';
COMMENT ON COLUMN inbound.party_id IS 'Empty while nobody is known to have sent it.';
COMMENT ON COLUMN inbound.account_id IS 'Empty where it is not known which.';
COMMENT ON COLUMN inbound.from_address IS 'pii: the number or e-mail address that it came from; of a bounce, the one that it was sent to.';
COMMENT ON COLUMN inbound.text IS 'pii: what it says.';
COMMENT ON COLUMN inbound.bounced IS 'A message of ours that came back.';
COMMENT ON COLUMN inbound.conversation IS 'A call in which the debt was spoken about.';
COMMENT ON COLUMN inbound.stop_word IS 'All that it says is that messages shall stop.';
COMMENT ON COLUMN inbound.stop_id IS 'The opt-out that its words placed.';
COMMENT ON COLUMN inbound.answered_attempt_id IS 'The one attempt that was permitted as its answer.';
CREATE INDEX inbound_party ON inbound (party_id);
CREATE INDEX inbound_account ON inbound (account_id);
CREATE INDEX inbound_unmatched ON inbound (inbound_id) WHERE party_id IS NULL AND read_at IS NULL;
CREATE INDEX inbound_stop_words ON inbound (from_address) WHERE stop_word AND party_id IS NULL;
CREATE INDEX inbound_answered ON inbound (answered_attempt_id) WHERE answered_attempt_id IS NOT NULL;
CREATE INDEX contact_point_value ON contact_point (value);
