//! `init`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::publish::auto_publish;
use super::{Opened, Session, key_file};
use crate::cli::Words;
use crate::error::{CliError, Exit};
use crate::keys::{IdPrefix, Keychain};
use crate::remote::Access;
use crate::repo::create::{CreateReport, RootKey, default_root_key};
use crate::tuf::key::{KeyId, KeyType, PublicKey};
use crate::tuf::pem;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::x509::{self, Certificate};

/// Make a new collection
///
/// Makes the keys of a collection and signs its first files on this machine; `notary publish`
/// uploads them, right away with --publish. The root key, on which everything rests, is the one in
/// the key store if there is one, and can serve many collections; targets and snapshot get keys of
/// their own; the timestamp key stays with the server.
///
/// With --token, the root key is the one on the hardware token, or is made there; with a list of
/// roles, their new keys are made there.
///
/// A collection that exists, on this machine or on the server, is left alone.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary init example.com/scripts
  notary init example.com/scripts --publish
  notary init example.com/scripts --token
  notary init example.com/scripts --token=root,targets
  notary init example.com/scripts --rootkey offline-root.pem --rootcert root-certificate.pem")]
pub struct InitArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// PEM file of the root key, encrypted with a passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "root_key_id")]
    rootkey: Option<PathBuf>,

    /// Root key in the key store or on the hardware token, for when there are several
    #[arg(long, value_name = "ID")]
    root_key_id: Option<IdPrefix>,

    /// PEM file of the certificate to use for the root key instead of a self-signed one
    #[arg(long, value_name = "FILE")]
    rootcert: Option<PathBuf>,

    /// Roles whose keys are to be on the hardware token
    #[arg(
        long,
        value_name = "ROLES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "root"
    )]
    token: Option<Words>,

    /// Publish the collection right away
    #[arg(short, long)]
    publish: bool,

    #[arg(hide = true)]
    extra: Vec<String>,
}

impl InitArgs {
    /// The roles whose keys are to be on the token.
    fn on_token(&self) -> Result<Vec<RoleName>, CliError> {
        const KNOWN: [RoleName; 3] = [RoleName::ROOT, RoleName::TARGETS, RoleName::SNAPSHOT];
        let find = |name: &String| {
            KNOWN.into_iter().find(|role| role.as_str() == name).ok_or_else(|| {
                let words =
                    format!("`--token={name}`: only root, targets and snapshot have keys here");
                CliError::new(Exit::Usage, words)
            })
        };
        self.token.iter().flat_map(|words| &words.0).map(find).collect()
    }
}

/// Runs `init`.
pub fn init(session: &mut Session<'_>, args: &InitArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let on_token = args.on_token()?;
    let opened = session.open(&args.gun, Access::Push)?;
    let certificate =
        args.rootcert.as_ref().map(|path| read_certificate(&session.cwd.join(path))).transpose()?;
    let (created, opened_keys) = {
        let _lock = session.lock_for_publishing(&opened)?;
        let _keys = session.lock_keys();
        let store = session.key_store();
        let mut keychain = session.keychain(&store);
        let root_key = root_key(session, args, &mut keychain, certificate.as_ref(), &opened)?;
        let created = opened.collection().create(&mut keychain, root_key, certificate, &on_token);
        (created.map_err(|error| opened.failed(error))?, keychain.into_opened())
    };
    session.opened_keys = opened_keys;
    if created.root_key_known || args.rootkey.is_some() {
        session.ui.line(&format!("Root key found, using: {}", created.root_key))?;
    }
    tell(session, &args.gun, &created, args.publish);
    auto_publish(session, &opened, args.publish)
}

fn tell(session: &mut Session<'_>, gun: &Gun, created: &CreateReport, publish: bool) {
    let on_token: Vec<KeyId> = session.token.keys().into_iter().map(|key| key.id).collect();
    let mut new = created.new_keys.clone();
    if !created.root_key_known {
        new.insert(0, (RoleName::ROOT, created.root_key.clone()));
    }
    let mut any_file = false;
    for (role, id) in &new {
        let words = match (on_token.contains(id), *role == RoleName::ROOT) {
            (true, _) => format!("made {role} key {id} on the hardware token"),
            (false, true) => format!("stored {role} key {id}"),
            (false, false) => format!("made {role} key {id}"),
        };
        any_file |= !on_token.contains(id);
        session.ui.note(&words);
    }
    session.ui.note(&format!("the root certificate has the id {}", created.root_certificate));
    if any_file {
        let place = session.config.trust_dir.join("private");
        let words = "back them up with `notary key backup FILE`";
        session.ui.note(&format!("the keys are in `{}`; {words}", place.display()));
    }
    if !publish {
        session.ui.hint(&format!("`notary publish {gun}` uploads the collection"));
    }
}

/// Decides which root key is meant.
fn root_key(
    session: &Session<'_>,
    args: &InitArgs,
    keychain: &mut Keychain<'_>,
    certificate: Option<&PublicKey>,
    opened: &Opened,
) -> Result<RootKey, CliError> {
    if let Some(path) = &args.rootkey {
        let key = key_file::read(keychain, &RoleName::ROOT, &session.cwd.join(path))?;
        if let Some(certificate) = certificate
            && certificate.canonical_id() != *key.id()
        {
            let words = "the root certificate is not for the root key";
            return Err(CliError::new(Exit::Key, words));
        }
        return Ok(RootKey::Import(Box::new(key)));
    }
    if let Some(certificate) = certificate {
        let id = certificate.canonical_id();
        if !keychain.held_for(&RoleName::ROOT)?.contains(&id) {
            let words = format!("the root certificate is for key {id}, which is not here");
            return Err(CliError::new(Exit::Key, words).hint("give the key with `--rootkey FILE`"));
        }
        return Ok(RootKey::Stored(id));
    }
    if let Some(id) = &args.root_key_id {
        if id.find(&keychain.held()?).is_err() {
            keychain.search_token()?;
        }
        return Ok(RootKey::Stored(id.find(&keychain.held()?)?));
    }
    let on_token = args.on_token()?.contains(&RoleName::ROOT);
    default_root_key(keychain, on_token).map_err(|error| opened.failed(error))
}

/// Reads the first block of a file as the certificate of a root key.
fn read_certificate(path: &Path) -> Result<PublicKey, CliError> {
    let text = key_file::read_text(path)?;
    let bad = |why: &str| {
        CliError::new(Exit::Failed, format!("`{}` has no certificate: {why}", path.display()))
    };
    let block = pem::decode_all(&text).into_iter().next().ok_or_else(|| bad("not a PEM file"))?;
    if block.label != x509::CERTIFICATE {
        return Err(bad(&format!("its first block is of type `{}`", block.label)));
    }
    let certificate =
        Certificate::from_der(&block.contents).ok_or_else(|| bad("it cannot be parsed"))?;
    let key_type = match certificate.public_key().key_type() {
        KeyType::Ecdsa => KeyType::EcdsaX509,
        KeyType::Rsa => KeyType::RsaX509,
        _ => return Err(bad("its key is neither an elliptic curve key nor RSA")),
    };
    Ok(PublicKey::new(key_type, x509::to_pem(&block.contents).into_bytes()))
}
