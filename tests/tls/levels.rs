//! Delegations are fetched level by level, over one connection where HTTP/2 is spoken.

use super::certificates::{Authority, Validity};
use crate::http::levels::{collection, reader};
use crate::support::{Published, RoundServer, SIM_GUN};

#[test]
fn over_http_2_a_level_takes_one_round_on_one_connection() {
    for levels in [&[200][..], &[20, 40, 60]] {
        let authority = Authority::new("servers");
        let directory = tempfile::tempdir().unwrap();
        let issued = authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "c");
        let published = Published::sim(&collection(levels).publish());
        let tls = Some((issued.certificate.as_path(), issued.key.as_path()));
        let server = RoundServer::start(published, levels, usize::MAX, tls);
        let mut notary = reader(&server.url);
        let ca = authority.write(directory.path(), "ca");
        notary.options.extend(["--tlscacert".to_owned(), ca.to_str().unwrap().to_owned()]);
        let listed = notary.run(["list", SIM_GUN]).success();
        assert_eq!(listed.lines().count(), 2 + levels.iter().sum::<usize>());
        assert_eq!(server.rounds(), levels.len());
        assert_eq!(server.connections(), 1);
    }
}
