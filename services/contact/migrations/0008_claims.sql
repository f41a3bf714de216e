-- What the guard asks of a claim itself.

CREATE TABLE claim (
    account_id    uuid NOT NULL,
    opening       int  NOT NULL,
    client_id     uuid NOT NULL,
    kind          text,
    creditor_kind text,
    accrued_on    date,
    PRIMARY KEY (account_id, opening),
    CONSTRAINT claim_kind CHECK (kind IN
        ('credit_card', 'loan', 'student_loan', 'mortgage', 'medical', 'services', 'goods', 'open_account',
         'judgment')),
    CONSTRAINT claim_creditor_kind CHECK (creditor_kind IN
        ('trade', 'lender', 'commercial_financing', 'debt_buyer', 'other'))
);
COMMENT ON TABLE claim IS 'What a placement says of its claim. append-only';
COMMENT ON COLUMN claim.kind IS 'What it arose from; empty: not known.';
COMMENT ON COLUMN claim.creditor_kind IS 'What the current creditor is; empty: not known.';
COMMENT ON COLUMN claim.accrued_on IS 'The oldest due date among its items: from then on it could be sued upon.';
