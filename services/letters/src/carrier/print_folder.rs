//! The mail house's folder: a directory for each batch, a file for each letter named by its content,
//! and `manifest.csv` last. A batch without a manifest is not finished and not to be mailed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use duly_domain::AddressParts;
use duly_platform::{
    BoxFuture,
    files::{place, sync_dir},
};

use super::{Carrier, Consignment, HandOver, Piece, Promise};

const MANIFEST: &str = "manifest.csv";

/// A folder on a disk that the mail house reads.
pub(crate) struct PrintFolder {
    dir: PathBuf,
}

impl PrintFolder {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir }
    }
}

impl Carrier for PrintFolder {
    fn promise(&self) -> Promise {
        Promise::ContentNamed
    }

    fn hand_over<'a>(&'a self, consignment: &'a Consignment) -> BoxFuture<'a, HandOver> {
        let folder = self.dir.join(&consignment.name);
        let files: Vec<(String, Vec<u8>)> = consignment
            .pieces
            .iter()
            .map(|piece| (piece.file_name.clone(), piece.pdf.clone()))
            .collect();
        let manifest = manifest(&consignment.pieces);
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&folder, &files, &manifest));
            match written.await {
                Ok(outcome) => outcome,
                Err(_) => HandOver::Unknown("writing the batch was cut off".to_owned()),
            }
        })
    }
}

fn write(folder: &Path, files: &[(String, Vec<u8>)], manifest: &str) -> HandOver {
    // A restored database numbers its batches again: another batch's manifest is not written over.
    match fs::read(folder.join(MANIFEST)) {
        Ok(there) if there != manifest.as_bytes() => {
            return HandOver::Refused("the print folder has another batch of this name".to_owned());
        }
        Ok(_) | Err(_) => {}
    }
    let prepared = fs::create_dir_all(folder).and_then(|()| {
        for (name, bytes) in files {
            place(folder, name, bytes)?;
        }
        // Before the manifest that names them.
        sync_dir(folder)
    });
    if let Err(error) = prepared {
        return HandOver::NotNow(said(&error));
    }
    match place(folder, MANIFEST, manifest.as_bytes()).and_then(|()| sync_dir(folder)) {
        Ok(()) => HandOver::Taken,
        Err(error) if folder.join(MANIFEST).exists() => HandOver::Unknown(said(&error)),
        Err(error) => HandOver::NotNow(said(&error)),
    }
}

fn said(error: &io::Error) -> String {
    format!("the print folder cannot be written: {}", error.kind())
}

/// A line for each letter, in the order of the batch.
fn manifest(pieces: &[Piece]) -> String {
    let mut text = String::from(
        "number,file,pages,template,letter_id,reference,recipient,line_1,line_2,line_3,city,region,\
         postal_code,country\r\n",
    );
    for (at, piece) in pieces.iter().enumerate() {
        let mut cells = vec![
            (at + 1).to_string(),
            piece.file_name.clone(),
            piece.pages.to_string(),
            piece.template.clone(),
            piece.letter_id.clone(),
            piece.reference.clone(),
            piece.recipient.clone(),
        ];
        cells.extend(match &piece.address {
            Some(address) => {
                let (first, rest) = address.lines.split_at(address.lines.len().min(2));
                let line = |at: usize| first.get(at).cloned().unwrap_or_default();
                let AddressParts { city, region, postal_code, country, .. } = address.clone();
                vec![line(0), line(1), rest.join(", "), city, region, postal_code, country]
            }
            None => vec![String::new(); 7],
        });
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text += &cells.join(",");
        text += "\r\n";
    }
    text
}

/// A cell of RFC 4180, which no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let cell = match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    };
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(name: &str, recipient: &str) -> Piece {
        Piece {
            letter_id: "lttr_1".into(),
            template: "commercial_demand".into(),
            reference: "ACME / A-1".into(),
            creditor: "Acme".into(),
            recipient: recipient.into(),
            address: Some(AddressParts {
                lines: vec!["12 Canal Street, Rear".into()],
                city: "Dayton".into(),
                region: "OH".into(),
                postal_code: "45402".into(),
                country: "US".into(),
            }),
            email: None,
            file_name: name.into(),
            pages: 2,
            pdf: b"%PDF".to_vec(),
        }
    }

    #[test]
    fn a_manifest_is_a_csv_that_no_spreadsheet_runs() {
        let text = manifest(&[piece("a.pdf", "=HYPERLINK(1) \"Ltd\"")]);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(
            line,
            "1,a.pdf,2,commercial_demand,lttr_1,ACME / A-1,\"'=HYPERLINK(1) \"\"Ltd\"\"\",\
             \"12 Canal Street, Rear\",,,Dayton,OH,45402,US"
        );
    }

    #[test]
    fn the_same_batch_again_is_the_same_files() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("2026-01-05-01");
        let files = [("a.pdf".to_owned(), b"one".to_vec()), ("b.pdf".to_owned(), b"two".to_vec())];
        for _ in 0..2 {
            assert_eq!(write(&folder, &files, "m"), HandOver::Taken);
            let mut names: Vec<_> = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            assert_eq!(names, ["a.pdf", "b.pdf", "manifest.csv"]);
            assert_eq!(fs::read(folder.join("a.pdf")).unwrap(), b"one");
        }
    }

    #[test]
    fn a_batch_of_the_same_name_with_other_letters_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("2026-01-05-01");
        assert_eq!(write(&folder, &[], "the first"), HandOver::Taken);
        let files = [("a.pdf".to_owned(), b"one".to_vec())];
        assert!(matches!(write(&folder, &files, "another"), HandOver::Refused(_)));
        assert_eq!(fs::read(folder.join(MANIFEST)).unwrap(), b"the first");
        assert!(!folder.join("a.pdf").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_has_taken_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a file");
        fs::write(&file, "").unwrap();
        let outcome = write(&file.join("2026-01-05-01"), &[], "m");
        assert!(matches!(outcome, HandOver::NotNow(_)), "{outcome:?}");
    }
}
