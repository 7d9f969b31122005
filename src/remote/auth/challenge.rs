//! What servers answer to those who do not say who they are: the header `WWW-Authenticate`
//! (RFC 9110 §11.6.1).
//!
//! One header may have several challenges, and an answer several headers. A challenge is a scheme
//! with parameters or with one opaque word. The rules:
//!
//! * Names of schemes and parameters are the same in capitals and in small letters.
//! * Values are tokens or quoted strings, in which commas mean nothing and a backslash takes away
//!   the meaning of the next character.
//! * A challenge that breaks the grammar, or says a parameter twice, does not count, and what
//!   follows it in the same header neither: nobody knows where it begins. Those before it count.
//! * What is longer than any honest header is not read.

/// The most bytes of a header that is read.
const MAX_HEADER: usize = 16 << 10;
/// The most challenges of one header.
const MAX_CHALLENGES: usize = 16;
/// The most parameters of one challenge.
const MAX_PARAMETERS: usize = 32;

/// One way in which a server lets users say who they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge {
    /// Its name, in small letters.
    pub scheme: String,
    /// The names, in small letters, and the values of its parameters.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Reads a header.
    pub fn parse_all(header: &str) -> Vec<Self> {
        let mut challenges = Vec::new();
        if header.len() > MAX_HEADER {
            return challenges;
        }
        let mut reader = Reader { rest: header };
        reader.skip_separators();
        while !reader.rest.is_empty() && challenges.len() < MAX_CHALLENGES {
            let Some(challenge) = reader.challenge() else { break };
            challenges.push(challenge);
        }
        challenges
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What is left of a header.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// A challenge and the separators behind it; `None` if there is something else.
    fn challenge(&mut self) -> Option<Challenge> {
        let scheme = self.token()?.to_ascii_lowercase();
        let mut challenge = Challenge { scheme, parameters: Vec::new() };
        if self.is_at_end_of_element() {
            self.skip_separators();
            return Some(challenge);
        }
        // Only blanks part the scheme from what belongs to it.
        let is_parted = self.skip_blanks();
        if !is_parted {
            return None;
        }
        if self.skip_opaque_word() {
            self.skip_separators();
            return Some(challenge);
        }
        loop {
            let (name, value) = self.parameter()?;
            if challenge.parameter(&name).is_some() || challenge.parameters.len() == MAX_PARAMETERS
            {
                return None;
            }
            challenge.parameters.push((name, value));
            if !self.is_at_end_of_element() {
                return None;
            }
            self.skip_separators();
            if self.rest.is_empty() || !self.is_at_parameter() {
                return Some(challenge);
            }
        }
    }

    /// The word of challenges such as `Negotiate YWJj==` (`token68`), which must be all of it.
    fn skip_opaque_word(&mut self) -> bool {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
        let behind = self.rest.trim_start_matches(is_fit);
        let mut after = Self { rest: behind.trim_start_matches('=') };
        let is_word = behind.len() < self.rest.len() && after.is_at_end_of_element();
        if is_word {
            self.rest = after.rest;
        }
        is_word
    }

    fn is_at_parameter(&self) -> bool {
        let mut ahead = Self { rest: self.rest };
        ahead.token().is_some() && {
            ahead.skip_blanks();
            ahead.rest.starts_with('=')
        }
    }

    fn parameter(&mut self) -> Option<(String, String)> {
        let name = self.token()?.to_ascii_lowercase();
        self.skip_blanks();
        self.rest = self.rest.strip_prefix('=')?;
        self.skip_blanks();
        let value = match self.rest.starts_with('"') {
            true => self.quoted()?,
            false => self.token()?.to_owned(),
        };
        Some((name, value))
    }

    fn token(&mut self) -> Option<&'a str> {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let behind = self.rest.trim_start_matches(is_fit);
        let (token, rest) = self.rest.split_at(self.rest.len() - behind.len());
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut characters = self.rest.strip_prefix('"')?.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next().filter(is_text)?),
                c if is_text(&c) => value.push(c),
                _ => return None,
            }
        }
        self.rest = characters.as_str();
        Some(value)
    }

    fn skip_blanks(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        self.rest.len() < before
    }

    /// Elements of the list may be empty.
    fn skip_separators(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',']);
    }

    /// Whether nothing but a comma can follow.
    fn is_at_end_of_element(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with(',')
    }
}

