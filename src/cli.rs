//! The command line: one definition for parsing, help, completions and man pages.

mod repeated;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::BoolValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{
    ArgAction, Args, Command as Definition, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum as _,
};

use crate::commands::{
    add, completion, delegation, delete, image, init, key, list, login, pins::TrustRootArgs,
    publish, serve, sign, stage, trust, verify, version, who, witness,
};
use crate::config::{Overrides, passphrases::parse_file};
use crate::keys::passphrase::{Kind, Places, ShellCommand};
use crate::ui::{ColourChoice, text::escape};

/// Sign, publish and verify trusted collections
///
/// A trusted collection is a set of named files whose sizes and hashes are signed and published on
/// a Notary server. Whoever downloads a file can then tell that it is what the publisher signed,
/// that it is not outdated, and which role vouches for it.
///
/// A publisher makes a collection with `init`, stages changes with `add` and `remove`, looks at
/// them with `status`, and signs and uploads them with `publish`. A reader uses `list`, `lookup` and
/// `verify`. Keys, metadata and staged changes are kept in ~/.notary.
#[derive(Debug, Parser)]
#[command(
    name = "notary",
    version,
    args_override_self = true,
    disable_help_subcommand = false,
    max_term_width = 100,
    after_long_help = AFTER_HELP
)]
pub struct Cli {
    /// Options of all commands.
    #[command(flatten)]
    pub global: GlobalArgs,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  done                                 5  network or TLS failure
  1  failed, or a question was declined   6  login needed or refused
  2  wrong usage or configuration         7  key or passphrase not available
  3  not trusted: signature, hash,        8  exists already, or somebody else
     version, expiry or pin                  was faster
  4  no such collection, target or key    130  interrupted

Environment:
  NOTARY_ROOT_PASSPHRASE        passphrase of root keys
  NOTARY_TARGETS_PASSPHRASE     passphrase of targets keys
  NOTARY_SNAPSHOT_PASSPHRASE    passphrase of snapshot keys
  NOTARY_DELEGATION_PASSPHRASE  passphrase of all other keys
  NOTARY_NEW_PASSPHRASE         what a key is to be encrypted with from now on
  NOTARY_BACKUP_PASSPHRASE      passphrase of backups
  NOTARY_PKCS11_PIN             PIN of the hardware token
  NOTARY_TLS_PASSPHRASE         passphrase of the key of the client certificate
  NOTARY_AUTH                   login to the server: base64 of USER:PASSWORD
  ..._FILE                      any of these: file whose first line is meant
  DOCKER_CONTENT_TRUST_SERVER   the server, if nothing else names one
  NO_COLOR                      no colour when it is set to anything
  HTTP_PROXY, HTTPS_PROXY, NO_PROXY

Examples:
  notary -s https://notary.example:4443 init example.com/scripts
  notary add example.com/scripts setup.sh ./setup.sh
  notary publish example.com/scripts
  curl -fsSL https://example.com/setup.sh | notary verify example.com/scripts setup.sh | sh";

/// Options that every command takes, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json
    #[arg(short = 'c', long = "configFile", global = true, value_name = "FILE")]
    pub config_file: Option<PathBuf>,

    /// Directory of keys, metadata and staged changes instead of ~/.notary
    #[arg(short = 'd', long = "trustDir", global = true, value_name = "DIR")]
    pub trust_dir: Option<PathBuf>,

    /// Address of the Notary server, such as https://notary.example:4443
    #[arg(short = 's', long, global = true, value_name = "URL")]
    pub server: Option<String>,

    /// PEM file of the certificate authorities to trust instead of the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub tlscacert: Option<PathBuf>,

    /// PEM file of the certificate to show the server
    #[arg(long, global = true, value_name = "FILE")]
    pub tlscert: Option<PathBuf>,

    /// PEM file of the key of that certificate
    #[arg(long, global = true, value_name = "FILE")]
    pub tlskey: Option<PathBuf>,

    /// File whose first line is the passphrase of a role's keys; can be repeated
    ///
    /// ROLE is root, targets, snapshot, a delegation such as targets/releases, or `delegation` for
    /// all other roles; `new` for what a key is to be encrypted with from now on, `backup`,
    /// `pkcs11` for the PIN of a token, or `tls` for the key of a client certificate.
    #[arg(long, global = true, value_name = "ROLE=PATH", value_parser = parse_file)]
    pub passphrase_file: Vec<(Kind, PathBuf)>,

    /// Shell command that prints the passphrase of the key in NOTARY_KEY_ID
    ///
    /// It also gets NOTARY_KEY_ROLE, NOTARY_KEY_GUN, and in NOTARY_KEY_PURPOSE whether the
    /// passphrase is to `open` something or for something `new`. The first line that it prints
    /// counts; when that is empty, passphrases come from elsewhere.
    #[arg(long, global = true, value_name = "COMMAND")]
    pub passphrase_command: Option<ShellCommand>,

