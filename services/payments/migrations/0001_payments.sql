-- Money in trust: the facts that price it, the journal that moves it, and the remittances that settle it.

-- Facts heard from intake. Kept in any order of arrival; decided on by ticks and commands.

CREATE TABLE client_policy (
    client_id        uuid    NOT NULL,
    version          bigint  NOT NULL,
    client_ref       text    NOT NULL,
    client_name      text    NOT NULL,
    parent_client_id uuid,
    effective_on     date    NOT NULL,
    policy           jsonb   NOT NULL,
    PRIMARY KEY (client_id, version),
    CONSTRAINT client_policy_version_counts CHECK (version >= 1)
);
COMMENT ON TABLE client_policy IS 'Every version of every client; the highest says how it is called now. append-only';
COMMENT ON COLUMN client_policy.policy IS 'The checked policy of the domain, as JSON.';

CREATE TABLE account (
    account_id         uuid    NOT NULL,
    opening            integer NOT NULL,
    client_id          uuid    NOT NULL,
    client_ref         text    NOT NULL,
    client_account_ref text    NOT NULL,
    currency           text    NOT NULL,
    listed_minor       bigint  NOT NULL,
    listing_date       date    NOT NULL,
    debtor_name        text    NOT NULL,
    settled_on         date,
    PRIMARY KEY (account_id, opening),
    CONSTRAINT account_opening_counts CHECK (opening >= 1)
);
COMMENT ON TABLE account IS 'Placed claims, one row per opening. Its rows are the lock of all writers of one account.';
COMMENT ON COLUMN account.debtor_name IS 'pii: the first liable party, as statements name it.';
COMMENT ON COLUMN account.settled_on IS 'When released money had paid the balance; empty again after a reversal.';
CREATE INDEX account_reference ON account (client_ref, client_account_ref);
CREATE INDEX account_client ON account (client_id);

CREATE TABLE claim_item (
    account_id     uuid    NOT NULL,
    opening        integer NOT NULL,
    part           integer NOT NULL,
    line           integer NOT NULL,
    client_id      uuid    NOT NULL,
    kind           text    NOT NULL,
    number         text    NOT NULL,
    item_date      date,
    due_date       date,
    currency       text    NOT NULL,
    open_minor     bigint  NOT NULL,
    disputed_minor bigint  NOT NULL,
    PRIMARY KEY (account_id, opening, part, line)
);
COMMENT ON TABLE claim_item IS 'What the client lists as open on a claim. append-only';

CREATE TABLE adjustment (
    adjustment_id uuid   NOT NULL PRIMARY KEY,
    account_id    uuid   NOT NULL,
    client_id     uuid   NOT NULL,
    currency      text   NOT NULL,
    amount_minor  bigint NOT NULL,
    adjusted_on   date   NOT NULL,
    item_number   text   NOT NULL
);
COMMENT ON TABLE adjustment IS 'The client''s corrections of a balance. append-only';
CREATE INDEX adjustment_account ON adjustment (account_id);

CREATE TABLE account_end (
    account_id uuid    NOT NULL,
    opening    integer NOT NULL,
    kind       text    NOT NULL,
    client_id  uuid    NOT NULL,
    ended_on   date    NOT NULL,
    close_code text,
    PRIMARY KEY (account_id, opening, kind),
    CONSTRAINT account_end_kind CHECK (kind IN ('recalled', 'closed')),
    CONSTRAINT account_end_code CHECK ((kind = 'closed') = (close_code IS NOT NULL))
);
COMMENT ON TABLE account_end IS 'Recalls and closes. They price what comes later by the tail and refuse nothing. append-only';

-- Payments.

