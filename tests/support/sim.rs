//! Collections made in memory, for tests of the engine: any file can be doctored, signed by any
//! keys, and shown to the engine as a reader would get it.
//!
//! Nothing is checked here; bytes are made canonical and signed with what the library exports.

use std::collections::BTreeMap;
use std::sync::Arc;

use notary::keys::{self, PrivateKey};
use notary::tuf::canonical;
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, PublicKey, Signer as _, Signers};
use notary::tuf::metadata::FileMeta;
use notary::tuf::pem;
use notary::tuf::pin::Pin;
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::root_trust::{RootVerifier, TrustedRoot};
use notary::tuf::trusted::{Floors, TrustedSet};
use notary::tuf::walk::Node;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::read_golden;

/// The collection of the simulator.
pub const SIM_GUN: &str = "sim.example/app";

/// The present of the simulator.
pub fn sim_now() -> OffsetDateTime {
    OffsetDateTime::parse("2026-11-21T03:00:00Z", &Rfc3339).unwrap()
}

/// The name of a role that must be valid.
pub fn role(name: &str) -> RoleName {
    RoleName::parse(name).unwrap()
}

/// A private key, and the public key as metadata lists it.
#[derive(Clone)]
pub struct SimKey {
    pub private: Arc<PrivateKey>,
    pub public: PublicKey,
}

impl SimKey {
    /// A new key on P-256.
    pub fn new() -> Self {
        Self::bare(PrivateKey::generate_ecdsa_p256())
    }

    /// A new root key for the simulator's collection, with the certificate that `init` makes.
    pub fn root() -> Self {
        let key = Self::new();
        let gun = Gun::parse(SIM_GUN).unwrap();
        let public = keys::root_certificate(&gun, &*key.private, sim_now()).unwrap();
        key.listed_as(public)
    }

    /// A key of the golden files that is not encrypted, for instance
    /// `11-key-files/rsa-pkcs8-plain.key`.
    pub fn golden(path: &str) -> Self {
        let block = &pem::decode_all(&read_golden(path))[0];
        Self::bare(keys::open(block, None).unwrap())
    }

    fn bare(private: PrivateKey) -> Self {
        let public = private.public_key().clone();
        Self { private: Arc::new(private), public }
    }

    /// The same private key with another public key in the metadata.
    pub fn listed_as(&self, public: PublicKey) -> Self {
        Self { private: self.private.clone(), public }
    }

    /// The TUF id.
    pub fn id(&self) -> KeyId {
        self.public.id()
    }

    /// The public key as JSON.
    pub fn json(&self) -> Value {
        serde_json::to_value(&self.public).unwrap()
    }

    /// A signature over `message` as metadata has it.
    pub fn sign(&self, message: &[u8]) -> Value {
        let sig = data_encoding::BASE64.encode(&self.private.sign(message).unwrap());
        let method = self.private.method();
        json!({ "keyid": self.id(), "method": method.as_str(), "sig": sig })
    }
}

/// The private keys by canonical id, as publishing takes them.
pub fn signers<'a>(keys: impl IntoIterator<Item = &'a SimKey>) -> Signers {
    let signer = |key: &SimKey| (key.private.id().clone(), key.private.clone() as _);
    keys.into_iter().map(signer).collect()
}

/// The files of one version of a collection, by role.
pub type Files = BTreeMap<String, Vec<u8>>;

type Respell = Arc<dyn Fn(&str) -> String>;

/// A collection whose every file can be changed at will.
#[derive(Clone)]
pub struct Sim {
    pub gun: Gun,
    pub pin: Pin,
    pub now: OffsetDateTime,
    /// What is signed, by role.
    pub payloads: BTreeMap<String, Value>,
    /// Who signs, by role; also the keys that the role was made with.
    pub keys: BTreeMap<String, Vec<SimKey>>,
    /// Descriptions of files that are not the true ones; `None` leaves a file out.
    pub described: BTreeMap<String, Option<Value>>,
    /// Files that are published as they are.
    pub fixed: Files,
    respelled: BTreeMap<String, Respell>,
    signatures: BTreeMap<String, Value>,
}

