//! Closing a client's period: what was released and not yet remitted is sealed under the client's lock,
//! settled by the policy's method, paid, and kept with the exact bytes of its statement. Closing a sealed
//! period again answers what was sealed.

use std::collections::BTreeMap;

use duly_domain::{
    AccountId, ClientId, ClientPolicy, Currency, Date, Money, Pii, RemitMethod, RemittanceId,
};
use duly_ledger::{
    Deficiency, Statement,
    posting::{self, Closing, Standing},
    settle,
    statement::{self, Header, HeldLine, HeldOutcome, Line, Sealed, Subject},
};
use duly_platform::Tx;
use duly_proto::{common::v1::EventMeta, convert, payments::v1 as wire};
use uuid::Uuid;

use crate::{
    error::{PaymentsError, Result},
    model::{File, Opening, principal},
    settle_trust::{make_good, post, sweep},
    store::{
        account,
        remittance::{self, HeldFunds, NewRemittance, Remittance, SealedItem},
        trust::{self, Trust},
    },
    wire as to_wire,
};

/// A period to close.
pub(crate) struct ClosePeriod {
    client: ClientId,
    period_to: Date,
}

impl TryFrom<wire::ClosePeriodRequest> for ClosePeriod {
    type Error = PaymentsError;

    fn try_from(request: wire::ClosePeriodRequest) -> Result<Self> {
        Ok(Self {
            client: convert::id("client_id", &request.client_id)?,
            period_to: convert::date("period_to", request.period_to.as_ref())?,
        })
    }
}

/// Closes it, or answers what was sealed before.
pub(crate) async fn close_period(
    tx: &mut Tx,
    command: &ClosePeriod,
) -> Result<wire::ClosePeriodResponse> {
    let ClosePeriod { client, period_to } = *command;
    let policies = account::policies(tx.conn(), &[client.uuid()]).await?;
    let Some(policy) =
        policies.get(&client).and_then(|versions| ClientPolicy::in_force(versions, period_to))
    else {
        return Err(PaymentsError::unknown("client", client));
    };
    if period_to > tx.today() {
        let reason = "is in the future; close a period once its last day has come";
        return Err(PaymentsError::field("period_to", reason));
    }
    let method = policy.remit_method;
    match method {
        RemitMethod::Net => {}
        RemitMethod::Gross | RemitMethod::GrossLessDirectFees => {
            return Err(PaymentsError::MethodNotAvailable(method));
        }
    }
    // From here on nobody else seals, reverses or pays for this client.
    let mut balances = trust::lock(tx.conn(), client, policy.currency).await?;
    let kept = match remittance::of_period(tx.conn(), client, period_to).await? {
        Some(sealed) => sealed,
        None => seal(tx, &mut balances, policy, period_to).await?,
    };
    tx.about(RemittanceId::from_uuid(kept.remittance_id));
    Ok(wire::ClosePeriodResponse { remittance: Some(to_wire::remittance(&kept)?) })
}

