//! What a letter would look like today, or what is missing for it. Nothing is kept.

use duly_domain::{AccountId, Channel, PartyId};
use duly_platform::{Host, Tx};
use duly_proto::{convert, letters::v1 as wire};

use crate::{
    compose::{Composed, Wanted, compose},
    error::{LettersError, Result},
    gather_facts::Known,
    settings::Settings,
    typesetter::{Template, Typeset},
};

/// A letter to look at.
pub(crate) struct PreviewLetter {
    account: AccountId,
    party: PartyId,
    template: String,
}

impl TryFrom<wire::PreviewLetterRequest> for PreviewLetter {
    type Error = LettersError;

    fn try_from(request: wire::PreviewLetterRequest) -> Result<Self> {
        if Template::named(&request.template).is_none() {
            let names = Template::ALL.map(Template::name).join(", ");
            return Err(LettersError::field("template", format!("is none of {names}")));
        }
        Ok(Self {
            account: convert::id("account_id", &request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            template: request.template,
        })
    }
}

/// The letter's draft, by post, from what is known now.
pub(crate) async fn draft(tx: &mut Tx, query: &PreviewLetter) -> Result<Composed> {
    let (account, party) = (query.account.uuid(), query.party.uuid());
    let known = Known::read(tx, &[account], &[party]).await?;
    let standing = known.standing(account);
    let standing = standing.ok_or_else(|| LettersError::unknown("account", query.account))?;
    if standing.party(party).is_none() {
        return Err(LettersError::NotFound("liable party"));
    }
    let wanted = Wanted {
        opening: standing.opening,
        party,
        template: &query.template,
        channel: Channel::Mail,
    };
    let host = tx.host().clone();
    let house = Settings::of(&host).house(&host);
    Ok(compose(&house, &wanted, &known.of(account, party), tx.now()))
}

/// Typesets it, outside any transaction.
pub(crate) async fn show(host: &Host, composed: Composed) -> Result<wire::PreviewLetterResponse> {
    let draft = match composed {
        Composed::Draft(draft) => draft,
        Composed::Waits(missing) | Composed::Refused { missing, .. } => {
            let missing = missing.into_iter().map(str::to_owned).collect();
            return Ok(wire::PreviewLetterResponse { missing, ..Default::default() });
        }
    };
    let Typeset { pdf, pages, .. } = Settings::of(host).typeset(&draft).await?;
    let pages = i32::try_from(pages).unwrap_or(i32::MAX);
    Ok(wire::PreviewLetterResponse { pdf, pages, missing: vec![] })
}
