//! What is asked about: an attempt to make, or an act. Read word by word: `call_home_landline`,
//! `mail_reg_x_early_intervention_notice`.

use duly_compliance::{DialMode, Medium, Proposed, Purpose, Recipient};
use duly_domain::AccountId;

use crate::event;
use crate::words::{Bad, Obj, listed, plain};
use crate::world::{HOME, HOME_PHONE, MOBILE, WORK, WORK_PHONE, World, party};

mod act;

pub use act::ActWord;
use act::{ACTS, act};

/// What is asked about.
#[derive(Debug, Clone)]
pub enum Asked {
    /// An attempt, so many times in a row.
    Contact(Box<Proposed>, u32),
    /// Something else that the law bounds.
    Act(ActWord),
}

/// Words of an action: what each adds.
const WORDS: &[(&str, Says)] = &[
    ("call", Says::By(Medium::Call)),
    ("telephone", Says::By(Medium::Call)),
    ("phone", Says::Phone),
    ("dial", Says::By(Medium::Call)),
    ("voicemail", Says::By(Medium::Call)),
    ("email", Says::By(Medium::Email)),
    ("sms", Says::By(Medium::Text)),
    ("text", Says::By(Medium::Text)),
    ("mail", Says::By(Medium::Mail)),
    ("letter", Says::By(Medium::Mail)),
    ("postcard", Says::By(Medium::Mail)),
    ("portal", Says::By(Medium::Portal)),
    ("push", Says::By(Medium::Portal)),
    ("display", Says::By(Medium::Portal)),
    ("app", Says::By(Medium::Portal)),
    ("website", Says::By(Medium::Portal)),
    ("visit", Says::By(Medium::Visit)),
    ("social", Says::By(Medium::Social)),
    ("public", Says::Public),
    ("post", Says::Post),
    ("private", Says::Nothing),
    ("session", Says::Response),
    ("reply", Says::Response),
    ("respond", Says::Respond),
    ("response", Says::Response),
    ("auto", Says::Nothing),
    ("automatic", Says::Nothing),
    ("home", Says::Home),
    ("landline", Says::Landline),
    ("mobile", Says::At(MOBILE)),
    ("cell", Says::At(MOBILE)),
    ("work", Says::Work),
    ("workplace", Says::Work),
    ("employment", Says::Work),
    ("location", Says::For(Purpose::Location)),
    ("validation", Says::For(Purpose::ValidationNotice)),
    ("verification", Says::For(Purpose::Verification)),
    ("duplicative", Says::For(Purpose::Verification)),
    ("termination", Says::For(Purpose::CeaseNotice)),
    ("terminating", Says::For(Purpose::CeaseNotice)),
    ("terminate", Says::For(Purpose::CeaseNotice)),
    ("remedy", Says::For(Purpose::CeaseNotice)),
    ("remedies", Says::For(Purpose::CeaseNotice)),
    ("invoking", Says::For(Purpose::CeaseNotice)),
    ("texting", Says::By(Medium::Text)),
    ("collect", Says::Any),
    ("contact", Says::Any),
    ("discuss", Says::Any),
    ("confirming", Says::Nothing),
    ("confirm", Says::Nothing),
    ("grace", Says::For(Purpose::AvoidHarm)),
    ("communicate", Says::Any),
    ("notify", Says::Nothing),
    ("inform", Says::Nothing),
    ("confirmation", Says::For(Purpose::OptOutConfirmation)),
    ("original", Says::For(Purpose::OriginalCreditor)),
    ("reg", Says::For(Purpose::RequiredByLaw)),
    ("early", Says::For(Purpose::RequiredByLaw)),
    ("intervention", Says::For(Purpose::RequiredByLaw)),
    ("periodic", Says::For(Purpose::RequiredByLaw)),
    ("loss", Says::For(Purpose::RequiredByLaw)),
    ("law", Says::For(Purpose::RequiredByLaw)),
    ("legally", Says::For(Purpose::RequiredByLaw)),
    ("insurance", Says::For(Purpose::RequiredByLaw)),
    ("adjustable", Says::For(Purpose::RequiredByLaw)),
    ("arm", Says::For(Purpose::RequiredByLaw)),
    ("litigation", Says::For(Purpose::ActiveLitigation)),
    ("court", Says::For(Purpose::ActiveLitigation)),
    ("dropped", Says::For(Purpose::FinishConversation)),
    ("finish", Says::For(Purpose::FinishConversation)),
    ("complete", Says::For(Purpose::FinishConversation)),
    ("continue", Says::For(Purpose::FinishConversation)),
    ("requested", Says::For(Purpose::AsRequested)),
    ("fee", Says::For(Purpose::AvoidHarm)),
    ("penalty", Says::For(Purpose::AvoidHarm)),
    ("postjudgment", Says::For(Purpose::PostjudgmentRemedy)),
    ("judgment", Says::For(Purpose::PostjudgmentRemedy)),
    ("ask", Says::For(Purpose::AskConsent)),
    ("required", Says::Nothing),
    ("disclosure", Says::Nothing),
    ("disclosures", Says::Nothing),
    ("autodialed", Says::Dialed(DialMode::ListDialer)),
    ("autodialer", Says::Dialed(DialMode::ListDialer)),
    ("predictive", Says::Dialed(DialMode::ListDialer)),
    ("prerecorded", Says::Dialed(DialMode::Prerecorded)),
    ("artificial", Says::Dialed(DialMode::Prerecorded)),
    ("ringless", Says::Dialed(DialMode::Ringless)),
    ("manual", Says::Dialed(DialMode::Manual)),
    ("limited", Says::Limited),
    ("lcm", Says::Limited),
];

