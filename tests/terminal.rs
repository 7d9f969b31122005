//! The program on a terminal: questions and answers, colour, tables and progress.

mod delegations;
mod display;
mod logins;
mod prompts;
mod remembered;

use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::support::{NotaryServer, Sandbox, binary};

const GUN: &str = "example.com/app";
const PATIENCE_MS: u64 = 60_000;

/// Runs the program with echo, as people have it, and tells its exit code and how it left the
/// terminal. Ctrl-C goes to the shell as well, which must survive it.
const SCRIPT: &str = r#"trap : INT; stty echo; tty; "$@"; echo "exit $?"; stty -a"#;

/// A run on a pseudo-terminal of its own.
struct Terminal {
    session: PtySession,
    device: String,
    shown: String,
}

/// How a run ended.
struct Ending {
    code: u8,
    /// All that was on the screen, with line feeds alone.
    shown: String,
    /// Whether the terminal shows what is typed, as it did before.
    echo: bool,
}

impl Terminal {
    /// Starts the program.
    fn start(notary: &Sandbox, args: &[&str]) -> Self {
        Self::start_with(notary, SCRIPT, args)
    }

    /// Starts the program as `"$@"` of a script like [`SCRIPT`].
    fn start_with(notary: &Sandbox, script: &str, args: &[&str]) -> Self {
        let process = notary.process(args);
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(binary()).args(process.get_args()).env_clear();
        command.envs(process.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.envs([("PATH", "/usr/bin:/bin"), ("TERM", "xterm-256color")]);
        command.current_dir(notary.work());
        let mut session = spawn_command(command, Some(PATIENCE_MS)).unwrap();
        let device = session.read_line().unwrap().trim().to_owned();
        assert!(Path::new(&device).exists(), "{device}");
        Self { session, device, shown: String::new() }
    }

    /// Waits until this is shown.
    #[track_caller]
    fn expect(&mut self, text: &str) -> &mut Self {
        let before = self.session.exp_string(&text.replace('\n', "\r\n"));
        let before = before.unwrap_or_else(|error| panic!("{error}\n{}", self.shown));
        self.shown.push_str(&before);
        self.shown.push_str(text);
        self
    }

    /// Waits for the question of a secret, and until nothing that is typed is shown; then types.
    #[track_caller]
    fn answer(&mut self, question: &str, secret: &str) -> &mut Self {
        self.expect(question);
        while is_echoing(&self.device) {}
        self.session.send_line(secret).unwrap();
        self
    }

    /// Types a key together with Ctrl.
    fn control(&mut self, key: char) -> &mut Self {
        self.session.send_control(key).unwrap();
        self
    }

    /// Types a line that may be seen.
    fn line(&mut self, line: &str) -> &mut Self {
        self.session.send_line(line).unwrap();
        self
    }

    /// Waits for the end.
    #[track_caller]
    fn finish(&mut self) -> Ending {
        let rest = self.session.exp_eof();
        let rest = rest.unwrap_or_else(|error| panic!("{error}\n{}", self.shown));
        // What was read is one character for each byte.
        let bytes = self.shown.chars().chain(rest.chars()).map(|c| u8::try_from(c).unwrap());
        let shown = String::from_utf8(bytes.collect()).unwrap().replace("\r\n", "\n");
        let (shown, end) = shown.rsplit_once("exit ").unwrap_or_else(|| panic!("{shown}"));
        let (code, settings) = end.split_once('\n').unwrap();
        let echo = has_echo(settings);
        Ending { code: code.parse().unwrap(), shown: shown.to_owned(), echo }
    }
}

/// Whether a terminal shows what is typed.
fn is_echoing(device: &str) -> bool {
    let output = Command::new("stty").args(["-F", device, "-a"]).output().unwrap();
    has_echo(&String::from_utf8(output.stdout).unwrap())
}

fn has_echo(settings: &str) -> bool {
    let mut words = settings.split([' ', ';', '\n']).filter(|word| word.ends_with("echo"));
    words.next().expect("stty tells about echo") == "echo"
}

/// A publisher whom no variable helps.
fn person(server: &NotaryServer) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    notary.vars.clear();
    notary.write("file", "content\n");
    notary
}

/// A publisher with an unpublished collection and one staged change, whom no variable helps any
/// more.
fn publisher(server: &NotaryServer) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    notary.write("file", "content\n");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "file", "file"]).success();
    notary.vars.clear();
    notary
}
