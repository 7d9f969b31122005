//! What a token is asked for: `repository:NAME:ACTIONS`, as token servers of registries know it.
//!
//! Names may have a port in them (`host:5000/app`), so a scope is taken apart from its ends: the
//! kind is in front of the first colon, the actions are behind the last one.

use std::fmt;

use crate::remote::Access;

/// Leave to do something with one collection or one repository of a registry.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Scope {
    kind: String,
    name: String,
    actions: Vec<String>,
}

impl Scope {
    /// The leave to do what `access` says with a collection or a repository.
    pub fn repository(name: &str, access: Access) -> Self {
        // Notary-go: the actions in this order, and `*` alone (`formats.md` §8.2).
        let actions: &[&str] = match access {
            Access::Pull => &["pull"],
            Access::Push => &["push", "pull"],
            Access::All => &["*"],
        };
        Self::new("repository", name, actions.iter().map(|&action| action.to_owned()).collect())
    }

    /// No leave at all: a token for it only shows that the login is right.
    pub(in crate::remote) fn nothing() -> Self {
        Self::new("", "", Vec::new())
    }

    /// Whether it is no leave at all.
    pub(super) fn is_nothing(&self) -> bool {
        self.kind.is_empty()
    }

    /// A scope of these parts.
    pub(super) fn new(kind: &str, name: &str, actions: Vec<String>) -> Self {
        Self { kind: kind.to_owned(), name: name.to_owned(), actions }
    }

    /// Reads a scope, as it stands in challenges and in the answers of token servers.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        let actions = actions.split(',').map(str::trim).filter(|action| !action.is_empty());
        Some(Self::new(kind, name, actions.map(str::to_owned).collect()))
    }

    /// The actions, for instance `push` and `pull`.
    pub fn actions(&self) -> &[String] {
        &self.actions
    }

    /// Whether a login is needed in any case, as far as one can tell: nobody lets everybody write.
    pub(super) fn writes(&self) -> bool {
        self.actions.iter().any(|action| action != "pull")
    }

    /// The actions that `granted` allows on the same thing.
    pub(super) fn granted_by(&self, granted: &[Self]) -> Vec<String> {
        let same = granted.iter().filter(|one| one.kind == self.kind && one.name == self.name);
        let mut actions: Vec<_> = same.flat_map(|one| one.actions.iter().cloned()).collect();
        actions.sort();
        actions.dedup();
        actions
    }

    /// Whether these actions are all that is asked for.
    pub(super) fn is_covered_by(&self, actions: &[String]) -> bool {
        let is_granted = |action| actions.iter().any(|granted| granted == action || granted == "*");
        self.actions.iter().all(is_granted)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nothing() {
            return Ok(());
        }
        write!(f, "{}:{}:{}", self.kind, self.name, self.actions.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_have_ports() {
        let scope = Scope::repository("host.example:5000/a/b", Access::Push);
        assert_eq!(scope.to_string(), "repository:host.example:5000/a/b:push,pull");
        assert_eq!(Scope::parse(&scope.to_string()), Some(scope));
        let all = Scope::parse("registry:catalog:*").unwrap();
        assert_eq!((all.name.as_str(), all.actions()), ("catalog", &["*".to_owned()][..]));
        for text in ["", "repository", "repository:name"] {
            assert_eq!(Scope::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_is_granted_for_the_same_thing_counts() {
        let asked = Scope::repository("a:1/b", Access::Push);
        let granted = |scopes: &[&str]| {
            let scopes: Vec<_> = scopes.iter().map(|text| Scope::parse(text).unwrap()).collect();
            asked.granted_by(&scopes)
        };
        assert_eq!(granted(&["repository:a:1/b:pull", "repository:a:1/b:push"]), ["pull", "push"]);
        assert_eq!(granted(&["repository:a:1/c:pull", "registry:a:1/b:pull"]), [""; 0]);
        assert!(asked.is_covered_by(&["*".to_owned()]));
        assert!(!asked.is_covered_by(&["pull".to_owned()]));
    }
}
