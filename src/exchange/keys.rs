//! Author keys and signatures: OpenSSH Ed25519, SSHSIG as `ssh-keygen -Y` makes and checks it (OpenSSH PROTOCOL.sshsig).
//!
//! Armour is stricter than ssh-keygen's: it must equal byte for byte what we would write of the decoded signature, so
//! that not one byte of a batch can be changed unseen.

use std::path::Path;

use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::public::{Ed25519PublicKey, KeyData};
use ssh_key::{HashAlg, LineEnding, PrivateKey, SshSig};

use super::error::ExchangeError;
use crate::record::id::hex;

/// The namespace of a batch's signature.
pub const BATCH: &str = "jinguo-batch";
/// The namespace of a seal.
pub const SEAL: &str = "jinguo-seal";
/// The largest armoured signature or seal that is read.
pub const MAX_SIGNATURE: usize = 4096;

/// An Ed25519 public key.
pub type PublicKey = [u8; 32];

fn openssh(key: &PublicKey, comment: &str) -> ssh_key::PublicKey {
    ssh_key::PublicKey::new(KeyData::Ed25519(Ed25519PublicKey(*key)), comment)
}

/// `SHA256:` and the hash in base64, as ssh-keygen shows a key.
pub fn fingerprint(key: &PublicKey) -> String {
    openssh(key, "").fingerprint(HashAlg::Sha256).to_string()
}

/// `ssh-ed25519 BASE64`, and the comment behind it unless it is empty.
pub fn public_line(key: &PublicKey, comment: &str) -> String {
    // Encoding 32 bytes into memory cannot fail.
    openssh(key, comment).to_openssh().unwrap_or_default()
}

/// Reads `ssh-ed25519 BASE64 [comment]`; `None` for anything else, other kinds of keys too.
pub fn parse_public(line: &str) -> Option<(PublicKey, String)> {
    let key = ssh_key::PublicKey::from_openssh(line.trim()).ok()?;
    Some((key.key_data().ed25519()?.0, key.comment().to_owned()))
}

/// Checks an armoured signature and says whose it is.
///
/// `None` unless it is version 1, Ed25519, SHA-512, of that namespace, byte for byte as we would write it, and holds.
pub fn verify(namespace: &str, message: &[u8], armour: &[u8]) -> Option<PublicKey> {
    if armour.len() > MAX_SIGNATURE {
        return None;
    }
    let signature = SshSig::from_pem(armour).ok()?;
    let key = signature.public_key().ed25519()?.0;
    let strict = signature.version() == SshSig::VERSION
        && signature.reserved().is_empty()
        && signature.hash_alg() == HashAlg::Sha512
        && signature.to_pem(LineEnding::LF).ok()?.as_bytes() == armour;
    let holds = openssh(&key, "").verify(namespace, message, &signature);
    (strict && holds.is_ok()).then_some(key)
}

/// The key of this store's author: what her seals and batches are signed with.
pub struct AuthorKey {
    private: PrivateKey,
    public: PublicKey,
}

impl std::fmt::Debug for AuthorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuthorKey({})", hex(&self.public))
    }
}

