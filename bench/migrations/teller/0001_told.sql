CREATE TABLE told (event_id text PRIMARY KEY, machine_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE bare (id bigint PRIMARY KEY, machine_at timestamptz NOT NULL DEFAULT clock_timestamp());
