//! The tree of delegations: who may sign which names, and whose entry for a name counts.
//!
//! `formats.md` §5: a role may sign the names that begin with one of its *effective* paths. Those
//! of `targets` are everything; those of a delegation are its own paths that begin with one of
//! its parent's effective paths. Roles are visited breadth first, so a shallower role's entry for
//! a name hides those of deeper roles, and an earlier sibling's those of later ones.
//!
//! A role whose file was refused cannot say which names it signed. If its publisher signed
//! something unusable (expired, too few signatures, a weak certificate), the role is passed over,
//! as Notary always did. If the file is missing or is another one than the snapshot describes, a
//! server may be hiding it to let a lower role's entry shine through; therefore the names that
//! such a role might have signed are withheld in all roles that come after it. With a role, all
//! that lies below it is hidden: whoever asks for a role below gets nothing from lower ones, either.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;

use super::error::Error;
use super::key::KeyId;
use super::metadata::FileMeta;
use super::role::RoleName;
use super::targets::{Delegation, Targets};
use super::trusted::{Refused, TrustedSet};

/// Whether one of the prefixes allows `name`.
pub fn allows(paths: &[String], name: &str) -> bool {
    paths.iter().any(|path| name.starts_with(path.as_str()))
}

/// A role and the prefixes of the names that it may sign in fact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Node {
    /// The role.
    pub role: RoleName,
    /// Its effective paths.
    pub paths: Vec<String>,
}

impl Node {
    /// The top of the tree.
    pub fn top() -> Self {
        Self { role: RoleName::TARGETS, paths: vec![String::new()] }
    }

    /// The roles directly below this one, in the order of its file.
    pub fn children(&self, file: &Targets) -> Vec<Node> {
        let mut seen = BTreeSet::new();
        let mut children: Vec<Node> = Vec::new();
        for delegation in file.delegations.roles() {
            let Ok(role) = RoleName::parse(&delegation.name) else { continue };
            // Of two entries for one role the first is in force.
            if seen.insert(role.clone()) {
                children.push(self.child(role, delegation));
            }
        }
        children
    }

    fn child(&self, role: RoleName, delegation: &Delegation) -> Node {
        let within = |path: &&String| allows(&self.paths, path);
        Node { role, paths: delegation.paths.iter().filter(within).cloned().collect() }
    }
}

/// Walks the tree breadth first.
///
/// With `below`, only that role and those under it are visited. With `name`, only roles that may
/// sign it. Roles in `skip` and everything under them are left out, and so is everything under a
/// role that has no file. `visit` gets each role with its file, if it has one.
pub fn walk<'a>(
    file_of: impl Fn(&RoleName) -> Option<&'a Targets>,
    below: &RoleName,
    name: Option<&str>,
    skip: &[RoleName],
    mut visit: impl FnMut(&Node, Option<&'a Targets>) -> ControlFlow<()>,
) {
    let mut queue = VecDeque::from([Node::top()]);
    while let Some(node) = queue.pop_front() {
        let file = file_of(&node.role);
        if !node.role.is_ancestor_of(below) {
            let in_subtree = node.role == *below || below.is_ancestor_of(&node.role);
            let may_sign = name.is_none_or(|name| allows(&node.paths, name));
            if !in_subtree || !may_sign || skip.contains(&node.role) {
                continue;
            }
            if visit(&node, file).is_break() {
                return;
            }
        }
        queue.extend(file.map(|file| node.children(file)).unwrap_or_default());
    }
}

/// A targets role and those who may sign it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signer {
    /// Canonical ids of its keys.
    pub keys: BTreeSet<KeyId>,
    /// The role and its effective paths.
    pub node: Node,
}

impl Signer {
    /// Whether the role may sign `name`.
    pub fn may_sign(&self, name: &str) -> bool {
        allows(&self.node.paths, name)
    }
}

/// All targets roles in the order in which they are walked, `top` being the keys of the first.
pub fn signers<'a>(
    file_of: impl Fn(&RoleName) -> Option<&'a Targets>,
    top: BTreeSet<KeyId>,
) -> Vec<Signer> {
    let mut keys = BTreeMap::from([(RoleName::TARGETS, top)]);
    let mut signers = Vec::new();
    walk(file_of, &RoleName::TARGETS, None, &[], |node, file| {
        if let Some(Targets { delegations, .. }) = file {
            let canonical: BTreeMap<&KeyId, KeyId> =
                delegations.keys.iter().map(|(id, key)| (id, key.canonical_id())).collect();
            for delegation in delegations.roles() {
                let Ok(role) = RoleName::parse(&delegation.name) else { continue };
                let ids = delegation.key_ids().iter().filter_map(|id| canonical.get(id).cloned());
                keys.entry(role).or_insert_with(|| ids.collect());
            }
        }
        let keys = keys.remove(&node.role).unwrap_or_default();
        signers.push(Signer { keys, node: node.clone() });
        ControlFlow::Continue(())
    });
    signers
}

/// Where a signed target was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found<'a> {
    /// The role that signed it.
    pub role: RoleName,
    /// What is known about the file.
    pub meta: &'a FileMeta,
}

/// The answer to the question for one name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Lookup<'a> {
    /// The entry that counts.
    Found(Found<'a>),
    /// No role that may sign the name has it.
    Missing,
    /// A role that may have signed the name cannot be read, so no lower role's entry counts.
    Withheld {
        /// The role that cannot be read.
        role: RoleName,
        /// Why; `None` when its file is missing.
        why: Option<Error>,
    },
}

