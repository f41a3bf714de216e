//! The vocabulary of the work: treatments, contact, letters, searches, tasks.

use std::fmt;

use super::UnknownTerm;

terms! {
    /// How a person is reached.
    Channel, "channel" {
        /// A telephone call to a person.
        Call = "call",
        /// Text.
        Text = "text",
        /// Email.
        Email = "email",
        /// A letter by post.
        Mail = "mail",
    }
}

terms! {
    /// One step of a strategy that something outside the workflow carries out.
    TreatmentKind, "treatment kind" {
        /// A bulk check for a blocking fact: bankruptcy, death, military service.
        Scrub = "scrub",
        /// A search for contact points.
        Trace = "trace",
        /// A letter, by post or e-mail.
        Letter = "letter",
        /// Call.
        Call = "call",
    }
}

terms! {
    /// What a reason rests on.
    Force, "force" {
        /// A citation.
        Law = "law",
        /// A rule of the agency or of the client: may be stricter than law, never looser.
        Policy = "policy",
        /// The source is second-hand or conflicting; treated as binding.
        Unverified = "unverified",
    }
}

terms! {
    /// What a reason does to an attempt.
    Effect, "effect" {
        /// It may not be made.
        Deny = "deny",
        /// It may not be made until a fact is known.
        Hold = "hold",
    }
}

terms! {
    /// Why contact is blocked.
    StopKind, "stop kind" {
        /// The party is represented by an attorney.
        Attorney = "attorney",
        /// A written request to cease communication.
        Cease = "cease",
        /// Bankruptcy.
        Bankruptcy = "bankruptcy",
        /// Deceased.
        Deceased = "deceased",
        /// Military.
        Military = "military",
        /// The person does not want this medium, or this address or number.
        OptOut = "opt_out",
    }
}

terms! {
    /// The coded result of an attempt.
    Disposition, "disposition" {
        /// A conversation with the right party.
        Reached = "reached",
        /// A conversation with somebody else.
        ThirdParty = "third_party",
        /// No answer.
        NoAnswer = "no_answer",
        /// Busy.
        Busy = "busy",
        /// A limited-content message was left.
        Voicemail = "voicemail",
        /// The number is not in service: not connected, and not counted (12 CFR 1006.14(b)(3)(ii)).
        NotInService = "not_in_service",
        /// The number belongs to somebody else.
        WrongNumber = "wrong_number",
        /// A letter or message left the house.
        Sent = "sent",
        /// Authorised, but not made in its time. Not counted.
        NotMade = "not_made",
        /// It may or may not have left. Counted.
        Unknown = "unknown",
    }
}

terms! {
    /// Why a debtor contests.
    DisputeReason, "dispute reason" {
        /// Pricing.
        Pricing = "pricing",
        /// Quantity.
        Quantity = "quantity",
        /// Quality.
        Quality = "quality",
        /// Not delivered.
        NotDelivered = "not_delivered",
        /// Returned.
        Returned = "returned",
        /// Paid.
        Paid = "paid",
        /// Duplicate.
        Duplicate = "duplicate",
        /// Wrong party.
        WrongParty = "wrong_party",
        /// Terms.
        Terms = "terms",
        /// Fraud.
        Fraud = "fraud",
        /// Other.
        Other = "other",
    }
}