CREATE TABLE payment (
    payment_id         uuid    NOT NULL PRIMARY KEY,
    account_id         uuid,
    opening            integer,
    client_id          uuid,
    received_by        text    NOT NULL,
    state              text    NOT NULL,
    currency           text    NOT NULL,
    amount_minor       bigint  NOT NULL,
    payment_on         date    NOT NULL,
    received_reference text    NOT NULL,
    method             text    NOT NULL,
    item_numbers       text[]  NOT NULL,
    named_account_id   uuid,
    named_client_ref   text,
    named_account_ref  text,
    posted_on          date    NOT NULL,
    held_on            date,
    release_on         date,
    released_on        date,
    collected_minor    bigint  NOT NULL DEFAULT 0,
    overpayment_minor  bigint  NOT NULL DEFAULT 0,
    commission_minor   bigint  NOT NULL DEFAULT 0,
    schedule_version   integer,
    portions           jsonb,
    reversed_on        date,
    reversal_reason    text,
    stated             text,
    CONSTRAINT payment_amount_positive CHECK (amount_minor > 0),
    CONSTRAINT payment_received_by CHECK (received_by IN ('agency', 'client')),
    CONSTRAINT payment_state CHECK (state IN ('unapplied', 'held', 'released', 'reversed')),
    CONSTRAINT payment_unapplied_has_no_account
        CHECK (state = 'reversed' OR (state = 'unapplied') = (account_id IS NULL)),
    CONSTRAINT payment_account_has_client CHECK ((account_id IS NULL) = (client_id IS NULL)),
    CONSTRAINT payment_released_whole CHECK (
        released_on IS NULL
        OR (opening IS NOT NULL AND collected_minor >= 0 AND overpayment_minor >= 0
            AND collected_minor + overpayment_minor = amount_minor)),
    CONSTRAINT payment_reversed_whole CHECK ((state = 'reversed') = (reversed_on IS NOT NULL)),
    CONSTRAINT payment_stated CHECK (stated IN ('held', 'done'))
);
COMMENT ON TABLE payment IS 'Receipts of the agency and payments to clients, with where each stands.';
COMMENT ON COLUMN payment.client_id IS 'Empty while unapplied: then no client sees the row.';
COMMENT ON COLUMN payment.opening IS 'The opening that it pays, fixed when it is released.';
COMMENT ON COLUMN payment.item_numbers IS 'Claim items that the debtor directs it to.';
COMMENT ON COLUMN payment.held_on IS 'When it was first held for a known account; empty for direct payments.';
COMMENT ON COLUMN payment.collected_minor IS 'What it pays of the balance, known from release on.';
COMMENT ON COLUMN payment.commission_minor IS 'Commission posted for it so far.';
COMMENT ON COLUMN payment.portions IS 'The parts and rates that priced it last.';
COMMENT ON COLUMN payment.stated IS 'How the last statement showed it among held funds: held, or done with.';
CREATE INDEX payment_account ON payment (account_id);
CREATE INDEX payment_client ON payment (client_id, payment_id);
CREATE INDEX payment_held ON payment (client_id, currency)
    WHERE held_on IS NOT NULL AND stated IS DISTINCT FROM 'done';
CREATE INDEX payment_named_id ON payment (named_account_id) WHERE state = 'unapplied';
CREATE INDEX payment_named_reference ON payment (named_client_ref, named_account_ref)
    WHERE state = 'unapplied';

-- The journal.

CREATE TABLE entry_set (
    set_id        uuid        NOT NULL PRIMARY KEY,
    kind          text        NOT NULL,
    client_id     uuid,
    payment_id    uuid,
    remittance_id uuid,
    posted_on     date        NOT NULL,
    posted_at     timestamptz NOT NULL,
    actor         text        NOT NULL
);
COMMENT ON TABLE entry_set IS 'Why entries were made, and by whom. append-only';
CREATE INDEX entry_set_payment ON entry_set (payment_id);