impl AuthorKey {
    /// A new key for `comment` (`NAME@UNIT`).
    ///
    /// # Errors
    /// [`ExchangeError::Random`] if the system gives no random bytes.
    pub fn generate(comment: &str) -> Result<Self, ExchangeError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| ExchangeError::Random)?;
        Self::from_seed(&seed, comment)
    }

    /// The key that 32 secret bytes make: tests, and the demonstration, which must be the same each time.
    ///
    /// # Errors
    /// [`ExchangeError::Key`] if the comment cannot stand in a key.
    pub fn from_seed(seed: &[u8; 32], comment: &str) -> Result<Self, ExchangeError> {
        let pair = Ed25519Keypair::from_seed(seed);
        let public = pair.public.0;
        let private =
            PrivateKey::new(KeypairData::Ed25519(pair), comment).map_err(|_| ExchangeError::Key)?;
        Ok(Self { private, public })
    }

    /// Reads `key` of a store's folder.
    ///
    /// # Errors
    /// [`ExchangeError::NoKey`] if there is none (the folder is not a store); [`ExchangeError::Key`] if it is no
    /// unencrypted Ed25519 key.
    pub fn load(dir: &Path) -> Result<Self, ExchangeError> {
        let path = dir.join("key");
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ExchangeError::NoKey(dir.into()),
            _ => ExchangeError::file(&path, error),
        })?;
        let private = PrivateKey::from_openssh(text).map_err(|_| ExchangeError::Key)?;
        let public = match private.key_data() {
            KeypairData::Ed25519(pair) => pair.public.0,
            _ => return Err(ExchangeError::Key),
        };
        Ok(Self { private, public })
    }

    /// Writes `key` (only its owner may read it) and `key.pub` into a store's folder, which must not have them yet.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if a file cannot be written, or stands there already.
    pub fn save(&self, dir: &Path) -> Result<(), ExchangeError> {
        let text = self
            .private
            .to_openssh(LineEnding::LF)
            .map_err(|_| ExchangeError::Key)?;
        write_new(&dir.join("key"), text.as_bytes(), 0o600)?;
        let line = public_line(&self.public, self.private.public_key().comment());
        write_new(&dir.join("key.pub"), format!("{line}\n").as_bytes(), 0o644)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// The comment that the key was made with: `NAME@UNIT`.
    pub fn comment(&self) -> &str {
        self.private.public_key().comment()
    }

    /// `ssh-ed25519 BASE64 NAME@UNIT`: what she gives to others by hand.
    pub fn public_line(&self) -> String {
        public_line(&self.public, self.comment())
    }

    /// The fingerprint of the public half.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.public)
    }

    /// Signs, in armour: 70 columns, LF, one LF at the end.
    ///
    /// # Errors
    /// [`ExchangeError::Key`] if the key cannot sign, which an Ed25519 key can.
    pub fn sign(&self, namespace: &str, message: &[u8]) -> Result<String, ExchangeError> {
        self.private
            .sign(namespace, HashAlg::Sha512, message)
            .and_then(|signature| signature.to_pem(LineEnding::LF))
            .map_err(|_| ExchangeError::Key)
    }
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), ExchangeError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(|error| ExchangeError::file(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> AuthorKey {
        AuthorKey::from_seed(&[7; 32], "李静@500101028008").unwrap()
    }

    #[test]
    fn a_signature_says_whose_it_is_and_any_change_breaks_it() {
        let armour = key().sign(SEAL, b"five lines\n").unwrap();
        assert!(armour.lines().all(|line| line.len() <= 70));
        assert!(armour.ends_with("-----END SSH SIGNATURE-----\n"));
        assert_eq!(
            verify(SEAL, b"five lines\n", armour.as_bytes()),
            Some(key().public())
        );
        assert_eq!(verify(BATCH, b"five lines\n", armour.as_bytes()), None);
        assert_eq!(verify(SEAL, b"five linez\n", armour.as_bytes()), None);
        for at in 0..armour.len() {
            for bit in [1, 0x20] {
                let mut changed = armour.clone().into_bytes();
                changed[at] ^= bit;
                assert_eq!(verify(SEAL, b"five lines\n", &changed), None, "at {at}");
            }
        }
        for odd in [
            armour.replace('\n', "\r\n"),
            format!("{armour}\n"),
            format!("\n{armour}"),
            armour.trim_end().to_owned(),
        ] {
            assert_eq!(verify(SEAL, b"five lines\n", odd.as_bytes()), None);
        }
    }

    #[test]
    fn a_key_is_loaded_as_it_was_saved_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(
            AuthorKey::load(dir.path()),
            Err(ExchangeError::NoKey(_))
        ));
        key().save(dir.path()).unwrap();
        assert!(key().save(dir.path()).is_err(), "a key is never replaced");
        let read = AuthorKey::load(dir.path()).unwrap();
        assert_eq!(read.public(), key().public());
        assert_eq!(read.comment(), "李静@500101028008");
        let mode = std::fs::metadata(dir.path().join("key")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        let line = std::fs::read_to_string(dir.path().join("key.pub")).unwrap();
        assert_eq!(
            parse_public(&line),
            Some((key().public(), "李静@500101028008".into()))
        );
        assert!(key().fingerprint().starts_with("SHA256:"));
    }

    #[test]
    fn two_new_keys_differ() {
        let a = AuthorKey::generate("a@1").unwrap();
        assert_ne!(a.public(), AuthorKey::generate("a@1").unwrap().public());
    }
}