    /// Whose login to use when the server wants one, instead of what is found; '' for nobody's
    ///
    /// The password is asked for at the terminal, unless there is `--password-stdin`.
    #[arg(long, global = true, value_name = "NAME", value_parser = user_name)]
    pub username: Option<String>,

    /// Read the password of that user from stdin
    #[arg(long, global = true)]
    pub password_stdin: bool,

    /// Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none
    #[arg(long, global = true, value_name = "URI")]
    pub pkcs11: Option<String>,

    /// What the root of the collection has to be like.
    #[command(flatten)]
    pub pinning: TrustRootArgs,

    /// Use the copy on this machine and do not ask the server
    #[arg(long, global = true)]
    pub offline: bool,

    /// Leave out notes and progress
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Tell what is done
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Tell everything, including each request
    #[arg(short = 'D', long, global = true)]
    pub debug: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_enum)]
    pub color: ColourChoice,
}

impl GlobalArgs {
    /// What the command line says about configuration.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            config_file: self.config_file.clone(),
            passphrases: Places {
                files: self.passphrase_file.iter().cloned().collect(),
                command: self.passphrase_command.clone(),
            },
            pkcs11: self.pkcs11.clone(),
            server: self.server.clone(),
            tls_ca: self.tlscacert.clone(),
            tls_cert: self.tlscert.clone(),
            tls_key: self.tlskey.clone(),
            trust_dir: self.trust_dir.clone(),
            user: self.username.clone(),
        }
    }
}

/// The name of a user. A colon would end it on the way to the server.
fn user_name(word: &str) -> Result<String, &'static str> {
    match word.contains(':') {
        true => Err("the name of a user has no colon"),
        false => Ok(word.to_owned()),
    }
}

/// All commands.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "the arguments of each command document it")]
pub enum Command {
    Add(add::AddArgs),
    Addhash(add::AddHashArgs),
    Completion(completion::CompletionArgs),
    Delegation(delegation::DelegationArgs),
    Delete(delete::DeleteArgs),
    Image(image::ImageArgs),
    Init(init::InitArgs),
    Key(key::KeyArgs),
    List(list::ListArgs),
    Login(login::LoginArgs),
    Logout(login::LogoutArgs),
    Lookup(list::LookupArgs),
    Publish(publish::PublishArgs),
    Remove(add::RemoveArgs),
    Reset(stage::ResetArgs),
    Serve(serve::ServeArgs),
    Sign(sign::SignArgs),
    Status(stage::StatusArgs),
    Trust(trust::TrustArgs),
    Verify(verify::VerifyArgs),
    Version(version::VersionArgs),
    Who(who::WhoArgs),
    Witness(witness::WitnessArgs),
}

impl Cli {
    /// Parses a command line; the first word is the name of the program.
    pub fn parse_from_args(args: &[OsString]) -> Result<Self, clap::Error> {
        let parse = |definition: Definition| -> Result<Self, clap::Error> {
            let mut matches = definition.clone().try_get_matches_from(args)?;
            let mut cli = Self::from_arg_matches_mut(&mut matches)?;
            let global = &mut cli.global;
            let (files, roots) = (&mut global.passphrase_file, &mut global.pinning.trust_root);
            repeated::complete(&definition, args, "passphrase_file", files)?;
            repeated::complete(&definition, args, "trust_root", roots)?;
            Ok(cli)
        };
        // Notary-go: `--publish=false` and `-p=false` are fine. Hardly any command line has such a
        // thing, so the definition with the plain help is tried first.
        parse(Self::command()).or_else(|error| match error.kind() {
            ErrorKind::TooManyValues | ErrorKind::UnknownArgument => {
                parse(with_boolean_values(Self::command())).map_err(|_| error)
            }
            _ => Err(error),
        })
    }
}

/// When to use colour in what is said about a command line that makes no sense as a whole.
pub fn colour_in(args: &[OsString]) -> ColourChoice {
    let words: Vec<_> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let attached = words.iter().filter_map(|word| word.strip_prefix("--color="));
    let separate = words.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
    let last = attached.chain(separate).last();
    last.and_then(|word| ColourChoice::from_str(word, false).ok()).unwrap_or_default()
}

/// Escapes what an error repeats of the command line: names may come from anywhere.
pub fn harmless(mut error: clap::Error) -> clap::Error {
    let escaped = |text: &String| escape(text).into_owned();
    let context: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in context {
        let changed = match &value {
            ContextValue::String(text) => ContextValue::String(escaped(text)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(escaped).collect())
            }
            _ => continue,
        };
        if changed != value {
            error.insert(kind, changed);
            // The tip repeats the word, too.
            error.remove(ContextKind::Suggested);
        }
    }
    error
}

