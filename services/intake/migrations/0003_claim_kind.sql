-- What a claim arose from, where the client tells.

ALTER TABLE account ADD COLUMN claim_kind text
    CONSTRAINT account_claim_kind CHECK (claim_kind IN
        ('credit_card', 'loan', 'student_loan', 'mortgage', 'medical', 'services', 'goods', 'open_account',
         'judgment'));
COMMENT ON COLUMN account.claim_kind IS 'What the claim arose from; null where the client did not tell it.';
