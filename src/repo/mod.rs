//! Use cases: what a publisher or a reader does with one collection.
//!
//! They put engine and adapters together and return reports; they print nothing, ask nobody and
//! read neither the environment nor the clock.
//!
//! * [`update`] gets the present state, [`read`] answers questions about it, [`image`] those of
//!   Docker.
//! * [`create`] makes and removes collections, [`stage`] notes changes, [`delegate`] those of
//!   delegations, and [`choose_role`] says who is to sign targets.
//! * [`push`] edits the present state, signs and uploads: for [`publish`], which lets [`rebase`]
//!   replay staged changes, and for [`rotate`], which replaces keys. [`republish`] helps when the
//!   server has nothing.
//! * [`partial`] is for what has to be signed on several machines.
//! * [`pins`] is what the user accepts as root, [`trust`] shows, pins and forgets it.
//! * [`inventory`] tells which keys are used where, [`who`] who may sign what.

pub mod choose_role;
pub mod create;
pub mod delegate;
pub mod image;
pub mod inventory;
mod load;
pub mod partial;
pub mod pins;
pub mod publish;
pub mod push;
pub mod read;
pub mod rebase;
pub mod republish;
pub mod rotate;
pub mod stage;
pub mod trust;
pub mod update;
pub mod who;

use std::io;
use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use crate::changelist::{Changelist, UnreadableChange};
use crate::fsutil::PathError;
use crate::keys::KeyError;
use crate::remote::{Remote, RemoteError, RemoteErrorKind};
use crate::store::{MetadataStore, StoreError};
use crate::tuf::edit::EditError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::KeyId;
use crate::tuf::partial::PartialError;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::SignError;
use crate::tuf::verify::KeySet;

/// One collection with all that is needed to work on it.
#[derive(Clone, Copy)]
pub struct Collection<'a> {
    /// Its name.
    pub gun: &'a Gun,
    /// Its staged changes.
    pub changelist: &'a dyn Changelist,
    /// What has been read of its metadata on this machine.
    pub known: &'a update::KnownState,
    /// The present; the same during a whole run.
    pub now: OffsetDateTime,
    /// Whether the server must not be asked.
    pub offline: bool,
    /// Told when it is trusted although it was not known here.
    pub on_first_use: &'a dyn Fn(&pins::FirstUse<'_>),
    /// Which roots the user accepts.
    pub pins: &'a pins::Pins,
    /// Its server.
    pub remote: &'a dyn Remote,
    /// Its metadata on this machine.
    pub store: &'a dyn MetadataStore,
}