CREATE TABLE entry (
    set_id       uuid    NOT NULL,
    line         integer NOT NULL,
    ledger       text    NOT NULL,
    client_id    uuid,
    account_id   uuid,
    currency     text    NOT NULL,
    amount_minor bigint  NOT NULL,
    posted_on    date    NOT NULL,
    CONSTRAINT entry_line PRIMARY KEY (set_id, line),
    CONSTRAINT entry_moves_money CHECK (amount_minor <> 0),
    CONSTRAINT entry_ledger CHECK (ledger IN (
        'trust_bank', 'deficiency_agency', 'deficiency_client', 'client_trust', 'unapplied',
        'refunds_due', 'held', 'commission_unswept', 'operating_bank', 'commission_income',
        'client_receivable', 'losses'))
);
COMMENT ON TABLE entry IS 'The journal: debits positive, credits negative. append-only';
COMMENT ON COLUMN entry.client_id IS 'Empty for money that is not yet anybody''s: then no client sees the row.';
CREATE INDEX entry_client ON entry (client_id, posted_on);

-- Proves what one statement inserted: each set in it sums to zero per currency, in the trust book and in the
-- operating book, and numbers its lines from 1 on without a gap. A second statement for the same set would need the line 1 again, which the primary
-- key refuses, also where the two run at once.
CREATE FUNCTION entry_sets_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad uuid;
BEGIN
    SELECT set_id INTO bad FROM new_entry
    GROUP BY set_id, currency,
        ledger IN ('operating_bank', 'commission_income', 'client_receivable', 'losses')
    HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'entry set % does not balance', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_set_balances', TABLE = 'entry';
    END IF;
    SELECT set_id INTO bad FROM new_entry GROUP BY set_id
    HAVING min(line) <> 1 OR max(line) <> count(*) LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'entry set % is not inserted whole', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_set_whole', TABLE = 'entry';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION entry_sets_balance() IS 'All entries of a set come in one statement and balance.';
CREATE TRIGGER entry_sets_balance AFTER INSERT ON entry
    REFERENCING NEW TABLE AS new_entry FOR EACH STATEMENT EXECUTE FUNCTION entry_sets_balance();

-- The app role has no right to change entries; this refuses the owner as well.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only inserted; post the inverse instead', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
END $$;
COMMENT ON FUNCTION refuse_change() IS 'Refuses UPDATE, DELETE and TRUNCATE.';
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_set_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_set
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Each client's part of the trust account.

CREATE TABLE client_trust (
    client_id               uuid   NOT NULL,
    currency                text   NOT NULL,
    available               bigint NOT NULL DEFAULT 0,
    claimed_minor           bigint NOT NULL DEFAULT 0,
    deficiency_agency_minor bigint NOT NULL DEFAULT 0,
    deficiency_client_minor bigint NOT NULL DEFAULT 0,
    unswept_minor           bigint NOT NULL DEFAULT 0,
    operating_carry_minor   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, currency),
    CONSTRAINT client_trust_available_never_below_zero CHECK (available >= 0),
    CONSTRAINT client_trust_claimed CHECK (claimed_minor BETWEEN 0 AND available),
    CONSTRAINT client_trust_deficiency
        CHECK (deficiency_agency_minor >= 0 AND deficiency_client_minor >= 0),
    CONSTRAINT client_trust_unswept CHECK (unswept_minor >= 0)
);
COMMENT ON TABLE client_trust IS 'One client''s balances of the trust book, as debits left them. Debits lock the row, fold the credits and subtract.';
COMMENT ON COLUMN client_trust.available IS 'Released money of the client, in minor units, without the credits not yet folded.';
COMMENT ON COLUMN client_trust.claimed_minor IS 'The part of it that remittances claim which wait for their money.';
COMMENT ON COLUMN client_trust.unswept_minor IS 'Commission set aside by remittances and not yet swept.';
COMMENT ON COLUMN client_trust.operating_carry_minor IS 'What earlier periods fixed for operating less what was set aside; below zero the agency owes trust.';

CREATE TABLE trust_credit (
    credit_id    uuid   NOT NULL PRIMARY KEY,
    client_id    uuid   NOT NULL,
    currency     text   NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT trust_credit_positive CHECK (amount_minor > 0)
);
COMMENT ON TABLE trust_credit IS 'Credits of client_trust, appended without a lock and deleted when a debit folds them.';
CREATE INDEX trust_credit_client ON trust_credit (client_id, currency);

