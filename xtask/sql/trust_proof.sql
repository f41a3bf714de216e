-- The trust proof, computed a second time from nothing but the entries: per currency, what is held in
-- trust (debit balances) and what is owed from it (credit balances). The two must be equal to the cent.
--
-- Run by `duly demo --proof-sql` through psql (-A -t -F, -v schema=payments); `cargo xtask demo` compares
-- the rows with the program's own figures. Columns: currency, assets, liabilities, then the eight
-- balances in the order of the query, in minor units, each positive on its own side.
-- Debits are positive in entry.amount_minor, credits negative.
WITH balance AS (
    SELECT currency,
           coalesce(sum(amount_minor) FILTER (WHERE ledger = 'trust_bank'), 0) AS trust_bank,
           coalesce(sum(amount_minor) FILTER (WHERE ledger = 'deficiency_agency'), 0) AS deficiency_agency,
           coalesce(sum(amount_minor) FILTER (WHERE ledger = 'deficiency_client'), 0) AS deficiency_client,
           coalesce(-sum(amount_minor) FILTER (WHERE ledger = 'client_trust'), 0) AS client_trust,
           coalesce(-sum(amount_minor) FILTER (WHERE ledger = 'unapplied'), 0) AS unapplied,
           coalesce(-sum(amount_minor) FILTER (WHERE ledger = 'refunds_due'), 0) AS refunds_due,
           coalesce(-sum(amount_minor) FILTER (WHERE ledger = 'held'), 0) AS held,
           coalesce(-sum(amount_minor) FILTER (WHERE ledger = 'commission_unswept'), 0) AS commission_unswept
    FROM :"schema".entry
    GROUP BY currency
)
SELECT currency,
       trust_bank + deficiency_agency + deficiency_client,
       client_trust + unapplied + refunds_due + held + commission_unswept,
       trust_bank, deficiency_agency, deficiency_client,
       client_trust, unapplied, refunds_due, held, commission_unswept
FROM balance
ORDER BY currency;