/// Whether a character may stand in a quoted string; control characters may not.
fn is_text(c: &char) -> bool {
    *c == '\t' || !c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schemes with their parameters.
    fn parsed(header: &str) -> Vec<(String, Vec<(String, String)>)> {
        let challenges = Challenge::parse_all(header).into_iter();
        challenges.map(|challenge| (challenge.scheme, challenge.parameters)).collect()
    }

    fn of(scheme: &str, parameters: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        (scheme.to_owned(), parameters.iter().map(owned).collect())
    }

    #[test]
    fn the_grammar_of_rfc_9110_is_understood() {
        let realm = ("realm", "https://auth.example/token");
        for (header, expected) in [
            (
                r#"Bearer realm="https://auth.example/token",service="a",scope="repository:h:5/x:push,pull""#,
                vec![of(
                    "bearer",
                    &[realm, ("service", "a"), ("scope", "repository:h:5/x:push,pull")],
                )],
            ),
            (
                r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#,
                vec![
                    of(
                        "newauth",
                        &[("realm", "apps"), ("type", "1"), ("title", "Login to \"apps\"")],
                    ),
                    of("basic", &[("realm", "simple")]),
                ],
            ),
            ("BASIC REALM = \t\"x\" , ,", vec![of("basic", &[("realm", "x")])]),
            (
                "Negotiate, NTLM,Negotiate YWJj==,Basic realm=x",
                vec![
                    of("negotiate", &[]),
                    of("ntlm", &[]),
                    of("negotiate", &[]),
                    of("basic", &[("realm", "x")]),
                ],
            ),
            (r#", Basic realm="\\\"""#, vec![of("basic", &[("realm", "\\\"")])]),
            (
                r#"Basic realm="", charset="UTF-8""#,
                vec![of("basic", &[("realm", ""), ("charset", "UTF-8")])],
            ),
            ("", vec![]),
        ] {
            assert_eq!(parsed(header), expected, "{header}");
        }
    }

    #[test]
    fn what_breaks_the_grammar_does_not_count_nor_what_follows() {
        for header in [
            r#"Bearer realm="https://open"#,
            r#"Bearer realm="x"service="y""#,
            r#"Bearer realm="x",realm="y""#,
            "Bearer realm=https://auth.example/token",
            r#"Bearer realm="x\"#,
            "Bearer realm=\"a\nb\"",
            "Bearer realm=;, Basic realm=x",
            "=x",
            "\"Bearer\" realm=x",
            "B\u{e9}arer realm=x",
        ] {
            let found = parsed(header);
            assert!(found.iter().all(|(scheme, _)| scheme != "basic"), "{header} {found:?}");
            let basic = parsed(&format!("Basic realm=\"first\", {header}"));
            assert_eq!(basic[0], of("basic", &[("realm", "first")]), "{header}");
            assert!(parsed(header).iter().all(|(_, parameters)| parameters.is_empty()), "{header}");
        }
        assert_eq!(parsed(&format!("Basic realm=\"{}\"", "x".repeat(MAX_HEADER))), []);
    }

    /// Numbers that look random, and are the same every time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) as usize % limit
        }

        fn text(&mut self, alphabet: &str, most: usize) -> String {
            let letters: Vec<char> = alphabet.chars().collect();
            (0..self.below(most) + 1).map(|_| letters[self.below(letters.len())]).collect()
        }
    }

    /// A way to write a challenge down.
    fn written(numbers: &mut Numbers, challenge: &(String, Vec<(String, String)>)) -> String {
        let mut blanks = || [" ", "", "\t", "  "][numbers.below(4)].to_owned();
        let mut text = challenge.0.clone();
        for (index, (name, value)) in challenge.1.iter().enumerate() {
            let before = if index == 0 { " ".to_owned() } else { format!("{},", blanks()) };
            text.push_str(&format!("{before}{}{name}{}={}\"", blanks(), blanks(), blanks()));
            for c in value.chars() {
                text.push_str(if "\"\\".contains(c) { "\\" } else { "" });
                text.push(c);
            }
            text.push('"');
        }
        text
    }

    #[test]
    fn what_is_written_down_is_read_again() {
        let mut numbers = Numbers(1);
        for _ in 0..5000 {
            let mut challenges = Vec::new();
            for _ in 0..numbers.below(4) {
                let scheme = numbers.text("abcxyz-.", 8);
                let mut parameters: Vec<(String, String)> = Vec::new();
                for _ in 0..numbers.below(5) {
                    let name = numbers.text("abcdefgh", 6);
                    if parameters.iter().all(|(known, _)| *known != name) {
                        parameters.push((name, numbers.text("ab ,=\"\\é:/", 12)));
                    }
                }
                challenges.push((scheme, parameters));
            }
            let texts: Vec<_> = challenges.iter().map(|one| written(&mut numbers, one)).collect();
            let header = texts.join([",", ", ", " ,, "][numbers.below(3)]);
            assert_eq!(parsed(&header), challenges, "{header}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        let mut numbers = Numbers(2);
        for _ in 0..50_000 {
            let header = numbers.text("Ba r,=\"\\\té\u{0}/", 40);
            for (scheme, parameters) in parsed(&header) {
                assert!(!scheme.is_empty() && !scheme.contains([' ', '"', ',']), "{header:?}");
                assert!(parameters.iter().all(|(name, _)| !name.is_empty()), "{header:?}");
            }
        }
    }
}