/// Why something could not be done with a collection.
#[derive(Debug, Error)]
pub enum Error {
    /// The chain of roots has a hole.
    #[error("root version {version} is needed to follow the change of root keys")]
    BrokenRootChain {
        /// The version that is missing.
        version: u64,
        /// What the server said.
        #[source]
        error: RemoteError,
    },
    /// A staged change does not fit the collection.
    #[error("staged change {index} ({summary}) cannot be applied")]
    Change {
        /// Its number, as shown by `status`.
        index: usize,
        /// What it would do.
        summary: String,
        /// Why it does not fit.
        #[source]
        why: Box<rebase::ChangeProblem>,
    },
    /// A damaged file of a staged change.
    #[error(transparent)]
    ChangeFile(#[from] UnreadableChange),
    /// The server does not have a collection that is known here.
    #[error("{server} does not have {gun} any more, or never had it")]
    CollectionGone {
        /// The collection.
        gun: Gun,
        /// The server.
        server: String,
    },
    /// An image that is not signed as it should be.
    #[error(transparent)]
    Image(#[from] image::ImageError),
    /// What is on this machine is not enough to publish it, and the server has nothing.
    #[error("the copy of {gun} on this machine lacks {role}, and the server has none either")]
    CopyGone {
        /// The collection.
        gun: Gun,
        /// Whose file is not there.
        role: RoleName,
    },
    /// Something is to be created that is there.
    #[error("{gun} exists already {place}")]
    Exists {
        /// The collection.
        gun: Gun,
        /// Where.
        place: create::Place,
    },
    /// Something that was downloaded is not there any more, or damaged.
    #[error("the copy of {gun} on this machine lacks {role}, or has another version of it")]
    IncompleteCopy {
        /// The collection.
        gun: Gun,
        /// Whose file is not there.
        role: RoleName,
    },
    /// A key that cannot be had or used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The server does not take a new collection whose root has been changed too often.
    #[error(
        "a Notary server takes a collection that it does not know with root version 1 or 2, but \
         that of {gun} has version {version}"
    )]
    LateFirstRoot {
        /// The collection.
        gun: Gun,
        /// The version of the root.
        version: u64,
        /// What the server said.
        #[source]
        error: RemoteError,
    },
    /// A change of the collection that is not possible.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Everybody else publishes faster than we do.
    #[error("other publishers were faster {attempts} times in a row")]
    LostRaces {
        /// How often we tried.
        attempts: u32,
        /// What the server said in the end.
        #[source]
        error: RemoteError,
    },
    /// A payload is not what was signed.
    #[error("the payload is not {:?} as it was signed", .0.target.name)]
    Mismatch(Box<read::Mismatch>),
    /// Nothing was ever downloaded.
    #[error("there is no copy of {gun} on this machine")]
    NoCopy {
        /// The collection.
        gun: Gun,
    },
    /// A target that was signed with unknown kinds of hashes only.
    #[error("{name:?} was signed without any hash that can be checked")]
    NoKnownHash {
        /// The target.
        name: String,
    },
    /// Neither the server nor this machine knows the collection.
    #[error("{server} does not have {gun}")]
    NoSuchCollection {
        /// The collection.
        gun: Gun,
        /// The server.
        server: String,
    },
    /// No role that may sign the name has it.
    #[error("{gun} has no target {name:?}")]
    NoSuchTarget {
        /// The collection.
        gun: Gun,
        /// The target.
        name: String,
    },
    /// The server cannot be reached, and what is cached does not do.
    #[error("{remote}, and the copy on this machine cannot be used")]
    NoUsableCopy {
        /// Why the server does not help.
        remote: RemoteError,
        /// Why the cache does not help.
        #[source]
        cache: Box<Error>,
    },
    /// A collection that is not on this machine is to be deleted from it.
    #[error("there is no copy of {gun} on this machine to delete")]
    NothingToDelete {
        /// The collection.
        gun: Gun,
    },
    /// Something needs the server although the user said not to ask it.
    #[error("this needs the server")]
    Offline,
    /// A publication that was prepared elsewhere and cannot be used.
    #[error("the partial publication cannot be used")]
    Partial(#[from] PartialError),
    /// A failed operation on a file.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The payload could not be read, or what was read could not be written.
    #[error("the payload cannot be copied")]
    Payload(#[source] io::Error),
    /// A failed request.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The keys of a role cannot be replaced as wanted.
    #[error(transparent)]
    Rotate(#[from] rotate::RotateError),
    /// New metadata could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The server does not have the key any more that the root names, and the root cannot be signed.
    #[error("the server has another {role} key than the root of {gun} says")]
    ServerKeyChanged {
        /// The collection.
        gun: Gun,
        /// The role that the server signs.
        role: RoleName,
        /// Why the root cannot be signed anew.
        #[source]
        why: Box<EditError>,
    },
    /// A new collection could have several root keys.
    #[error("there are {} root keys on this machine", keys.len())]
    SeveralRootKeys {
        /// Their canonical ids.
        keys: Vec<KeyId>,
    },
    /// The snapshot can only be made by somebody else.
    #[error("neither this machine nor the server has the snapshot key of {gun}")]
    SnapshotKeyElsewhere {
        /// The collection.
        gun: Gun,
        /// Canonical ids of the keys that could sign the snapshot.
        keys: Vec<KeyId>,
        /// What the server said.
        #[source]
        error: RemoteError,
    },
    /// Nothing would be in a partial publication.
    #[error(
        "there is nothing to sign for {gun}: no change is staged, or the server has it already"
    )]
    NothingToSign {
        /// The collection.
        gun: Gun,
    },
    /// What was prepared for several signers is not signed by enough of them.
    #[error("not all signatures are there yet: {}", partial::in_words(.lacking))]
    UnderSigned {
        /// For each role the sets of keys that have not signed; the threshold is the number that is
        /// missing.
        lacking: Vec<(RoleName, Vec<KeySet>)>,
    },
    /// A collection that the server has never had is not for several signers.
    #[error("{gun} has never been published, so it cannot be signed on several machines yet")]
    Unpublished {
        /// The collection.
        gun: Gun,
    },
    /// Something that cannot be staged.
    #[error(transparent)]
    Stage(#[from] stage::StageError),
    /// A failed operation on the cache.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A role that may have signed the name cannot be read.
    #[error("{role}, which may have signed {name:?}, cannot be read")]
    TargetWithheld {
        /// The target.
        name: String,
        /// The role.
        role: RoleName,
        /// What is wrong with it; `None` when its file is missing.
        #[source]
        why: Option<TrustError>,
    },
    /// Metadata that is not accepted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// No role can be chosen for targets.
    #[error(transparent)]
    Role(#[from] choose_role::RoleChoiceError),
    /// The server says that it took the new keys of a role, but was not seen to serve them.
    #[error(
        "the new {role} key was sent, but the server was not seen to have it; the old one is kept"
    )]
    Unconfirmed {
        /// The role.
        role: RoleName,
        /// Why the server could not be read.
        #[source]
        why: Option<Box<Error>>,
    },
    /// A change that is to be staged does not fit the collection.
    #[error("cannot {summary}, judged by {against}; nothing is staged")]
    Unfit {
        /// What it was judged by.
        against: stage::Against,
        /// What the change would do.
        summary: String,
        /// Why it does not fit.
        #[source]
        why: Box<rebase::ChangeProblem>,
    },
    /// The root in the cache cannot be the anchor of trust.
    #[error("the trusted root `{}` cannot be used", path.display())]
    UnusableAnchor {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: TrustError,
    },
}

impl Error {
    /// Whether there is no state that anybody could have told: nobody answers, nobody was to be asked,
    /// or the server never had the collection.
    fn is_no_answer(&self) -> bool {
        match self {
            Self::NoCopy { .. } | Self::NoSuchCollection { .. } | Self::NoUsableCopy { .. } => true,
            Self::Remote(error) => error.kind == RemoteErrorKind::Unreachable,
            _ => false,
        }
    }

    /// Whether nothing may be staged although what is staged is judged again when it is published:
    /// somebody ended it, or what there is of the collection is not to be trusted. What is merely
    /// outdated can be signed again, and that has to be staged.
    fn is_end_of_staging(&self) -> bool {
        match self {
            Self::Remote(error) => error.kind.is_interruption(),
            Self::Key(error) => error.is_interruption(),
            Self::BrokenRootChain { .. } => true,
            // One that is merely damaged tells nothing.
            Self::UnusableAnchor { source, .. } => matches!(source, TrustError::Pin(_)),
            Self::Trust(error) => !matches!(error, TrustError::Expired { .. }),
            _ => false,
        }
    }
}
