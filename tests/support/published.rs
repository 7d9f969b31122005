//! Collections as a server hands them out, made of files.

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::HEXLOWER;

use super::{Files, HttpServer, Request, Response, SIM_GUN, golden, snapshot_of};

/// The files of one collection on a server, by the last part of their address.
#[derive(Clone, Debug)]
pub struct Published {
    gun: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Published {
    /// A collection that the server does not have.
    pub fn empty(gun: &str) -> Self {
        Self { gun: gun.to_owned(), files: BTreeMap::new() }
    }

    /// The `server` directory of a golden scenario.
    pub fn golden(scenario: &str, gun: &str) -> Self {
        Self::directory(&golden(scenario).join("server"), gun)
    }

    /// The files of a directory: each under its name and, unless the name has a version, under its
    /// hash.
    pub fn directory(directory: &Path, gun: &str) -> Self {
        let mut published = Self::empty(gun);
        for (path, bytes) in snapshot_of(directory) {
            let name = path.to_str().unwrap();
            match name.strip_suffix(".json") {
                Some(role) if !role.contains('.') => published.put(role, bytes),
                _ => published.put_as(name, bytes),
            }
        }
        published
    }

    /// Files of the simulator.
    pub fn sim(files: &Files) -> Self {
        let mut published = Self::empty(SIM_GUN);
        for (role, bytes) in files {
            published.put(role, bytes.clone());
        }
        published
    }

    /// Makes this the newest file of a role.
    pub fn put(&mut self, role: &str, bytes: Vec<u8>) {
        self.put_as(&format!("{role}.{}.json", sha256(&bytes)), bytes.clone());
        self.put_as(&format!("{role}.json"), bytes);
    }

    /// Makes this the file of the given name.
    pub fn put_as(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.insert(name.to_owned(), bytes);
    }

    /// Takes a file away.
    pub fn remove(&mut self, name: &str) {
        self.files.remove(name).unwrap_or_else(|| panic!("there is no {name}"));
    }

    /// The newest file of a role.
    pub fn role(&self, role: &str) -> &[u8] {
        &self.files[&format!("{role}.json")]
    }

    /// The name by which a role's newest file is asked for when its hash is known.
    pub fn name_by_hash(&self, role: &str) -> String {
        format!("{role}.{}.json", sha256(self.role(role)))
    }

    /// What the server says to a request.
    pub fn answer(&self, request: &Request) -> Response {
        let base = format!("/v2/{}/_trust/tuf/", self.gun);
        let file = request.path.strip_prefix(&base).and_then(|name| self.files.get(name));
        match file {
            Some(bytes) if request.method == "GET" => Response::ok(bytes.clone()),
            _ => Response::not_found(),
        }
    }

    /// Starts a server that has nothing else.
    pub fn serve(self) -> HttpServer {
        HttpServer::start(move |request| self.answer(request))
    }
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref())
}
