//! Signing anew what is about to expire.

use std::sync::Arc;

use notary::server::http::Behaviour;
use notary::server::{Algorithm, ServerKeys, Service};
use notary::tuf::error::Error;
use time::{Duration, OffsetDateTime};

use super::site::{Shared, Site};
use super::wire::{Local, get};
use crate::support::{SIM_GUN, SimKey, sim_now};

/// Versions of snapshot and timestamp as they are served this much later.
fn later(site: &mut Site, days: i64, first: &str) -> (u64, u64) {
    site.sim.now += Duration::days(days);
    let second = if first == "timestamp" { "snapshot" } else { "timestamp" };
    let _ = site.version(first);
    let _ = site.version(second);
    (site.version("snapshot"), site.version("timestamp"))
}

#[test]
fn a_timestamp_is_signed_anew_before_it_expires() {
    for first in ["timestamp", "snapshot"] {
        for mut site in [Site::published(), Site::published_with_snapshot()] {
            assert_eq!(later(&mut site, 10, first), (1, 1));
            assert_eq!(later(&mut site, 1, first), (1, 2));
            assert_eq!(later(&mut site, 0, first), (1, 2));
            site.read().unwrap();
            // Also when nobody has asked for a long time.
            assert_eq!(later(&mut site, 100, first), (1, 3));
            site.read().unwrap();
        }
    }
}

#[test]
fn a_renewal_is_in_the_feed() {
    let mut site = Site::published();
    let _ = later(&mut site, 12, "timestamp");
    let feed = site.service.changes(None, notary::server::Range::After(0), 9).unwrap();
    let timestamps: Vec<_> = feed.into_iter().map(|record| record.timestamp.unwrap()).collect();
    let stored = site.served("timestamp").unwrap().file;
    assert_eq!(timestamps.len(), 2);
    assert_eq!(timestamps[1], (2, stored.sha256));
}

#[test]
fn a_snapshot_of_the_server_is_signed_anew_before_it_expires() {
    let mut site = Site::with_server_snapshot();
    let late = site.sim.now + Duration::days(3000);
    site.sim.expires("targets", late);
    site.upload(&["root", "targets"]).unwrap();
    let described = site.payload("snapshot")["meta"].clone();
    assert_eq!(later(&mut site, 3 * 365, "snapshot"), (2, 2));
    assert_eq!(site.payload("snapshot")["meta"], described);
    site.read().unwrap();
}

#[test]
fn a_snapshot_of_the_publisher_is_not_the_servers_to_renew() {
    let mut site = Site::new();
    let (soon, late) = (site.sim.now + Duration::days(5), site.sim.now + Duration::days(3000));
    site.sim.expires("snapshot", soon).expires("targets", late);
    site.upload(&["root", "targets", "snapshot"]).unwrap();
    assert_eq!(later(&mut site, 1, "timestamp"), (1, 1));
    site.read().unwrap();
    // It is served as it is; what readers make of it is theirs to say.
    assert_eq!(later(&mut site, 20, "timestamp"), (1, 2));
    assert!(matches!(site.read(), Err(Error::Expired { .. })));
}

#[test]
fn what_cannot_be_signed_anew_is_served_as_it_is() {
    let mut site = Site::published();
    site.storage = Shared::new();
    site.service = site.storage.service_with(Algorithm::Ecdsa, Some("secret"));
    for name in ["timestamp", "snapshot"] {
        site.leave_to_server(name);
    }
    site.upload(&["root", "targets"]).unwrap();
    // The server is started again without its passphrase.
    for passphrase in [None, Some("wrong")] {
        site.service = site.storage.service_with(Algorithm::Ecdsa, passphrase);
        site.sim.now += Duration::days(6);
        assert_eq!((site.version("snapshot"), site.version("timestamp")), (1, 1));
    }
    site.sim.now -= Duration::days(1);
    site.read().unwrap();
}

#[test]
fn operators_are_told_what_cannot_be_signed_anew() {
    fn later() -> OffsetDateTime {
        sim_now() + Duration::days(12)
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log");
    let file = std::fs::File::create(&path).unwrap();
    let collect = tracing_subscriber::fmt().with_writer(Arc::new(file)).with_ansi(false).finish();
    let mut site = Site::published();
    site.storage = Shared::new();
    site.service = site.storage.service_with(Algorithm::Ecdsa, Some("secret"));
    for name in ["timestamp", "snapshot"] {
        site.leave_to_server(name);
    }
    site.upload(&["root", "targets"]).unwrap();
    let service = site.storage.service();
    let answer = tracing::subscriber::with_default(collect, || {
        let server = Local::start_at(service, Behaviour::default(), later);
        get(&server.address, &format!("/v2/{SIM_GUN}/_trust/tuf/timestamp.json"))
    });
    assert_eq!(answer.status, 200);
    let log = std::fs::read_to_string(path).unwrap();
    assert!(log.contains("WARN") && log.contains("the timestamp was not renewed"), "{log}");
    assert!(log.contains("cannot be opened") && log.contains(SIM_GUN), "{log}");
}

#[test]
fn a_rotation_to_a_key_of_the_publisher_ends_renewals_of_the_snapshot() {
    let mut site = Site::published();
    site.keep(&["targets"]);
    let mine = SimKey::new();
    let soon = site.sim.now + Duration::days(30);
    site.sim.version("root", 2).list_keys("snapshot", std::slice::from_ref(&mine), 1);
    site.sim.version("snapshot", 2).expires("snapshot", soon).sign_with("snapshot", [&mine]);
    site.upload(&["root", "snapshot"]).unwrap();
    assert_eq!(later(&mut site, 20, "snapshot"), (2, 3));
    site.read().unwrap();
}

#[test]
fn renewed_timestamps_replace_the_oldest() {
    let mut site = Site::published();
    let keys = ServerKeys::new(Algorithm::Ecdsa, None);
    site.service = Service::new(Box::new(site.storage.clone()), keys, 2);
    for renewals in 1..=5 {
        assert_eq!(later(&mut site, 12, "timestamp"), (1, 1 + renewals));
    }
    let timestamp = notary::tuf::role::RoleName::TIMESTAMP;
    let kept =
        (1..=9).filter(|version| site.service.version(&site.sim.gun, &timestamp, *version).is_ok());
    assert_eq!(kept.collect::<Vec<_>>(), [5, 6]);
}