async fn seal(
    tx: &mut Tx,
    balances: &mut Trust,
    policy: &ClientPolicy,
    period_to: Date,
) -> Result<Remittance> {
    let (client, currency) = (balances.client, balances.currency);
    let last = remittance::last(tx.conn(), client).await?;
    let period_from = match &last {
        Some(last) if last.period_to >= period_to => {
            return Err(PaymentsError::PeriodOverlaps(last.period_to));
        }
        Some(last) => last.period_to.succ_opt().unwrap_or(period_to),
        None => remittance::first_day(tx.conn(), client, period_to).await?,
    };
    if let Some(other) = remittance::other_currency(tx.conn(), client, currency, period_to).await? {
        return Err(PaymentsError::CurrencyMixed(other));
    }
    let id: RemittanceId = tx.id();
    let sealing = remittance::seal(tx.conn(), client, currency, period_to, id).await?;
    balances.available = balances.available.add(sealing.folded)?;
    make_good(tx, balances).await?;

    let items = remittance::sealed_items(tx.conn(), id).await?;
    let held = remittance::held_funds(tx.conn(), client, currency, period_to, id).await?;
    let files = files(tx, &items, &held).await?;
    let lines = items.into_iter().map(|item| line(&files, item)).collect::<Result<Vec<_>>>()?;
    let zero = Money::zero(currency);
    let prior = |minor: fn(&Remittance) -> i64| {
        last.as_ref().map_or(zero, |last| Money::new(minor(last), currency))
    };
    let prior_balance = prior(|last| last.carry_forward_minor);
    let totals = statement::totals(currency, &lines, zero, prior_balance)?;
    let settlement = settle(policy.remit_method, &totals)?;
    let standing = standing(balances, sealing.after)?;
    let closing = posting::close(client, &settlement, &standing)?;
    book(tx, balances, &closing, id, period_to).await?;

    let name = remittance::client_name(tx.conn(), client).await?;
    let (client_ref, client_name) = name.ok_or(PaymentsError::NotFound("client"))?;
    let header = Header {
        agency: tx.host().agency().to_owned(),
        licence: tx.host().agency_licence().map(str::to_owned),
        client: client_name,
        client_reference: client_ref.clone(),
        period_from,
        period_to,
        number: format!("{client_ref}-{period_to}"),
        method: policy.remit_method,
        offset_consent_on: policy.offset_consent_on,
        currency,
    };
    let (still_held, done): (Vec<&HeldFunds>, Vec<&HeldFunds>) =
        held.iter().partition(|funds| !funds.released && !funds.reversed);
    let ids = |funds: &[&HeldFunds]| funds.iter().map(|f| f.payment).collect::<Vec<Uuid>>();
    remittance::note_stated(tx.conn(), &ids(&still_held), &ids(&done)).await?;
    let statement = Statement::new(Sealed {
        header,
        lines,
        held: held.iter().map(|funds| held_line(&files, funds)).collect::<Result<Vec<_>>>()?,
        held_opening: prior(|last| last.held_funds_minor),
        other_charges: zero,
        prior_balance,
        closing: closing.clone(),
        deficiency: balances.deficiency,
    })?;
    keep(tx, id, balances, &statement, &closing).await?;
    // What this closing left to make good, and what may be swept now.
    make_good(tx, balances).await?;
    sweep(tx, balances).await?;
    trust::write(tx.conn(), balances).await?;
    let kept = remittance::of_period(tx.conn(), client, period_to).await?;
    let kept = kept.ok_or(PaymentsError::Corrupt { table: "remittance", id: id.uuid() })?;
    tell_issued(tx, &kept, currency);
    tracing::info!(
        client.id = %client,
        remitted_minor = kept.remitted_minor,
        held_minor = kept.held_minor,
        "statement {} sealed with {} lines",
        kept.statement_no,
        kept.lines
    );
    Ok(kept)
}

/// The client's position as if nothing had been released or returned after the period: what came later
/// is in its balance, but not in the sealed lines.
fn standing(balances: &Trust, after: Money) -> Result<Standing> {
    let zero = Money::zero(balances.currency);
    let net = balances.free()?.sub(balances.deficiency.total()?)?.sub(after)?;
    let deficiency = if after.is_zero() {
        balances.deficiency
    } else {
        Deficiency { agency: zero, client: net.neg()?.max(zero)? }
    };
    Ok(Standing {
        available: net.max(zero)?,
        deficiency,
        operating_carry: balances.operating_carry,
    })
}

/// Posts the closing. It takes no more than the client has released now, whatever it had at the period's
/// end.
async fn book(
    tx: &mut Tx,
    balances: &mut Trust,
    closing: &Closing,
    remittance: RemittanceId,
    period_to: Date,
) -> Result<()> {
    let free = balances.free()?;
    if let Some(set) = &closing.entries {
        let mut after = balances.clone();
        after.post(set)?;
        let claimed = after.claimed.add(closing.held)?;
        if after.available.sub(claimed)?.is_negative() && !free.is_negative() {
            return Err(PaymentsError::TrustShort(period_to));
        }
        post(tx, balances, set.clone(), Some(remittance)).await?;
    }
    balances.claimed = balances.claimed.add(closing.held)?;
    balances.operating_carry = closing.operating_carry;
    Ok(())
}

/// The accounts that items and held funds are of.
async fn files(
    tx: &mut Tx,
    items: &[SealedItem],
    held: &[HeldFunds],
) -> Result<BTreeMap<AccountId, File>> {
    let of_items = items.iter().map(|item| item.account);
    let mut accounts: Vec<Uuid> = of_items.chain(held.iter().map(|funds| funds.account)).collect();
    accounts.sort_unstable();
    accounts.dedup();
    account::load(tx.conn(), &accounts).await
}

fn file(files: &BTreeMap<AccountId, File>, account: Uuid) -> Result<&File> {
    files
        .get(&AccountId::from_uuid(account))
        .ok_or(PaymentsError::Corrupt { table: "account", id: account })
}