impl Sim {
    /// A collection without targets, all of whose files have version 1.
    pub fn new() -> Self {
        let now = sim_now();
        let keys = RoleName::BASE.map(|role| {
            let key = if role == RoleName::ROOT { SimKey::root() } else { SimKey::new() };
            (role.as_str().to_owned(), vec![key])
        });
        let expires = |days| (now + Duration::days(days)).format(&Rfc3339).unwrap();
        let empty =
            |kind: &str, days| json!({"_type": kind, "expires": expires(days), "version": 1});
        let mut sim = Self {
            gun: Gun::parse(SIM_GUN).unwrap(),
            pin: Pin::FIRST_USE,
            now,
            payloads: BTreeMap::new(),
            keys: keys.clone().into(),
            described: BTreeMap::new(),
            fixed: Files::new(),
            respelled: BTreeMap::new(),
            signatures: BTreeMap::new(),
        };
        let mut root = empty("Root", 3650);
        root["consistent_snapshot"] = json!(false);
        root["keys"] = json!({});
        root["roles"] = json!({});
        sim.payloads.insert("root".into(), root);
        for (role, keys) in keys {
            sim.list_keys(&role, &keys, 1);
        }
        sim.payloads.insert("targets".into(), empty_targets(empty("Targets", 1095)));
        for (role, kind, days) in [("snapshot", "Snapshot", 1095), ("timestamp", "Timestamp", 14)] {
            let mut payload = empty(kind, days);
            payload["meta"] = json!({});
            sim.payloads.insert(role.into(), payload);
        }
        sim
    }

    /// What is signed for a role.
    pub fn payload(&mut self, role: &str) -> &mut Value {
        self.payloads.get_mut(role).unwrap_or_else(|| panic!("there is no {role}"))
    }

