-- How many calls are planned and permitted at an instant, for the agency's capacity.

CREATE INDEX attempt_planned_call ON attempt (planned_at) WHERE state = 'planned' AND channel = 'call';
CREATE INDEX attempt_permitted_call ON attempt (authorized_at) WHERE channel = 'call';

-- What leaves by a dialer or by the text gateway.

CREATE TABLE call_start (
    attempt_id  uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    decision_id uuid NOT NULL,
    call_ref    text NOT NULL,
    started_at  timestamptz NOT NULL,
    started_by  text NOT NULL,
    CONSTRAINT call_start_ref_once UNIQUE (call_ref)
);
COMMENT ON TABLE call_start IS 'Calls that a dialer started, each once. append-only';
COMMENT ON COLUMN call_start.decision_id IS 'What the guard said at the instant of the start.';
COMMENT ON COLUMN call_start.call_ref IS 'The dialer''s own name for the call.';
COMMENT ON COLUMN attempt.valid_until IS 'It leaves by then or not at all; of a call that a dialer started: its outcome is told by then.';
COMMENT ON COLUMN attempt.why IS 'Why it waits, was withdrawn or was not planned as the person asked; names no person.';

CREATE TABLE text_message (
    attempt_id  uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    words       text NOT NULL,
    progress    text NOT NULL,
    body        text,
    begun_at    timestamptz,
    gateway_ref text NOT NULL DEFAULT '',
    CONSTRAINT text_message_progress
        CHECK (progress IN ('waiting', 'sending', 'sent', 'refused', 'unknown')),
    CONSTRAINT text_message_begun_whole
        CHECK ((begun_at IS NULL) = (body IS NULL)
               AND (progress NOT IN ('sending', 'sent') OR begun_at IS NOT NULL))
);
COMMENT ON TABLE text_message IS 'Texts, each of one attempt that was authorised, on their way to the text gateway.';
COMMENT ON COLUMN text_message.words IS 'pii: as the collector wrote it.';
COMMENT ON COLUMN text_message.progress IS 'sending is committed before the gateway is called: found so again, it may have left.';
COMMENT ON COLUMN text_message.body IS 'pii: as it was posted, with the lines that the decision requires.';
COMMENT ON COLUMN text_message.gateway_ref IS 'The gateway''s name for it.';