fn subject(opening: &Opening) -> Subject {
    Subject {
        client_account: opening.client_account_ref.clone(),
        agency_account: opening.number(),
        debtor: Pii::new(opening.debtor_name.clone()),
    }
}

fn line(files: &BTreeMap<AccountId, File>, item: SealedItem) -> Result<Line> {
    let file = file(files, item.account)?;
    let opening = file.openings.iter().find(|opening| opening.opening == item.opening);
    let opening = opening.unwrap_or_else(|| file.latest());
    let reversal = item.kind == statement::LineKind::Reversal;
    Ok(Line {
        kind: item.kind,
        subject: subject(opening),
        paid_on: item.paid_on,
        posted_on: item.posted_on,
        received_by: item.received_by,
        buckets: principal(item.gross),
        gross: item.gross,
        withheld: Money::zero(item.gross.currency()),
        overpayment: item.overpayment,
        portions: item.portions,
        schedule_version: item.schedule_version,
        commission: item.commission,
        balance_left: item.balance_left,
        status: file.status(opening),
        reversal_of: reversal.then(|| item.reference.clone()),
        reference: item.reference,
    })
}

fn held_line(files: &BTreeMap<AccountId, File>, funds: &HeldFunds) -> Result<HeldLine> {
    let file = file(files, funds.account)?;
    let outcome = match (funds.released, funds.reversed) {
        (true, _) => HeldOutcome::Released,
        (false, true) => HeldOutcome::Reversed,
        (false, false) => HeldOutcome::Held,
    };
    Ok(HeldLine {
        outcome,
        subject: subject(file.opening_on(funds.paid_on)),
        paid_on: funds.paid_on,
        posted_on: funds.posted_on,
        received_by: funds.received_by,
        reference: funds.reference.clone(),
        money: funds.money,
        held_before: funds.held_before,
        release_on: funds.release_on.filter(|_| outcome == HeldOutcome::Held),
    })
}

async fn keep(
    tx: &mut Tx,
    id: RemittanceId,
    balances: &Trust,
    statement: &Statement,
    closing: &Closing,
) -> Result<()> {
    let (header, totals, settled) =
        (statement.header(), statement.totals(), statement.settlement());
    let new = NewRemittance {
        remittance: Remittance {
            remittance_id: id.uuid(),
            client_id: balances.client.uuid(),
            currency: header.currency.code().to_owned(),
            period_from: header.period_from,
            period_to: header.period_to,
            statement_no: header.number.clone(),
            method: header.method.as_str().to_owned(),
            collected_minor: totals.a.minor(),
            direct_minor: totals.d.minor(),
            commission_minor: settled.f.minor(),
            prior_carry_forward_minor: totals.p.minor(),
            remitted_minor: settled.remit.minor(),
            held_minor: closing.held.minor(),
            carry_forward_minor: settled.carry_forward.minor(),
            to_operating_minor: settled.to_operating.minor(),
            held_funds_minor: statement.held_funds().closing.minor(),
            lines: i64::try_from(statement.lines().len()).unwrap_or(i64::MAX),
            // The database hashes the bytes that it keeps.
            csv_sha256: String::new(),
            json_sha256: String::new(),
        },
        client_ref: &header.client_reference,
        set_aside: closing.set_aside,
        csv: statement.to_csv(),
        json: statement.to_json(),
        sealed_at: tx.now(),
    };
    Ok(remittance::insert(tx.conn(), &new).await?)
}

fn tell_issued(tx: &mut Tx, kept: &Remittance, currency: Currency) {
    let money = |minor| Some(convert::money_to_wire(Money::new(minor, currency)));
    let client = ClientId::from_uuid(kept.client_id).to_string();
    let fact = wire::RemittanceIssued {
        remittance_id: RemittanceId::from_uuid(kept.remittance_id).to_string(),
        client_id: client.clone(),
        statement_no: kept.statement_no.clone(),
        period_from: Some(convert::date_to_wire(kept.period_from)),
        period_to: Some(convert::date_to_wire(kept.period_to)),
        collected: money(kept.collected_minor),
        direct: money(kept.direct_minor),
        commission: money(kept.commission_minor),
        remitted: money(kept.remitted_minor),
        carry_forward: money(kept.carry_forward_minor),
    };
    let meta = EventMeta { client_id: client, ..EventMeta::default() };
    tx.tell::<wire::Event>(meta, wire::event::Fact::RemittanceIssued(fact));
}
