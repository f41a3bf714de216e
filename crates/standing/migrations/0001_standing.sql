-- Where accounts stand, as heard from intake and payments. The same tables in each service that keeps them.

CREATE TABLE client (
    client_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    client_ref text NOT NULL,
    name text NOT NULL
);
COMMENT ON TABLE client IS 'Clients, latest version known.';

CREATE TABLE account (
    account_id uuid NOT NULL,
    opening int NOT NULL,
    client_id uuid NOT NULL,
    client_ref text NOT NULL,
    client_account_ref text NOT NULL,
    debt_class text NOT NULL,
    service_kind text NOT NULL,
    currency text NOT NULL,
    listed_minor bigint NOT NULL,
    listed_on date NOT NULL,
    PRIMARY KEY (account_id, opening)
);
COMMENT ON TABLE account IS 'Placements, each opening of an account once.';
CREATE INDEX account_ref ON account (client_ref, client_account_ref);

CREATE TABLE account_party (
    account_id uuid NOT NULL,
    opening int NOT NULL,
    position int NOT NULL,
    party_id uuid NOT NULL,
    client_id uuid NOT NULL,
    role text NOT NULL,
    debtor_kind text NOT NULL,
    name text NOT NULL,
    address jsonb,
    phones text[] NOT NULL,
    emails text[] NOT NULL,
    national_id_lookup bytea,
    PRIMARY KEY (account_id, opening, position)
);
COMMENT ON TABLE account_party IS 'Liable parties as placed; position 0 is the principal debtor. Personal data: name, address, phones, emails.';
CREATE INDEX account_party_party ON account_party (party_id);

CREATE TABLE account_end (
    account_id uuid NOT NULL,
    opening int NOT NULL,
    kind text NOT NULL CONSTRAINT account_end_kind CHECK (kind IN ('recalled', 'closed', 'settled')),
    client_id uuid NOT NULL,
    ended_on date NOT NULL,
    close_code text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, opening, kind)
);
COMMENT ON TABLE account_end IS 'Recalls and closes; settled: released money has paid the balance, which a reversal undoes.';

CREATE TABLE account_money (
    fact_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT account_money_kind CHECK (kind IN ('adjusted', 'posted', 'reversed')),
    account_id uuid NOT NULL,
    opening int NOT NULL,
    client_id uuid NOT NULL,
    minor bigint NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (fact_id, kind)
);
COMMENT ON TABLE account_money IS 'What changed a balance, each fact once; signed: what is added to the balance.';
CREATE INDEX account_money_account ON account_money (account_id, opening);

CREATE TABLE account_hold (
    hold_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    opening int NOT NULL,
    client_id uuid NOT NULL,
    reason text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    told_at timestamptz NOT NULL
);
COMMENT ON TABLE account_hold IS 'Holds of clients. One stands while account_hold_lifted has no row for it.';
CREATE INDEX account_hold_account ON account_hold (account_id);

CREATE TABLE account_hold_lifted (
    hold_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    told_at timestamptz NOT NULL
);
COMMENT ON TABLE account_hold_lifted IS 'Tombstones of holds.';