terms! {
    /// How a dispute ended.
    DisputeOutcome, "dispute outcome" {
        /// The debtor is right: the client credits it.
        Valid = "valid",
        /// The debt was verified.
        Invalid = "invalid",
        /// Part is credited.
        Split = "split",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

terms! {
    /// What the guard says of one proposed attempt.
    Verdict, "verdict" {
        /// Allow.
        Allow = "allow",
        /// Not now.
        Defer = "defer",
        /// Not at all within the treatment's time.
        Refuse = "refuse",
    }
}

terms! {
    /// Where an attempt stands.
    AttemptState, "attempt state" {
        /// A slot.
        Planned = "planned",
        /// Permitted, until `valid_until`.
        Authorized = "authorized",
        /// Concluded.
        Concluded = "concluded",
        /// Never authorised: refused, or its reason ended.
        Withdrawn = "withdrawn",
    }
}

terms! {
    /// What is known about a hand-over.
    Certainty, "certainty" {
        /// The carrier took it.
        Known = "known",
        /// The hand-over was cut off: it may have left. Never sent again by itself.
        Unknown = "unknown",
    }
}

terms! {
    /// Where a letter stands.
    LetterState, "letter state" {
        /// Waits for its batch to close and for its authorisation.
        Prepared = "prepared",
        /// Authorized.
        Authorized = "authorized",
        /// In a sealed batch, on its way to the carrier.
        Sending = "sending",
        /// Mailed.
        Mailed = "mailed",
        /// Expired.
        Expired = "expired",
        /// May have left.
        Unknown = "unknown",
        /// Returned.
        Returned = "returned",
    }
}

terms! {
    /// What the post says on a returned piece.
    ReturnReason, "return reason" {
        /// Moved.
        Moved = "moved",
        /// Undeliverable.
        Undeliverable = "undeliverable",
        /// Refused.
        Refused = "refused",
        /// Deceased.
        Deceased = "deceased",
        /// An e-mail bounced for good.
        Bounced = "bounced",
    }
}

terms! {
    /// Where a promise stands.
    PromiseState, "promise state" {
        /// Open.
        Open = "open",
        /// Kept.
        Kept = "kept",
        /// Some of it came in time.
        Partial = "partial",
        /// Broken.
        Broken = "broken",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

terms! {
    /// A fact about a party that blocks or changes how it is reached.
    HitKind, "hit kind" {
        /// Bankruptcy.
        Bankruptcy = "bankruptcy",
        /// Deceased.
        Deceased = "deceased",
        /// Military.
        Military = "military",
    }
}

terms! {
    /// What a provider is asked.
    SearchKind, "search kind" {
        /// Scrub.
        Scrub = "scrub",
        /// Trace.
        Trace = "trace",
    }
}

terms! {
    /// Where a search stands.
    SearchState, "search state" {
        /// Not yet with the provider.
        Queued = "queued",
        /// Handed to the provider.
        Asked = "asked",
        /// Answered.
        Answered = "answered",
        /// Refused.
        Refused = "refused",
    }
}

terms! {
    /// What a person is asked to do.
    TaskKind, "task kind" {
        /// The strategy says so.
        Strategy = "strategy",
        /// A treatment was answered by nobody in its time.
        UnansweredTreatment = "unanswered_treatment",
        /// A letter could not be prepared: what is missing must be found.
        LetterRefused = "letter_refused",
        /// The guard refused a treatment for good.
        TreatmentRefused = "treatment_refused",
        /// What may have left the house is not known.
        UnknownOutcome = "unknown_outcome",
        /// A dispute waits for its answer.
        Dispute = "dispute",
        /// The account has no strategy that fits it.
        NoStrategy = "no_strategy",
        /// A search was refused or found nothing.
        Trace = "trace",
        /// Mail came back.
        ReturnedMail = "returned_mail",
        /// A duty of law or policy is to be met.
        Obligation = "obligation",
    }
}

terms! {
    /// Where one liable party's walk through the strategy stands.
    TrackState, "track state" {
        /// Waits for a time.
        Waiting = "waiting",
        /// Waits for the answer to a treatment.
        Treating = "treating",
        /// Paused by a promise, a dispute or a hold.
        Paused = "paused",
        /// Nothing more can be done with this party.
        Exhausted = "exhausted",
        /// The account ended.
        Ended = "ended",
    }
}

terms! {
    /// What a client says of a dispute.
    ClientAnswer, "client answer" {
        /// The debtor is right: all that is disputed is credited.
        Credit = "credit",
        /// The debtor owes it.
        Stands = "stands",
        /// Part is credited.
        Part = "part",
    }
}
