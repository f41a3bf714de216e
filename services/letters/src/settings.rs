//! What the service was made with: its settings, its typesetter, its carriers.

use std::{num::NonZero, sync::Arc};

use duly_platform::Host;
use tokio::sync::Semaphore;

use crate::{
    calendar::MailCalendar,
    carrier::{PrintFolder, Smtp},
    compose::{Draft, House},
    config::Config,
    typesetter::{Typeset, TypesetError, Typesetter},
};

/// Kept by the host for the service.
pub(crate) struct Settings {
    pub(crate) config: Config,
    typesetter: Arc<dyn Typesetter>,
    /// A letter of many pages takes hundreds of megabytes while it is made: no more at once than there
    /// are processors.
    makers: Arc<Semaphore>,
}

impl Settings {
    pub(crate) fn new(config: Config, typesetter: Arc<dyn Typesetter>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { config, typesetter, makers: Arc::new(Semaphore::new(processors)) }
    }

    /// Typesets one letter where blocking is allowed.
    pub(crate) async fn typeset(&self, draft: &Draft) -> Result<Typeset, TypesetError> {
        let cut_off = || TypesetError("typesetting was cut off".to_owned());
        let _turn = self.makers.acquire().await.map_err(|_| cut_off())?;
        let typesetter = self.typesetter.clone();
        let (template, data) = (draft.template, draft.data.clone());
        let made = tokio::task::spawn_blocking(move || typesetter.typeset(template, &data)).await;
        match made.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(typeset) => typeset,
            // The platform knows what to do with the data that a panic comes from.
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            Err(Err(_)) => Err(cut_off()),
        }
    }

    pub(crate) fn of(host: &Host) -> &Self {
        host.state()
    }

    pub(crate) fn house<'a>(&'a self, host: &'a Host) -> House<'a> {
        House {
            name: host.agency(),
            licence: host.agency_licence().unwrap_or_default(),
            config: &self.config,
            calendar: self.calendar(host),
        }
    }

    pub(crate) fn calendar(&self, host: &Host) -> MailCalendar {
        MailCalendar { zone: host.zone(), closes: self.config.batch_closes }
    }

    /// Where print batches go, if anywhere.
    pub(crate) fn print_folder(&self) -> Option<PrintFolder> {
        self.config.print_dir.clone().map(PrintFolder::new)
    }

    /// Where e-mail goes, if anywhere.
    pub(crate) fn smtp(&self, host: &Host) -> Option<Smtp> {
        let Config { agency_address, agency_phone, agency_hours, website, .. } = &self.config;
        let phone = format!("{agency_phone} {agency_hours}").trim().to_owned();
        Some(Smtp {
            server: self.config.smtp_url.clone()?,
            agency: host.agency().to_owned(),
            from: self.config.sender()?,
            foot: agency_address
                .iter()
                .cloned()
                .chain([phone, website.clone()])
                .filter(|line| !line.is_empty())
                .collect(),
        })
    }
}
