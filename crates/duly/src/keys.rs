//! The keys of an installation that were made for it: files in `keys` of its data directory, readable
//! by its owner alone. Settings that name keys come before them.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use duly_platform::{Config, Sealer, auth::Signer, config::SecretText};

use crate::files;

/// The files, in the order in which they are written: a half-made set has no sealing key, without
/// which nothing was ever served.
const PRIVATE: &str = "token_private.pem";
const PUBLIC: &str = "token_public.pem";
const SEAL: &str = "seal.key";

/// A pair that signs and verifies tokens, and the key that seals what may not rest in plain.
pub struct Keys {
    /// Ed25519, PKCS #8 in PEM.
    pub token_private: SecretText,
    /// Ed25519 in PEM.
    pub token_public: String,
    /// 32 bytes in hex.
    pub seal: SecretText,
}

impl Keys {
    /// New ones from the system's random source.
    pub fn generate() -> Self {
        let pair = Signer::generate();
        Self { token_private: pair.private, token_public: pair.public, seal: Sealer::generate() }
    }

    /// Those in `dir`, or `None` where they were never made.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(dir: &Path) -> Result<Option<Self>> {
        let Some(seal) = read(&dir.join(SEAL))? else { return Ok(None) };
        let pair = (read(&dir.join(PRIVATE))?, read(&dir.join(PUBLIC))?);
        let (Some(token_private), Some(token_public)) = pair else {
            bail!(
                "{} holds {SEAL} but not both of {PRIVATE} and {PUBLIC}: put them back from your \
                 backup, or make a new pair with `duly token --new-keys --out DIR` and copy it there",
                dir.display()
            );
        };
        Ok(Some(Self {
            token_private: SecretText::new(token_private),
            token_public,
            seal: SecretText::new(seal.trim()),
        }))
    }

    /// Writes them into `dir`, which is made; nothing that is there is overwritten.
    ///
    /// # Errors
    /// A file that exists or cannot be written.
    pub fn write(&self, dir: &Path) -> Result<Vec<PathBuf>> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .with_context(|| format!("making {}", dir.display()))?;
        let files = [
            (PRIVATE, self.token_private.expose()),
            (PUBLIC, &self.token_public),
            (SEAL, self.seal.expose()),
        ]
        .map(|(name, text)| (dir.join(name), text));
        if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
            bail!("{} exists and keys are never overwritten: name another folder", path.display());
        }
        for (path, text) in &files {
            write_new(path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }

    /// Fills what the settings leave open. The pair goes together: half of one signs what nobody can
    /// verify.
    pub fn fill(self, config: &mut Config) {
        if config.token_public_key.is_none() && config.token_private_key.is_none() {
            config.token_public_key = Some(self.token_public);
            config.token_private_key = Some(self.token_private);
        }
        config.seal_key.get_or_insert(self.seal);
    }
}

/// Removes what an interrupted first start left: without the sealing key it never served.
pub fn clear_half_made(dir: &Path) -> Result<()> {
    if dir.join(SEAL).exists() {
        return Ok(());
    }
    for path in [dir.join(PRIVATE), dir.join(PUBLIC)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("removing {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        file.write_all(b"\n")?;
    }
    file.sync_all()
}

fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(files::trouble("reading", path, error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn keys_are_kept_for_their_owner_alone_and_read_back() {
        let scratch = duly_embedded::Scratch::new("duly-keys").unwrap();
        let dir = scratch.path().join("keys");
        assert!(Keys::read(&dir).unwrap().is_none());
        let made = Keys::generate();
        for path in made.write(&dir).unwrap() {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        let read = Keys::read(&dir).unwrap().unwrap();
        assert_eq!(read.seal.expose(), made.seal.expose());
        assert_eq!(read.token_public.trim(), made.token_public.trim());
        let mut config = Config::default();
        read.fill(&mut config);
        config.check().unwrap();

        let again = Keys::generate().write(&dir).unwrap_err().to_string();
        assert!(again.contains("never overwritten"), "{again}");

        fs::remove_file(dir.join(PUBLIC)).unwrap();
        let half = Keys::read(&dir).err().unwrap().to_string();
        assert!(half.contains("put them back from your backup"), "{half}");
    }

    #[test]
    fn a_pair_in_the_settings_is_not_mixed_with_the_data_directorys() {
        let mut config = Config { token_public_key: Some("set".into()), ..Config::default() };
        Keys::generate().fill(&mut config);
        assert_eq!(config.token_public_key.as_deref(), Some("set"));
        assert!(config.token_private_key.is_none());
        assert!(config.seal_key.is_some());
    }
}
