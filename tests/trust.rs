//! Which roots are trusted: `trust show`, `trust pin`, `trust forget`, `--trust-root`, the note on
//! first use, and every kind of pin.

mod authorities;
mod forgetting;
mod go;
mod killed;
mod pinning;
mod rotating;
mod several;
mod showing;
mod table;

use notary::tuf::key::KeyId;
use serde_json::Value;

use crate::support::{OwnServer, Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now};

const GUN: &str = "Example.com/Trust";

/// A collection on a server, and the machine of its publisher.
struct Site {
    server: OwnServer,
    publisher: Sandbox,
}

impl Site {
    fn new() -> Self {
        let server = OwnServer::start();
        let publisher = Sandbox::with_server(&server.url);
        let _ = publisher.run(["init", GUN, "-p"]).success();
        Self { server, publisher }
    }

    /// Somebody who has never seen the collection.
    fn reader(&self) -> Sandbox {
        Sandbox::with_server(&self.server.url)
    }

    /// The id of the root certificate, and that of its key.
    fn ids(&self) -> (String, String) {
        let shown = show(&self.publisher);
        let certificate = &shown["root"]["certificates"][0];
        let text = |name: &str| certificate[name].as_str().unwrap().to_owned();
        (text("certificate_id"), text("key_id"))
    }
}

fn show(notary: &Sandbox) -> Value {
    notary.run(["trust", "show", GUN, "--json"]).json()
}

/// An id that no certificate has.
fn other_id() -> String {
    "0123456789abcdef".repeat(4)
}