/// Lets flags take an attached value: `--flag=true`, `-f=false`.
fn with_boolean_values(definition: Definition) -> Definition {
    let definition = definition.mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .value_parser(BoolValueParser::new()),
        _ => arg,
    });
    definition.mut_subcommands(with_boolean_values)
}

/// The names of a list option: it may be repeated, and each value is one record of
/// comma-separated values, with double quotes around names that contain commas.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Words(pub Vec<String>);

impl FromStr for Words {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = Vec::new();
        let mut rest = text;
        while !text.is_empty() {
            let (word, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted_word(quoted)?,
                None => {
                    let end = rest.find(',').unwrap_or(rest.len());
                    if rest[..end].contains('"') {
                        return Err("a double quote must be at the beginning of a name");
                    }
                    (rest[..end].to_owned(), &rest[end..])
                }
            };
            words.push(word);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None if after.is_empty() => break,
                None => return Err("there must be a comma behind a closing double quote"),
            }
        }
        Ok(Self(words))
    }
}

/// The record that is read as these words.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            match word.is_empty() || word.contains([',', '"']) {
                true => write!(f, "\"{}\"", word.replace('"', "\"\""))?,
                false => f.write_str(word)?,
            }
        }
        Ok(())
    }
}

/// Reads up to the closing quote; two quotes in a row stand for one.
fn quoted_word(text: &str) -> Result<(String, &str), &'static str> {
    let mut word = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"').ok_or("a double quote is not closed")?;
        word.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                word.push('"');
                rest = next;
            }
            None => return Ok((word, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Cli::parse_from_args(&args)
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
        with_boolean_values(Cli::command()).debug_assert();
    }

    #[test]
    fn options_go_before_and_after_the_command_and_the_last_wins() {
        let cli = parse("notary -s http://a -d x list g -s http://b -D").unwrap();
        assert_eq!(cli.global.server.as_deref(), Some("http://b"));
        assert_eq!(cli.global.trust_dir, Some("x".into()));
        assert!(cli.global.debug && !cli.global.verbose);
    }

    #[test]
    fn files_with_passphrases_can_be_given_on_both_sides_of_the_command() {
        let line = "notary --passphrase-file root=a --passphrase-file new=b list g \
                    --passphrase-file targets/x=c=d --passphrase-file root=e";
        let files = parse(line).unwrap().global.overrides().passphrases.files;
        let file = |word: &str| files.get(&word.parse().unwrap()).and_then(|path| path.to_str());
        assert_eq!(
            (file("root"), file("new"), file("targets/x")),
            (Some("e"), Some("b"), Some("c=d"))
        );
    }

    #[test]
    fn shorthands_can_be_joined_and_flags_take_values() {
        for (line, publish) in [
            ("notary add g t f -pr targets/a", true),
            ("notary add g t f -r targets/a --publish", true),
            ("notary add g t f -r targets/a --publish=true", true),
            ("notary add g t f -rtargets/a -p=false", false),
            ("notary add g t f -p --publish=false -r=targets/a", false),
        ] {
            let Command::Add(args) = parse(line).unwrap().command else { panic!("{line}") };
            assert_eq!(args.staging.publish, publish, "{line}");
            assert_eq!(args.staging.roles().unwrap()[0].as_str(), "targets/a", "{line}");
        }
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in [
            "notary",
            "notary lst",
            "notary list",
            "notary list ../x",
            "notary list g --bogus",
            "notary list g --out json",
            "notary --version=3 list g",
            "notary list g -s",
            "notary lookup g",
            "notary add g",
            "notary key",
            "notary key bogus",
            "notary reset g",
            "notary reset g -n abc",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn lists_are_comma_separated_records() {
        let words = |text: &str| text.parse::<Words>().map(|words| words.0);
        assert_eq!(words(""), Ok(vec![]));
        assert_eq!(words("a"), Ok(vec!["a".to_owned()]));
        assert_eq!(words("a,b,"), Ok(vec!["a".to_owned(), "b".to_owned(), String::new()]));
        assert_eq!(words(r#""a,b",c"#), Ok(vec!["a,b".to_owned(), "c".to_owned()]));
        assert_eq!(words(r#""a""b""#), Ok(vec![r#"a"b"#.to_owned()]));
        for words in [&[][..], &[""], &["", ""], &["x,y"], &["\"q\"", "-x", "a\"b", ","], &["'"]] {
            let words = Words(words.iter().map(|word| (*word).to_owned()).collect());
            assert_eq!(words.to_string().parse(), Ok(words));
        }
        assert!(words("\"").is_err());
        assert!(words("a\"b").is_err());
        assert!(words("\"a\"b").is_err());
    }
}