    /// Sets one value in what is signed for a role.
    pub fn set(&mut self, role: &str, pointer: &str, value: impl Into<Value>) -> &mut Self {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = self.payload(role).pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items[member.parse::<usize>().unwrap()] = value.into(),
            parent => parent[member] = value.into(),
        }
        self
    }

    /// Removes one value from what is signed for a role.
    pub fn unset(&mut self, role: &str, pointer: &str) -> &mut Self {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = self.payload(role).pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().remove(member).unwrap();
        self
    }

    /// Sets the version of a file.
    pub fn version(&mut self, role: &str, version: u64) -> &mut Self {
        self.set(role, "/version", version)
    }

    /// Sets the last moment of a file.
    pub fn expires(&mut self, role: &str, at: OffsetDateTime) -> &mut Self {
        self.set(role, "/expires", at.format(&Rfc3339).unwrap())
    }

    /// Lists `keys` as those of a base role in the root. Old keys stay in the file.
    pub fn list_keys(&mut self, role: &str, keys: &[SimKey], threshold: i64) -> &mut Self {
        let root = self.payload("root");
        for key in keys {
            root["keys"][key.id().as_str()] = key.json();
        }
        let ids: Vec<KeyId> = keys.iter().map(SimKey::id).collect();
        root["roles"][role] = json!({ "keyids": ids, "threshold": threshold });
        self
    }

    /// Has a file signed by these keys from now on, whatever the collection says.
    pub fn sign_with<'a>(
        &mut self,
        role: &str,
        keys: impl IntoIterator<Item = &'a SimKey>,
    ) -> &mut Self {
        self.keys.insert(role.to_owned(), keys.into_iter().cloned().collect());
        self
    }

    /// Gives a file these signatures instead of true ones.
    pub fn signatures(&mut self, role: &str, signatures: Value) -> &mut Self {
        self.signatures.insert(role.to_owned(), signatures);
        self
    }

    /// Changes the text of what is signed before it is signed.
    pub fn respell(&mut self, role: &str, change: impl Fn(&str) -> String + 'static) -> &mut Self {
        self.respelled.insert(role.to_owned(), Arc::new(change));
        self
    }

    /// Puts a target into a role; its content is `text`.
    pub fn add_target(&mut self, role: &str, name: &str, text: &str) -> &mut Self {
        let meta = serde_json::to_value(FileMeta::of(text.as_bytes())).unwrap();
        self.payload(role)["targets"][name] = meta;
        self
    }

    /// Adds a delegation with one new key, and a file of the role without targets.
    pub fn delegate(&mut self, name: &str, paths: &[&str]) -> &mut Self {
        self.delegate_to(name, paths, &[SimKey::new()], 1)
    }

    /// Adds a delegation, and a file of the role without targets.
    pub fn delegate_to(
        &mut self,
        name: &str,
        paths: &[&str],
        keys: &[SimKey],
        threshold: i64,
    ) -> &mut Self {
        let (parent, _) = name.rsplit_once('/').unwrap();
        let delegations = &mut self.payload(parent)["delegations"];
        for key in keys {
            delegations["keys"][key.id().as_str()] = key.json();
        }
        let ids: Vec<KeyId> = keys.iter().map(SimKey::id).collect();
        let entry = json!({"keyids": ids, "name": name, "paths": paths, "threshold": threshold});
        delegations["roles"].as_array_mut().unwrap().push(entry);
        self.sign_with(name, keys);
        let mut payload = self.payloads["targets"].clone();
        payload["version"] = json!(1);
        self.payloads.insert(name.to_owned(), empty_targets(payload));
        self
    }

    /// The file of a role as it would be published now.
    pub fn file(&self, role: &str) -> Vec<u8> {
        let signed = || self.encode(role, &self.payloads[role]);
        self.fixed.get(role).cloned().unwrap_or_else(signed)
    }

    fn encode(&self, role: &str, payload: &Value) -> Vec<u8> {
        if let Some(bytes) = self.fixed.get(role) {
            return bytes.clone();
        }
        let mut text = payload.to_string();
        if let Some(change) = self.respelled.get(role) {
            text = change(&text);
        }
        // What has no canonical form is signed as it stands.
        let message = canonical::from_text(text.as_bytes());
        let message = message.map_or_else(|_| text.as_bytes().to_vec(), |message| message.into());
        let true_ones = || self.keys[role].iter().map(|key| key.sign(&message)).collect();
        let signatures = self.signatures.get(role).cloned().unwrap_or_else(true_ones);
        format!("{{\"signed\":{text},\"signatures\":{signatures}}}").into_bytes()
    }

    /// The files of all roles: those of snapshot and timestamp describe the others.
    pub fn publish(&self) -> Files {
        let online = ["snapshot", "timestamp"];
        let names = self.payloads.keys().chain(self.fixed.keys());
        let names = names.filter(|role| !online.contains(&role.as_str()));
        let mut files: Files = names.map(|role| (role.clone(), self.file(role))).collect();
        let mut snapshot = self.payloads["snapshot"].clone();
        for (role, bytes) in &files {
            self.describe(&mut snapshot, role, bytes);
        }
        let snapshot = self.encode("snapshot", &snapshot);
        let mut timestamp = self.payloads["timestamp"].clone();
        self.describe(&mut timestamp, "snapshot", &snapshot);
        let timestamp = self.encode("timestamp", &timestamp);
        files.extend([("snapshot".into(), snapshot), ("timestamp".into(), timestamp)]);
        files
    }

    fn describe(&self, file: &mut Value, role: &str, bytes: &[u8]) {
        let truth = || Some(serde_json::to_value(FileMeta::of(bytes)).unwrap());
        if let Some(entry) = self.described.get(role).cloned().unwrap_or_else(truth) {
            file["meta"][role] = entry;
        }
    }

    /// The judge of the collection's roots.
    pub fn verifier(&self) -> RootVerifier<'_> {
        RootVerifier { gun: &self.gun, pin: &self.pin, now: self.now }
    }

    /// The root as somebody sees it who knows nothing of the collection.
    pub fn trusted_root(&self) -> Result<TrustedRoot, Error> {
        self.verifier().accept_first(&self.file("root"), 0)
    }

    /// What somebody reads who gets these files for the first time.
    pub fn read(&self, files: &Files) -> Result<TrustedSet, Error> {
        self.read_with(files, Floors::default())
    }

    /// What somebody reads who has accepted the versions in `floors` before.
    ///
    /// A delegation whose file is missing or refused is noted in the set, as when reading from a
    /// server.
    pub fn read_with(&self, files: &Files, floors: Floors) -> Result<TrustedSet, Error> {
        let root = self.verifier().accept_first(&files["root"], floors.of(&RoleName::ROOT))?;
        let mut set = TrustedSet::for_reading(root, self.now, floors);
        set.load_timestamp(&files["timestamp"])?;
        set.load_snapshot(&files["snapshot"])?;
        set.load_targets(&files["targets"])?;
        let mut level = vec![Node::top()];
        while !level.is_empty() {
            let children = |node: &Node| {
                set.targets_of(&node.role).map(|file| node.children(file)).unwrap_or_default()
            };
            level = level.iter().flat_map(children).collect();
            for node in level
                .iter()
                .filter(|node| set.wants(&node.role).is_some())
                .cloned()
                .collect::<Vec<_>>()
            {
                match files.get(node.role.as_str()) {
                    None => set.refuse(&node.role, None),
                    Some(bytes) => {
                        if let Err(why) = set.load_delegation(&node.role, bytes)
                            && !set.refused().contains_key(&node.role)
                        {
                            set.refuse(&node.role, Some(why));
                        }
                    }
                }
            }
        }
        Ok(set)
    }

    /// Publishes and reads.
    pub fn check(&self) -> Result<TrustedSet, Error> {
        self.read(&self.publish())
    }
}

fn empty_targets(mut payload: Value) -> Value {
    payload["delegations"] = json!({"keys": {}, "roles": []});
    payload["targets"] = json!({});
    payload
}