/// All names of a collection, and what had to be left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Listing<'a> {
    /// The entry that counts for each name.
    pub targets: BTreeMap<&'a str, Found<'a>>,
    /// How many entries were withheld because of roles that cannot be read.
    pub withheld: usize,
}

impl TrustedSet {
    /// Looks `name` up in the given roles, highest priority first; in `targets` if none is given.
    pub fn lookup(&self, name: &str, roles: &[RoleName]) -> Lookup<'_> {
        let mut result = Lookup::Missing;
        for (below, others) in priorities(roles) {
            if let Some((node, refused)) = self.hidden_above(below)
                && allows(&node.paths, name)
            {
                return Lookup::Withheld { role: node.role, why: refused.why.clone() };
            }
            walk(
                |role| self.targets_of(role),
                below,
                Some(name),
                &others,
                |node, file| {
                    if let Some(refused) = self.withholding(&node.role) {
                        let (role, why) = (node.role.clone(), refused.why.clone());
                        result = Lookup::Withheld { role, why };
                    } else if let Some(meta) = file.and_then(|file| file.targets.get(name)) {
                        result = Lookup::Found(Found { role: node.role.clone(), meta });
                    } else {
                        return ControlFlow::Continue(());
                    }
                    ControlFlow::Break(())
                },
            );
            if result != Lookup::Missing {
                break;
            }
        }
        result
    }

    /// Lists the names in the given roles, highest priority first; in `targets` if none is given.
    pub fn list(&self, roles: &[RoleName]) -> Listing<'_> {
        let mut listing = Listing::default();
        let mut withheld_paths: Vec<String> = Vec::new();
        for (below, others) in priorities(roles) {
            let hidden = self.hidden_above(below);
            withheld_paths.extend(hidden.into_iter().flat_map(|(node, _)| node.paths));
            walk(
                |role| self.targets_of(role),
                below,
                None,
                &others,
                |node, file| {
                    if self.withholding(&node.role).is_some() {
                        withheld_paths.extend(node.paths.iter().cloned());
                    }
                    for (name, meta) in file.iter().flat_map(|file| &file.targets) {
                        if !allows(&node.paths, name) || listing.targets.contains_key(name.as_str())
                        {
                            continue;
                        }
                        if allows(&withheld_paths, name) {
                            listing.withheld += 1;
                            continue;
                        }
                        let role = node.role.clone();
                        listing.targets.insert(name, Found { role, meta });
                    }
                    ControlFlow::Continue(())
                },
            );
        }
        listing
    }

    /// A role whose file was refused and that may have signed `name`, which no other role has: one of
    /// the given roles, `targets` if none is given, or one above or below them.
    pub fn refused_signer(&self, name: &str, roles: &[RoleName]) -> Option<(&RoleName, &Refused)> {
        self.refused().iter().find(|(role, _)| {
            let is_asked = |asked: &&RoleName| {
                asked == role || asked.is_ancestor_of(role) || role.is_ancestor_of(asked)
            };
            let may_sign = |paths: Vec<String>| allows(&paths, name);
            (roles.is_empty() || roles.iter().any(|asked| is_asked(&asked)))
                && self.effective_paths(role).is_some_and(may_sign)
        })
    }

    /// The effective paths of a role, or `None` when no chain of loaded files leads to it.
    pub fn effective_paths(&self, role: &RoleName) -> Option<Vec<String>> {
        effective_paths(|role| self.targets_of(role), role)
    }

    /// The role above `below` that withholds names. There is at most one, since nothing below it
    /// is known.
    fn hidden_above(&self, below: &RoleName) -> Option<(Node, &Refused)> {
        let mut above = std::iter::successors(below.parent(), RoleName::parent);
        let (role, refused) =
            above.find_map(|role| Some((role.clone(), self.withholding(&role)?)))?;
        let paths = self.effective_paths(&role)?;
        Some((Node { role, paths }, refused))
    }

    fn withholding(&self, role: &RoleName) -> Option<&Refused> {
        self.refused().get(role).filter(|refused| refused.may_be_tampering())
    }
}

/// The effective paths of a role, or `None` when no chain of files leads to it.
pub fn effective_paths<'a>(
    file_of: impl Fn(&RoleName) -> Option<&'a Targets>,
    role: &RoleName,
) -> Option<Vec<String>> {
    let mut chain: Vec<_> = std::iter::successors(Some(role.clone()), RoleName::parent).collect();
    let mut node = Node::top();
    if chain.pop().as_ref() != Some(&node.role) {
        return None;
    }
    for role in chain.into_iter().rev() {
        let delegation = file_of(&node.role)?.delegations.role(&role)?;
        node = node.child(role, delegation);
    }
    Some(node.paths)
}

/// Each role together with the others, which its own walk leaves out.
fn priorities(roles: &[RoleName]) -> Vec<(&RoleName, Vec<RoleName>)> {
    static DEFAULT: [RoleName; 1] = [RoleName::TARGETS];
    let roles = if roles.is_empty() { &DEFAULT } else { roles };
    let others = |role: &RoleName| roles.iter().filter(|other| *other != role).cloned().collect();
    roles.iter().map(|role| (role, others(role))).collect()
}