-- What statements report, and remittances.

CREATE TABLE statement_item (
    item_id            uuid    NOT NULL PRIMARY KEY,
    client_id          uuid    NOT NULL,
    account_id         uuid    NOT NULL,
    opening            integer NOT NULL,
    payment_id         uuid    NOT NULL,
    kind               text    NOT NULL,
    received_by        text    NOT NULL,
    currency           text    NOT NULL,
    gross_minor        bigint  NOT NULL,
    overpayment_minor  bigint  NOT NULL,
    commission_minor   bigint  NOT NULL,
    schedule_version   integer NOT NULL,
    portions           jsonb   NOT NULL,
    balance_left_minor bigint,
    on_date            date    NOT NULL,
    CONSTRAINT statement_item_kind CHECK (kind IN ('payment', 'reversal', 'repriced')),
    CONSTRAINT statement_item_repriced_moves_no_money CHECK (kind <> 'repriced' OR gross_minor = 0)
);
COMMENT ON TABLE statement_item IS 'Every release, direct payment, reversal and re-pricing, once. append-only';
COMMENT ON COLUMN statement_item.gross_minor IS 'What it moved of the balance; below zero for a reversal.';
CREATE INDEX statement_item_client ON statement_item (client_id, currency, on_date);
CREATE INDEX statement_item_account ON statement_item (account_id);

CREATE TABLE remittance_item (
    item_id       uuid NOT NULL PRIMARY KEY,
    remittance_id uuid NOT NULL,
    client_id     uuid NOT NULL
);
COMMENT ON TABLE remittance_item IS 'Which remittance settled an item: at most one, by the primary key. append-only';
CREATE INDEX remittance_item_remittance ON remittance_item (remittance_id);

CREATE TABLE remittance (
    remittance_id             uuid        NOT NULL PRIMARY KEY,
    client_id                 uuid        NOT NULL,
    client_ref                text        NOT NULL,
    currency                  text        NOT NULL,
    period_from               date        NOT NULL,
    period_to                 date        NOT NULL,
    statement_no              text        NOT NULL,
    method                    text        NOT NULL,
    collected_minor           bigint      NOT NULL,
    direct_minor              bigint      NOT NULL,
    commission_minor          bigint      NOT NULL,
    prior_carry_forward_minor bigint      NOT NULL,
    remitted_minor            bigint      NOT NULL,
    held_minor                bigint      NOT NULL,
    carry_forward_minor       bigint      NOT NULL,
    to_operating_minor        bigint      NOT NULL,
    set_aside_minor           bigint      NOT NULL,
    held_funds_minor          bigint      NOT NULL,
    lines                     bigint      NOT NULL,
    csv                       bytea       NOT NULL,
    json                      bytea       NOT NULL,
    csv_sha256                bytea       NOT NULL,
    json_sha256               bytea       NOT NULL,
    sealed_at                 timestamptz NOT NULL,
    CONSTRAINT remittance_once_per_period UNIQUE (client_id, period_to),
    CONSTRAINT remittance_period CHECK (period_from <= period_to)
);
COMMENT ON TABLE remittance IS 'Sealed periods with the exact bytes of their statements. append-only';
COMMENT ON COLUMN remittance.held_minor IS 'The part of remitted_minor for which the money was missing from trust.';
COMMENT ON COLUMN remittance.held_funds_minor IS 'Money of the client that was not yet good funds when the period was sealed.';
COMMENT ON COLUMN remittance.csv IS 'pii: names debtors.';
COMMENT ON COLUMN remittance.json IS 'pii: names debtors.';

CREATE TABLE remittance_held_paid (
    remittance_id uuid NOT NULL PRIMARY KEY,
    client_id     uuid NOT NULL,
    paid_on       date NOT NULL
);
COMMENT ON TABLE remittance_held_paid IS 'Remittances that waited for their money and were paid. append-only';