/// Words that say nothing beside the others.
const JOINING: &str = "on in to the a an at by for of same about number address notice message messages \
    communication x z active debt with from and again back once person place consumers s via \
    through leave send content statement mitigation options late reminder information additional \
    offer discount settlement negotiation negotiate ordered conversation rate adjustment forced \
    placement opt out creditor creditors request contact written new another other under consent \
    not initial disputed portion remaining undisputed direct regular collection demand payment \
    copy efforts invoke specified ordinarily intends call_back callback further automated live \
    text_message required_by page dispute disputes hazard force placed arm mortgage servicing \
    coverage obtain acquire early_intervention recording identity unanswered immediate \
    immediately warn warning waiver plan steps generic applicable right inquiry more second \
    next declined mention resume collecting keep using any each week within expiring period ending due stop stopped receipt receive \
    received send ask_about";

#[derive(Debug, Clone, Copy)]
enum Says {
    By(Medium),
    /// A telephone, unless a mobile is meant.
    Phone,
    Public,
    /// Of the social web where that was said, else by mail.
    Post,
    Response,
    /// To answer, by the medium of the contact that is answered.
    Respond,
    /// To reach the person, by telephone where no medium is named.
    Any,
    Home,
    Landline,
    Work,
    At(&'static str),
    For(Purpose),
    Dialed(DialMode),
    Limited,
    Nothing,
}

/// Reads an action, `call x2`, with what the question says besides: `number`, `debts`, `to`.
pub fn read(world: &mut World, question: Obj<'_>) -> Result<Option<Asked>, Bad> {
    let Some(text) = question.text("action")? else { return Ok(None) };
    let (text, times) = times(&text);
    let word = plain(&text);
    let all: Vec<&str> = word.split('_').filter(|word| !word.is_empty()).collect();
    if let Some(act) = act(&all) {
        return Ok(Some(Asked::Act(act)));
    }
    let mut say = Saying::default();
    for word in word.split('_').filter(|word| !word.is_empty()) {
        say.take(world, question, word)?;
    }
    let medium = match (say.medium, say.respond) {
        (Some(medium), _) => medium,
        (None, true) => {
            let last = world.facts.inbound.iter().max_by_key(|inbound| inbound.at);
            last.map_or(Medium::Call, |inbound| inbound.medium)
        }
        (None, false)
            if say.any || matches!(say.purpose, Some(Purpose::Location | Purpose::AskConsent)) =>
        {
            Medium::Call
        }
        (None, false) => {
            return Err(Bad::unknown(question.at("action"), text, words()));
        }
    };
    let point = point(world, question, &say, medium)?;
    let (person_point, who) = event::addressed_in(world, question, medium)?;
    let recipient = if who == Recipient::Debtor {
        say.recipient.unwrap_or(role(world, question)?)
    } else {
        who
    };
    let point = match (recipient.is_consumer(), say.recipient) {
        (true, _) => point,
        (false, Some(_)) => world.point_of_person(&say.person, medium),
        (false, None) => person_point,
    };
    let accounts: Vec<AccountId> = match world.debts_of(question, "debts")? {
        Some(debts) => debts,
        None => world.debts_of(question, "debt")?.unwrap_or_else(|| world.all_debts()),
    };
    let first = accounts.first().copied().unwrap_or_else(|| crate::world::id(1));
    let mut proposed = Proposed {
        recipient,
        limited_content: say.limited,
        ..Proposed::collect(party(), first, medium, Some(point))
    };
    proposed.accounts = accounts;
    if let Some(dialed) = say.dialed {
        proposed.dial_mode = Some(dialed);
    }
    let has = |any: &[&str]| any.iter().any(|word| all.contains(word));
    if has(&["confirm", "confirming"]) && has(&["opt", "stop", "unsubscribe"]) {
        say.purpose.get_or_insert(Purpose::OptOutConfirmation);
    }
    let asked = ["request", "requests", "asked"].iter().any(|word| all.contains(word));
    if asked && medium == Medium::Call {
        say.purpose.get_or_insert(Purpose::AsRequested);
    }
    let third = !recipient.is_consumer() && !recipient.is_professional();
    proposed.purpose = match say.purpose {
        Some(purpose) => purpose,
        None if third && asks_location(world) => Purpose::Location,
        None => Purpose::Collect,
    };
    if say.response || say.respond || answers(world, medium) {
        proposed = proposed.as_response();
        let answered = world.facts.inbound.iter().rev();
        let answered = answered.filter(|i| i.medium == medium && !i.answered).find_map(|i| i.point);
        if let (Some(answered), true) = (answered, question.get("number").is_none()) {
            proposed.point = Some(answered);
        }
    }
    Ok(Some(Asked::Contact(Box::new(proposed), times)))
}

fn asks_location(world: &World) -> bool {
    world.purpose_location
}

/// Whether a message of ours would answer one of the person's of the same day.
fn answers(world: &World, medium: Medium) -> bool {
    let day = |at: duly_domain::Instant| at.with_timezone(&world.tz).date_naive();
    medium != Medium::Call
        && medium != Medium::Portal
        && world.facts.inbound.iter().any(|inbound| {
            inbound.medium == medium && !inbound.answered && day(inbound.at) == day(world.at)
        })
}

/// Every word that may stand in an action.
pub fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word).chain(ACTS.iter().map(|(word, _)| *word))
}

