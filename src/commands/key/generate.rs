//! `key generate`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::Wanted;
use crate::keys::{
    KeyFiles, KeyRole, KeyStore as _, NewKeyKind, PATH_HEADER, PrivateKey, belongs_to_one_gun,
    public_block, seal,
};
use crate::tuf::role::Gun;

/// Make a private key
///
/// Puts a new key into the key store, encrypted with a passphrase. With --output it goes into two
/// files instead, both readable by their owner only: PREFIX-key.pem with the encrypted private key,
/// which `notary key import` and the Go program put into a key store, and PREFIX.pem with the public
/// key, to be given to whoever is to delegate to it. With --token the key is made on the hardware
/// token and never leaves it; its PIN is what protects it.
///
/// The role says what the key is for: root, which is what `notary init` uses, a role of one
/// collection such as targets, or any other text, such as the name of a person who is to sign for a
/// delegation. Passphrases are those of the role.
///
/// Kinds of keys: ecdsa, on the curve P-256, is what the Go program makes for all roles, and what
/// everybody can use everywhere. ecdsa-p384, rsa-2048, rsa-3072 (or rsa) and rsa-4096 can be used
/// everywhere, too; the Go program only cannot make them. ed25519 is stored in the form of the Go
/// program, which can sign with it and verifies its signatures, but there are no certificates for
/// it, so that it cannot be a root key, and `notary delegation add` of the Go program does not read
/// its PREFIX.pem.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key generate
  notary key generate ed25519 --role targets --gun example.com/scripts
  notary key generate rsa-4096 --role alice --output alice
  notary key generate --token")]
pub struct GenerateArgs {
    /// Kind of key
    #[arg(
        default_value = "ecdsa",
        hide_possible_values = true,
        ignore_case = true,
        value_parser = kinds(),
        value_name = "ALGORITHM"
    )]
    algorithm: NewKeyKind,

    /// What the key is for
    #[arg(short, long, value_name = "ROLE", default_value = "root")]
    role: KeyRole,

    /// Collection of a targets, snapshot or timestamp key
    #[arg(short, long, value_name = "GUN")]
    gun: Option<Gun>,

    /// Write PREFIX.pem and PREFIX-key.pem instead of storing the key
    #[arg(short, long, value_name = "PREFIX")]
    output: Option<PathBuf>,

    /// Replace these files if they exist
    #[arg(long, requires = "output")]
    force: bool,

    /// Make the key on the hardware token
    #[arg(long, conflicts_with = "output")]
    token: bool,
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = NewKeyKind> {
    PossibleValuesParser::new(NewKeyKind::NAMES.map(|(name, _)| name))
        .try_map(|name| name.parse::<NewKeyKind>())
}

/// Runs `key generate`.
pub fn generate(session: &mut Session<'_>, args: &GenerateArgs) -> Result<(), CliError> {
    let role = &args.role;
    if role.is_root() && args.algorithm == NewKeyKind::Ed25519 {
        let words = "root keys need a certificate, and there is none for ed25519 keys";
        let hint = "`--role ROLE` makes a key for something else, `notary key generate ecdsa` a \
                    root key";
        return Err(CliError::new(Exit::Usage, words).hint(hint));
    }
    let has_gun = belongs_to_one_gun(role.as_str());
    if args.gun.is_some() && !has_gun {
        let words = format!("{role} keys belong to no single collection; `--gun` is not for them");
        return Err(CliError::new(Exit::Usage, words));
    }
    if args.token {
        return generate_on_token(session, args);
    }
    // Notary-go: an empty prefix is none.
    let prefix = args.output.as_ref().filter(|prefix| !prefix.as_os_str().is_empty());
    let files = prefix.map(|prefix| KeyFiles::new(&session.cwd.join(prefix), args.force));
    let files = files.transpose()?;

    let key = PrivateKey::generate(args.algorithm);
    let id = key.id().clone();
    let store = session.key_store();
    let wanted = Wanted::new_key(role.as_str(), args.gun.as_ref().map(Gun::as_str), &id);
    let passphrase = session.passphrases().choose(&wanted)?;
    let mut block = seal(&key, &passphrase, role.as_str(), args.gun.as_ref());
    match files {
        Some(files) => {
            // Notary-go: it does not import an encrypted key that does not say its id.
            block.headers.insert(PATH_HEADER.to_owned(), id.to_string());
            files.write(&block, &public_block(key.public_key(), role.as_str()))?;
            let (private, public) = (files.private.display(), files.public.display());
            let kind = args.algorithm.name();
            session.ui.note(&format!("made {kind} {role} key {id}"));
            session.ui.note(&format!("the private key is in `{private}`; keep it"));
            session.ui.note(&format!("the public key is in `{public}`"));
        }
        None => {
            store.add(&key, &block)?;
            let kind = args.algorithm.name();
            session.ui.line(&format!("Generated new {kind} {role} key with keyID: {id}"))?;
            let place = store.directory().display();
            session.ui.note(&format!("the key is in `{place}`; back it up"));
        }
    }
    hint_at_gun(session, args);
    Ok(())
}

fn generate_on_token(session: &mut Session<'_>, args: &GenerateArgs) -> Result<(), CliError> {
    let (role, kind) = (&args.role, args.algorithm);
    let store = session.key_store();
    let mut keychain = session.keychain(&store);
    let key = keychain.generate_on_token(role.as_str(), args.gun.as_ref(), kind)?;
    let (id, kind) = (key.id(), kind.name());
    session.ui.line(&format!("Generated new {kind} {role} key with keyID: {id}"))?;
    session.ui.note("the key is on the hardware token and nowhere else");
    hint_at_gun(session, args);
    Ok(())
}

fn hint_at_gun(session: &mut Session<'_>, args: &GenerateArgs) {
    let role = &args.role;
    if belongs_to_one_gun(role.as_str()) && args.gun.is_none() {
        session.ui.hint(&format!("`--gun GUN` says which collection a {role} key belongs to"));
    }
}
