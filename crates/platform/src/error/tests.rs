use tonic::Status;
use tonic_types::StatusExt as _;

use super::*;

#[derive(Debug, thiserror::Error)]
enum Sample {
    #[error("no such thing")]
    Missing,
    #[error("the thing is younger than what we have heard")]
    Young,
    #[error("two fields are wrong")]
    Wrong,
    #[error("thing 078-05-1120 does not fit")]
    Broken(#[source] sqlx::Error),
}

impl Failure for Sample {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::NotFound,
            Self::Young => Kind::NotYet,
            Self::Wrong => Kind::InvalidInput,
            Self::Broken(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        "sample_reason"
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Wrong => vec![
                Violation::new("items[1].amount", "not a number"),
                Violation::new("currency", "unknown"),
            ],
            _ => Vec::new(),
        }
    }
}

fn lost_connection() -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
}

#[test]
fn a_status_carries_code_words_and_reason() {
    let status = status(&Sample::Missing);
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.message(), "no such thing");
    assert_eq!(reason_of(&status).as_deref(), Some("sample_reason"));
    assert!(violations_of(&status).is_empty());
    assert!(status.get_details_retry_info().is_none());
}

#[test]
fn fields_at_fault_arrive_at_the_client() {
    let status = to_status(Sample::Wrong);
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(violations_of(&status), Sample::Wrong.violations());
}

#[test]
fn what_is_not_yet_known_may_be_tried_again() {
    let status = status(&Sample::Young);
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(reason_of(&status).as_deref(), Some("not_yet"));
    assert!(status.get_details_retry_info().is_some_and(|r| r.retry_delay.is_some()));
}

#[test]
fn an_internal_failure_shows_an_id_and_nothing_else() {
    let status = status(&Sample::Broken(sqlx::Error::RowNotFound));
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("078"), "{}", status.message());
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.reason, "internal");
    assert!(status.message().ends_with(&info.metadata["error_id"]));
}

#[test]
fn a_lost_database_is_told_as_such_wherever_it_hides_in_the_chain() {
    let deep =
        Refusal::internal(anyhow::Error::new(Sample::Broken(lost_connection())).context("x"));
    for refusal in
        [Refusal::from(lost_connection()), Sample::Broken(lost_connection()).into(), deep]
    {
        assert!(refusal.database().is_some());
        let status = Status::from(refusal);
        assert_eq!(status.code(), Code::Unavailable);
        assert_eq!(reason_of(&status).as_deref(), Some("database_unavailable"));
        assert!(status.message().contains("try again"));
        assert!(status.get_details_retry_info().is_some());
    }
    let busy = Status::from(Refusal::from(sqlx::Error::PoolTimedOut));
    assert_eq!(reason_of(&busy).as_deref(), Some("database_busy"));
}

/// What a server would say.
#[derive(Debug)]
struct Said(&'static str, &'static str);

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.1)
    }
}

impl Error for Said {}

impl sqlx::error::DatabaseError for Said {
    fn message(&self) -> &str {
        self.1
    }

    fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.0.into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> sqlx::error::ErrorKind {
        sqlx::error::ErrorKind::Other
    }
}

fn said(code: &'static str, words: &'static str) -> Sample {
    Sample::Broken(sqlx::Error::Database(Box::new(Said(code, words))))
}

#[test]
fn what_another_time_may_work_is_not_our_fault() {
    for (code, reason) in [
        ("40001", "database_contended"),
        ("40P01", "database_contended"),
        ("55P03", "database_contended"),
        ("25006", "database_unavailable"),
        ("53200", "database_busy"),
        ("53100", "database_disk_full"),
    ] {
        let status = status(&said(code, "x"));
        assert_eq!(status.code(), Code::Unavailable, "{code}");
        assert_eq!(reason_of(&status).as_deref(), Some(reason), "{code}");
    }
    assert_eq!(status(&said("42P01", "x")).code(), Code::Internal);
}

#[test]
fn a_value_that_the_database_quotes_is_in_no_chain() {
    let date = said("22007", "invalid input syntax for type date: \"078-05-1120\"");
    assert!(chain(&date).ends_with("syntax for type date: [redacted]"), "{}", chain(&date));
    let number = said("22003", "value \"0780511209\" is out of range for type integer");
    assert!(chain(&number).ends_with("value [redacted] is out of range for type integer"));
    let name = said("23505", "duplicate key value violates unique constraint \"told_pkey\"");
    assert!(chain(&name).ends_with("unique constraint \"told_pkey\""));
}

#[test]
fn a_refusal_keeps_what_it_was_made_of() {
    let refusal = Refusal::from(Sample::Missing);
    assert_eq!((refusal.kind(), refusal.reason()), (Kind::NotFound, "sample_reason"));
    assert!(matches!(refusal.is::<Sample>(), Some(Sample::Missing)));
    assert!(refusal.database().is_none());
    let invalid = Status::from(Refusal::invalid(vec![Violation::new("name", "empty")]));
    assert_eq!(invalid.message(), "name: empty");
    assert_eq!(reason_of(&invalid).as_deref(), Some("invalid_input"));
}

#[test]
fn a_refusal_inside_another_still_tells_of_the_database() {
    let inner = Refusal::from(lost_connection());
    let outer = Refusal::internal(anyhow::Error::new(inner).context("close period"));
    let reason = reason_of(&Status::from(outer));
    assert_eq!(reason.as_deref(), Some("database_unavailable"));
}

#[test]
fn a_refusals_debug_is_its_chain_in_words() {
    let refusal = Refusal::internal(anyhow::anyhow!("disk full").context("write statement"));
    assert_eq!(
        format!("{refusal:?}"),
        "Refusal(internal: internal failure: write statement: disk full)"
    );
}

#[test]
fn the_chain_is_one_line_without_repetition() {
    let error = anyhow::anyhow!("disk full").context("write statement").context("close period");
    assert_eq!(chain(&*error), "close period: write statement: disk full");
}

#[test]
fn a_foreign_status_has_no_reason() {
    assert_eq!(reason_of(&Status::unknown("x")), None);
}
