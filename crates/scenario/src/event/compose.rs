//! Events that the table does not list, by the words that they are made of: `cease_letter_mailed`,
//! `consumer_texts_back`. Whoever denies something is not read.

use crate::words::plain;

/// Words, one of which stands in the event.
type Any = &'static [&'static str];

const CEASE: Any = &["cease", "refusal", "refuses", "refused"];
const OPT_OUT: Any =
    &["opt", "opts", "optout", "unsubscribe", "unsubscribes", "unsubscribed", "stop"];
const CONSENT: Any = &["consent", "consents", "consented", "permission"];
const DISPUTE: Any = &["dispute", "disputes", "disputed"];
const COUNSEL: Any = &["attorney", "lawyer", "counsel"];
const CONSUMER: Any = &["consumer", "debtor", "person"];
const GOT: Any = &["received", "receives", "inbound", "incoming", "arrives", "arrived", "got"];
const SENT: Any = &[
    "sent",
    "sends",
    "resent",
    "mailed",
    "mails",
    "provided",
    "provides",
    "delivered",
    "given",
    "emailed",
    "posted",
    "made",
    "placed",
    "left",
    "attempted",
    "placed_in_mail",
];
const CALL: Any =
    &["call", "calls", "called", "phone", "phones", "phoned", "telephoned", "telephones"];
const TEXT: Any = &["text", "texts", "texted", "sms"];
const EMAIL: Any = &["email", "emails", "emailed"];
const LETTER: Any = &["letter", "mail", "wrote", "writes", "written"];
const ASKS: Any = &["requested", "requests", "request", "asked", "asks"];
const ENDS: Any = &["ended", "ends", "closed", "left", "exited", "logout"];
const BEGINS: Any =
    &["started", "starts", "opened", "opens", "began", "begins", "visited", "visits", "login"];
const SPOKEN: Any = &["oral", "orally", "telephone", "phone", "verbal", "verbally", "spoken"];
const SITE: Any = &["session", "website", "app", "portal"];
const WITHDRAWN: Any = &[
    "withdrawn",
    "withdraws",
    "withdrew",
    "revoked",
    "revokes",
    "rescinded",
    "ended",
    "expired",
    "expires",
];

