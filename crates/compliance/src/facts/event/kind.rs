//! The kinds of dated facts, by what they bear on. A code is stable; a kind is never renamed.

use serde::{Deserialize, Serialize};

/// Declares the kinds with their codes.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// What took place. The code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($(#[$doc])* #[serde(rename = $code)] $variant,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

event_kinds! {
    // Validation, disputes, delivery (1006.34, .38, .42).

    /// The validation notice was sent; states its printed end date.
    ValidationSent = "validation_sent",
    /// The validation information was given by word of mouth in the initial communication.
    ValidationSpoken = "validation_spoken",
    /// A required disclosure came back undeliverable, or its address is learned to be wrong.
    Undeliverable = "undeliverable",
    /// The debt was paid in full.
    Paid = "paid",
    /// A dispute was received in writing.
    DisputedInWriting = "disputed_in_writing",
    /// A dispute was received by word of mouth.
    DisputedOrally = "disputed_orally",
    /// Verification, or a copy of the judgment, was sent.
    VerificationSent = "verification_sent",
    /// The notice that a dispute is duplicative was sent, with its reasons.
    DuplicativeNoticeSent = "duplicative_notice_sent",
    /// The name and address of the original creditor were asked for in writing.
    OriginalCreditorAsked = "original_creditor_asked",
    /// They were sent, or the notice that it is the same.
    OriginalCreditorSent = "original_creditor_sent",
    /// Collection of the debt was ended for good.
    CollectionEnded = "collection_ended",

    // What was sent, and what became of the debt (1006.30).

    /// A letter was put in the mail, or an electronic message was sent, about the debt.
    Written = "written",
    /// The debt was settled.
    Settled = "settled",
    /// Notice came that the debt stems from identity theft (15 USC 1681m(f)).
    IdentityTheft = "identity_theft",

    // Somebody else asked where the person may be reached (1006.10(c)); each names its point.

    /// That person was communicated with to acquire location information.
    LocationAsked = "location_asked",
    /// That person asked to be contacted again.
    LocationInvited = "location_invited",
    /// The answer is reasonably believed to have been wrong or incomplete, and that person to know better
    /// now.
    LocationDoubted = "location_doubted",

    // Addresses (1006.6(d)(3) to (5)); each names its point.

    /// The consumer used the address or number in this medium to communicate with us about the debt.
    ConsumerUsedAddress = "consumer_used_address",
    /// The creditor got the e-mail address from the consumer.
    CreditorGotAddress = "creditor_got_address",
    /// The creditor used it to communicate about the account.
    CreditorUsedAddress = "creditor_used_address",
    /// The consumer asked the creditor to stop using it.
    CreditorAskedToStop = "creditor_asked_to_stop",
    /// The creditor sent the notice of 1006.6(d)(4)(ii)(C); states the day by which an opt-out must come.
    CreditorNoticeSent = "creditor_notice_sent",
    /// An opt-out in answer to that notice was received, by the creditor or by us.
    CreditorNoticeOptOut = "creditor_notice_opt_out",
    /// A prior collector got the address under (d)(4)(i) or (ii).
    PriorCollectorGotAddress = "prior_collector_got_address",
    /// The immediately prior collector used it to communicate about the debt.
    PriorCollectorUsedAddress = "prior_collector_used_address",
    /// The consumer opted out of it towards that collector.
    PriorCollectorOptOut = "prior_collector_opt_out",
    /// Any person told that a message to it was seen by a third party.
    DisclosureReported = "disclosure_reported",
    /// A complete and accurate database said that the number was not reassigned since the last text or
    /// consent.
    NotReassigned = "not_reassigned",
    /// It said that the number was reassigned, or could not tell.
    Reassigned = "reassigned",
    /// The number or address was learned to be somebody else's.
    LearnedWrong = "learned_wrong",

    // Law and service.

    /// A bankruptcy case was closed or dismissed, or a discharge denied.
    BankruptcyEnded = "bankruptcy_ended",
    /// The debt was discharged in bankruptcy.
    Discharged = "discharged",
    /// A letter to the attorney was sent; without an answer in a reasonable time the attorney is
    /// unresponsive.
    AttorneyWritten = "attorney_written",
    /// The attorney answered.
    AttorneyAnswered = "attorney_answered",
    /// The attorney consented to direct contact.
    AttorneyConsented = "attorney_consented",
    /// A court expressly permitted contact.
    CourtPermitted = "court_permitted",

    // Validation, disputes, delivery: what opens and discharges their duties.

    /// A validation notice was printed and waits for its mailing; states its printed end date.
    NoticePrinted = "notice_printed",
    /// A printed notice was withdrawn before it left.
    NoticeWithdrawn = "notice_withdrawn",
    /// The validation notice was sent to a person, by name, who acts for the estate.
    EstateNoticeSent = "estate_notice_sent",
    /// The Spanish notice that the form offers was asked for.
    SpanishAsked = "spanish_asked",
    /// It was sent.
    SpanishSent = "spanish_sent",
    /// A disclosure that did not arrive was delivered in another lawful way.
    DeliveredOtherWay = "delivered_other_way",
    /// A communication was made without what 12 CFR 1006.18(e) asks it to say.
    DisclosureMissing = "disclosure_missing",
    /// An electronic message was sent without a way to opt out.
    OptOutLineMissing = "opt_out_line_missing",
    /// A letter was sent without a text that the state or city asks for.
    StateTextMissing = "state_text_missing",

    // Stops and wishes as they are received or learned; that they are stored is told by the facts'
    // stops, designations and points.

    /// A written refusal to pay, or request to cease, was received.
    CeaseReceived = "cease_received",
    /// Somebody asked that a medium, number or address not be used; names what it asked for.
    OptOutReceived = "opt_out_received",
    /// An inconvenient time or place, or the employer's ban, became known.
    InconvenienceLearned = "inconvenience_learned",
    /// An oral request not to be called at work was confirmed in writing, postmarked or delivered then.
    WorkBanConfirmed = "work_ban_confirmed",
    /// That an attorney represents the person became known.
    AttorneyLearned = "attorney_learned",
    /// That the person has died became known.
    DeathLearned = "death_learned",
    /// The number or address was barred, and the counts were corrected where it is somebody else's.
    PointBarred = "point_barred",
    /// Consent to automated calls or texts was revoked, by any reasonable means.
    AutomatedRevoked = "automated_revoked",
    /// The confirmation of an opt-out was sent.
    OptOutConfirmed = "opt_out_confirmed",

    // Payments and instruments.

    /// A postdated instrument was accepted; states the day of its deposit.
    PostdatedAccepted = "postdated_accepted",
    /// The written notice of intent to deposit it was sent; states that day.
    DepositNoticeSent = "deposit_notice_sent",
    /// It was deposited; states that day.
    InstrumentDeposited = "instrument_deposited",
    /// One payment for several debts was posted.
    SharedPaymentPosted = "shared_payment_posted",
    /// How it was divided, and by whose direction, was stored.
    AllocationStored = "allocation_stored",
    /// A payment was offered, in this medium.
    PaymentOffered = "payment_offered",
    /// A notice that the limitation period may have run was given, in this medium.
    LimitationNoticeSent = "limitation_notice_sent",
    /// A payment was accepted.
    PaymentAccepted = "payment_accepted",
    /// A preauthorised debit will differ from the last, or from its range; states its day.
    DebitVaries = "debit_varies",
    /// The written notice of that was sent; states its day.
    VaryingDebitNoticeSent = "varying_debit_notice_sent",
    /// A preauthorised debit was ordered to be stopped; states its day.
    DebitStopOrdered = "debit_stop_ordered",
    /// It was stopped; states its day.
    DebitStopped = "debit_stopped",
    /// A debit entry was sent to the bank.
    DebitEntered = "debit_entered",
    /// A notification of change came from the bank.
    ChangeNotified = "change_notified",
    /// It was applied.
    ChangeApplied = "change_applied",
    /// Money of a client was received.
    MoneyReceived = "money_received",
    /// It was posted to the books.
    MoneyPosted = "money_posted",
    /// It was credited to the trust account.
    TrustDeposited = "trust_deposited",
    /// A remittance or refund was issued that nobody cashed; states the day of issue.
    ChequeUncashed = "cheque_uncashed",
    /// Unclaimed money was reported to the state.
    UnclaimedReported = "unclaimed_reported",

    // Furnishing, transfer, suit, records.

    /// Furnishing the debt to a reporting agency was planned.
    FurnishingPlanned = "furnishing_planned",
    /// It was furnished.
    Furnished = "furnished",
    /// It was furnished as disputed.
    DisputeCoded = "dispute_coded",
    /// The bureau was told of the dispute, and it was recorded when.
    BureauNotified = "bureau_notified",
    /// The consumer disputed furnished data directly.
    DirectDisputeReceived = "direct_dispute_received",
    /// The consumer gave more information about it.
    MoreInformationGiven = "more_information_given",
    /// The result was reported to the consumer.
    DirectDisputeAnswered = "direct_dispute_answered",
    /// The date of first delinquency was furnished.
    FirstDelinquencyFurnished = "first_delinquency_furnished",
    /// A sale or placement of the debt was planned.
    TransferPlanned = "transfer_planned",
    /// It was checked for payment, settlement, discharge and identity theft.
    TransferChecked = "transfer_checked",
    /// The debt was sold or placed.
    Transferred = "transferred",
    /// A suit, or the threat of one, was planned.
    SuitPlanned = "suit_planned",
    /// Its limitation period and venue were checked, and the decision stored.
    SuitChecked = "suit_checked",
    /// A suit was brought or threatened.
    SuitBrought = "suit_brought",
    /// A default judgment was planned.
    DefaultPlanned = "default_planned",
    /// The affidavit on military service was made.
    MilitaryAffidavit = "military_affidavit",
    /// A default judgment was asked of the court.
    DefaultAsked = "default_asked",
    /// The records of an account were destroyed.
    RecordsDestroyed = "records_destroyed",
    /// A call was recorded.
    CallRecorded = "call_recorded",
    /// Its recording was destroyed.
    RecordingDestroyed = "recording_destroyed",

    // Bankruptcy, military service, electronic consent.

    /// A bankruptcy was reported, by anyone.
    BankruptcyLearned = "bankruptcy_learned",
    /// Somebody liable with this individual on a consumer debt filed under chapter 13.
    CoDebtorFiled13 = "co_debtor_filed_13",
    /// Unsent letters were pulled.
    LettersPulled = "letters_pulled",
    /// The bankruptcy was verified; states the day of the petition.
    BankruptcyVerified = "bankruptcy_verified",
    /// The client was told of it: case, court, chapter, dates.
    ClientToldOfBankruptcy = "client_told_of_bankruptcy",
    /// The court set the day by which claims are filed; states it.
    ClaimBarDateSet = "claim_bar_date_set",
    /// A proof of claim was filed.
    ProofOfClaimFiled = "proof_of_claim_filed",
    /// The client declined to file one.
    ClaimDeclined = "claim_declined",
    /// Written notice and military orders were received; states the first day of service.
    OrdersReceived = "orders_received",
    /// A search found military service; states its first day.
    MilitaryServiceFound = "military_service_found",
    /// The client recomputed the balance at six per cent.
    BalanceRecomputed = "balance_recomputed",
    /// What the consumer needs to read electronic disclosures changed.
    AccessNeedsChanged = "access_needs_changed",

    // States and cities.

    /// The notice of 23 NYCRR 1.2(a) was sent.
    NyNoticeSent = "ny_notice_sent",
    /// The itemised accounting of 23 NYCRR 1.2(b) was sent.
    NyAccountingSent = "ny_accounting_sent",
    /// How to ask for substantiation was told. 23 NYCRR 1.4.
    NySubstantiationTold = "ny_substantiation_told",
    /// Substantiation was asked for.
    SubstantiationAsked = "substantiation_asked",
    /// It was sent.
    SubstantiationSent = "substantiation_sent",
    /// The notice of unverified debt was sent, and the debt returned. 6 RCNY 5-77(f).
    UnverifiedNoticeSent = "unverified_notice_sent",
    /// The first oral contact was mainly in another language. Cal. Civ. Code 1812.700(c).
    OtherLanguageSpoken = "other_language_spoken",
    /// The California notice was sent in that language.
    CaTranslationSent = "ca_translation_sent",
    /// Documents were asked of a buyer of debts.
    DocumentsAsked = "documents_asked",
    /// They were sent.
    DocumentsSent = "documents_sent",
    /// The Wisconsin text was sent. DFI-Bkg 74.13.
    WiNoticeSent = "wi_notice_sent",
    /// To reach the person electronically was planned, where a law asks for something first.
    ElectronicContactPlanned = "electronic_contact_planned",
    /// The notice of D.C. Code 28-3814(m)(2)(A) was mailed.
    DcNoticeMailed = "dc_notice_mailed",
    /// The notice of NRS 649.366 was mailed.
    MedicalNoticeMailed = "medical_notice_mailed",
    /// An action to collect other than a contact was taken: a suit, a report, a charge.
    CollectionActed = "collection_acted",

    // The agency itself; they concern no person.

    /// The commissioner of Minnesota told of a new credit-counselling sheet.
    MnSheetUpdated = "mn_sheet_updated",
    /// It is in use.
    MnSheetInUse = "mn_sheet_in_use",
    /// The trust ledger was posted.
    TrustLedgerPosted = "trust_ledger_posted",
    /// The trust account was reconciled; states the last day of the month.
    TrustReconciled = "trust_reconciled",
    /// Every client was accounted to and paid for a month; states its last day.
    Remitted = "remitted",
    /// The yearly report of NRS 649.345 was filed.
    NvReportFiled = "nv_report_filed",
    /// The fictitious names were filed in Arizona. R20-4-1520.
    AzNamesFiled = "az_names_filed",
    /// Something that Colorado keeps on file about the agency changed. C.R.S. 5-16-122.
    AgencyChanged = "agency_changed",
    /// It was reported.
    CoChangeReported = "co_change_reported",
    /// The bank of the trust account changed. 205 ILCS 740/8c.
    DepositoryChanged = "depository_changed",
    /// It was reported.
    IlDepositoryReported = "il_depository_reported",
    /// The decision on revoke-all (47 CFR 64.1200(a)(10)) was signed.
    RevokeAllDecided = "revoke_all_decided",

    // Complaints, questions, post.

    /// A complaint was received.
    ComplaintReceived = "complaint_received",
    /// Its receipt was acknowledged.
    ComplaintAcknowledged = "complaint_acknowledged",
    /// It was answered.
    ComplaintAnswered = "complaint_answered",
    /// A regulator wrote; states the day by which it wants its answer.
    RegulatorWrote = "regulator_wrote",
    /// The regulator was answered.
    RegulatorAnswered = "regulator_answered",
    /// The client was asked about a dispute.
    ClientAsked = "client_asked",
    /// The client answered.
    ClientAnswered = "client_answered",
    /// The client asked for the account back.
    RecallReceived = "recall_received",
    /// The recall was answered.
    RecallAnswered = "recall_answered",
    /// Post came in.
    PostReceived = "post_received",
    /// It was read.
    PostRead = "post_read",
}
