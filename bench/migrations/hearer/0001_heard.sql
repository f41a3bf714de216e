CREATE TABLE heard (event_id text PRIMARY KEY, machine_at timestamptz NOT NULL DEFAULT clock_timestamp());