/// The first row all of whose groups stand in an event is what it is.
const MADE_OF: &[(&[Any], &str)] = &[
    (&[CEASE, GOT], "cease_received"),
    (&[CEASE, &["mailed", "mails", "posted", "sent", "sends"]], "cease_mailed"),
    (&[CEASE], "cease_received"),
    (&[OPT_OUT, &["confirmation", "confirmed", "confirms"]], "opt_out_confirmed"),
    (&[&["creditor"], OPT_OUT, GOT], "creditor_notice_opt_out"),
    (&[&["creditor"], OPT_OUT], "creditor_notice_sent"),
    (&[OPT_OUT], "opt_out_received"),
    (&[COUNSEL, CONSENT], "attorney_consented"),
    (&[CONSENT, WITHDRAWN], "consent_withdrawn"),
    (&[&["court"], CONSENT], "court_permission_received"),
    (&[CONSENT], "consent_received"),
    (&[&["duplicative"], SENT], "duplicative_notice_sent"),
    (&[&["original"], &["creditor"], ASKS], "original_creditor_asked"),
    (&[&["original"], &["creditor"], SENT], "original_creditor_sent"),
    (&[&["spanish"], ASKS], "spanish_asked"),
    (&[&["spanish"], SENT], "spanish_notice_sent"),
    (&[&["verification", "verified"], SENT], "verification_sent"),
    (&[DISPUTE, SPOKEN], "oral_dispute_received"),
    (&[DISPUTE], "dispute_received"),
    (&[&["validation"], SPOKEN], "validation_spoken"),
    (&[&["validation"], EMAIL], "validation_notice_emailed"),
    (&[&["validation"], &["electronic", "electronically"]], "validation_notice_emailed"),
    (&[&["validation"], SENT], "validation_notice_mailed"),
    (&[&["undeliverable", "bounce", "bounced", "bounces"]], "undeliverable"),
    (&[&["returned"], &["mail", "letter", "notice", "email"]], "undeliverable"),
    (&[&["wrong"], &["number", "address"]], "number_found_wrong"),
    (
        &[&["reassigned"], &["not", "check", "checked", "query", "queried", "database"]],
        "not_reassigned",
    ),
    (
        &[&["database"], &["check", "checked", "query", "queried", "consulted", "confirmed"]],
        "not_reassigned",
    ),
    (&[COUNSEL, &["answered", "responded", "replied", "answers", "responds"]], "attorney_answered"),
    (&[COUNSEL, &["contacted", "written", "emailed", "called"]], "attorney_written"),
    (&[&["represented", "representation"], &["ended", "ends", "longer"]], "representation_ended"),
    (&[&["represented", "representation", "attorney", "lawyer", "counsel"]], "attorney_learned"),
    (&[SITE, BEGINS], "web_session_started"),
    (&[SITE, ENDS], "web_session_ended"),
    (&[&["furnished", "furnishes"]], "furnished"),
    (
        &[
            &["creditor"],
            &["email", "emailed", "emails", "bill", "invoice", "statement", "message"],
        ],
        "creditor_email_sent",
    ),
    (&[&["prior", "previous"], &["collector"], EMAIL], "email_sent"),
    (
        &[
            CONSUMER,
            &[
                "says", "said", "states", "stated", "tells", "told", "informs", "informed",
                "notifies",
            ],
        ],
        "consumer_statement",
    ),
    (&[CONSUMER, ASKS], "consumer_statement"),
    (
        &[
            CONSUMER,
            &[
                "called",
                "calls",
                "phoned",
                "phones",
                "telephones",
                "telephoned",
                "inquiry",
                "inquires",
            ],
        ],
        "call_received",
    ),
    (&[CONSUMER, &["texted", "texts"]], "sms_received"),
    (&[CONSUMER, &["emailed", "emails"]], "email_received"),
    (&[CONSUMER, &["wrote", "writes"]], "letter_received"),
    (
        &[&["preference", "inconvenient", "inconvenience", "designation"], GOT],
        "preference_received",
    ),
    (&[&["ringless"]], "ringless_voicemail_left"),
    (&[&["voicemail"], GOT], "voicemail_received"),
    (&[&["voicemail"], SENT], "voicemail_left"),
    (&[CALL, GOT], "call_received"),
    (&[TEXT, GOT], "sms_received"),
    (&[EMAIL, GOT], "email_received"),
    (&[&["portal"], GOT], "portal_message_received"),
    (&[&["social"], GOT], "social_message_received"),
    (&[LETTER, GOT], "letter_received"),
    (&[&["deposit"], &["notice"], SENT], "deposit_notice_sent"),
    (&[&["social"], &["public", "publicly", "post", "posted"]], "social_public_post"),
    (&[&["social"], SENT], "social_message_sent"),
    (&[&["portal", "app", "push"], SENT], "portal_message_sent"),
    (&[TEXT, SENT], "sms_sent"),
    (&[EMAIL, SENT], "email_sent"),
    (&[LETTER, SENT], "letter_mailed"),
    (&[CALL, SENT], "call_placed"),
    (&[&["pleading", "lawsuit", "suit", "complaint"], &["filed", "served", "files"]], "suit_filed"),
    (&[&["payment"], &["declined", "failed", "rejected", "bounced"]], "payment_declined"),
    (&[&["bankruptcy"], &["ended", "dismissed", "closed"]], "bankruptcy_dismissed"),
    (&[&["bankruptcy"], &["filed", "learned", "notice", "files"]], "bankruptcy_filed"),
    (&[&["sold", "transferred", "sale"], &["debt", "account"]], "debt_transferred"),
    (
        &[&["placed", "assigned", "placement"], &["debt", "account"], &["with", "to", "received"]],
        "placement_received",
    ),
];

/// Words that turn what stands beside them round.
const DENIES: Any = &["not", "no", "never", "without", "cannot", "un", "missing"];

/// The word of the table that an event is made of.
pub fn composed(word: &str) -> Option<&'static str> {
    let word = plain(word).replace("e_mail", "email").replace("text_message", "sms");
    let parts: Vec<&str> = word.split('_').filter(|part| !part.is_empty()).collect();
    let has = |any: Any| any.iter().any(|one| parts.contains(one));
    let (groups, found) = MADE_OF.iter().find(|(groups, _)| groups.iter().all(|any| has(any)))?;
    let denies =
        |part: &&str| DENIES.contains(part) && !groups.iter().any(|any| any.contains(part));
    // What the consumer is sent is ours.
    let to_consumer = parts.windows(2).any(|two| two[0] == "to" && CONSUMER.contains(&two[1]));
    let theirs = found.ends_with("_received") && to_consumer;
    (!parts.iter().any(denies) && !theirs).then_some(*found)
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn every_row_names_an_event() {
        for (_, word) in MADE_OF {
            assert!(Kind::of(word).is_some(), "{word}");
        }
    }

    #[test]
    fn an_event_is_read_by_its_parts() {
        for (word, event) in [
            ("cease_letter_mailed", "cease_mailed"),
            ("written_cease_request_received", "cease_received"),
            ("consumer_emails", "email_received"),
            ("consumer_asks", "consumer_statement"),
            ("database_confirmed_not_reassigned", "not_reassigned"),
            ("consumer_unsubscribes", "opt_out_received"),
            ("text_message_left", "sms_sent"),
            ("consumer_revokes_consent", "consent_withdrawn"),
            ("notice_bounced", "undeliverable"),
        ] {
            assert_eq!(composed(word), Some(event), "{word}");
        }
    }

    #[test]
    fn what_is_denied_or_spelled_wrong_is_not_read() {
        for word in [
            "cease_not_received",
            "call_plcaed",
            "consent_never_given",
            "email",
            "letter_received_to_consumer",
        ] {
            assert_eq!(composed(word), None, "{word}");
        }
    }
}