/// "Call x2": twice.
fn times(text: &str) -> (String, u32) {
    if let Some((rest, last)) = text.rsplit_once([' ', '_'])
        && let Some(Ok(times)) = last.strip_prefix('x').map(str::parse::<u32>)
    {
        return (rest.trim_end().to_owned(), times.clamp(1, 1000));
    }
    (text.to_owned(), 1)
}

#[derive(Debug, Default)]
struct Saying {
    medium: Option<Medium>,
    purpose: Option<Purpose>,
    place: Option<&'static str>,
    home: bool,
    work: bool,
    landline: bool,
    response: bool,
    respond: bool,
    any: bool,
    limited: bool,
    dialed: Option<DialMode>,
    recipient: Option<Recipient>,
    person: String,
}

impl Saying {
    fn take(&mut self, world: &World, question: Obj<'_>, word: &str) -> Result<(), Bad> {
        let single = word.strip_suffix('s').unwrap_or(word);
        // "Mailing", "texted".
        let verb = word.strip_suffix("ing").or(word.strip_suffix("ed")).unwrap_or(word);
        let known = [word, single, verb]
            .into_iter()
            .find_map(|word| WORDS.iter().find(|(known, _)| *known == word));
        if let Some((_, says)) = known {
            self.say(*says);
        } else if let Some(who) =
            event::person(word).filter(|_| word != "creditor" || self.purpose.is_none())
        {
            self.recipient = Some(who);
            word.clone_into(&mut self.person);
        } else if !listed(JOINING, word)
            && !listed(JOINING, single)
            && !listed(JOINING, verb)
            && !world.points.iter().any(|point| point.name.eq_ignore_ascii_case(word))
            && !matches!(word, "third" | "party" | "same" | "day")
        {
            return Err(Bad::unknown(question.at("action"), word, words()));
        }
        if word == "third" {
            self.recipient = Some(Recipient::ThirdParty);
            "third_party".clone_into(&mut self.person);
        }
        Ok(())
    }

    fn say(&mut self, says: Says) {
        match says {
            // "Text to mobile", "email reply": the first medium stands, but a push is no e-mail.
            Says::By(medium) => {
                self.medium.get_or_insert(medium);
            }
            Says::Phone if self.place.is_none() => {
                self.medium.get_or_insert(Medium::Call);
            }
            Says::Public => self.medium = Some(Medium::SocialPublic),
            Says::Post => {
                self.medium.get_or_insert(Medium::Mail);
            }
            Says::Response => self.response = true,
            Says::Respond => self.respond = true,
            Says::Any => self.any = true,
            Says::Home => self.home = true,
            Says::Landline => self.landline = true,
            Says::Work => self.work = true,
            Says::At(place) => self.place = Some(place),
            Says::For(purpose) => {
                self.purpose.get_or_insert(purpose);
            }
            Says::Dialed(mode) => {
                self.medium.get_or_insert(Medium::Call);
                self.dialed = Some(mode);
            }
            Says::Limited => self.limited = true,
            Says::Phone | Says::Nothing => {}
        }
    }
}

fn point(
    world: &mut World,
    question: Obj<'_>,
    say: &Saying,
    medium: Medium,
) -> Result<duly_domain::PointId, Bad> {
    for key in ["number", "address", "email"] {
        if let Some(name) = question.text(key)? {
            return event::named(world, &question.at(key), &name, medium);
        }
    }
    let post = matches!(medium, Medium::Mail | Medium::Visit);
    let name = match (say.work, say.home, say.landline, say.place) {
        (true, ..) if post => Some(WORK),
        (true, ..) if medium == Medium::Call => Some(WORK_PHONE),
        (_, true, ..) if post => Some(HOME),
        (_, true, ..) | (_, _, true, _) if medium == Medium::Call => Some(HOME_PHONE),
        (.., place) => place,
    };
    Ok(match name {
        Some(name) => world.point(name, false),
        None => world.point_for(medium),
    })
}

/// Who is contacted where the case is about somebody.
fn role(world: &World, _question: Obj<'_>) -> Result<Recipient, Bad> {
    Ok(world.contact.unwrap_or_default())
}
