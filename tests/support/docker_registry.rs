//! The registry of images that Docker wrote, as Debian packages it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use super::free_port;

const PROGRAM: &str = "/usr/bin/docker-registry";
const START_TIME: Duration = Duration::from_secs(20);

/// A running registry with nothing in it; it stops when this is dropped.
pub struct DockerRegistry {
    process: Child,
    directory: tempfile::TempDir,
    login: Option<(&'static str, &'static str)>,
    /// Host and port.
    pub host: String,
}

/// An image or an index that a test has made.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// Its digest, with `sha256:` in front.
    pub digest: String,
    /// Its size in bytes.
    pub size: usize,
    /// Its type.
    pub media_type: &'static str,
}

impl DockerRegistry {
    pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
    pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
    pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

    /// Starts a registry without TLS that anybody may use.
    pub fn start() -> Self {
        Self::start_with(None, |_| json!({}))
    }

    /// Starts a registry without TLS for one user.
    pub fn start_for(user: &'static str, password: &'static str) -> Self {
        Self::start_with(Some((user, password)), |_| json!({}))
    }

    /// Starts a registry with TLS, with this certificate and key.
    pub fn start_with_tls(certificate: &str, key: &str) -> Self {
        Self::start_with(None, |directory| {
            let (cert, key_file) = (directory.join("tls.crt"), directory.join("tls.key"));
            fs::write(&cert, certificate).unwrap();
            fs::write(&key_file, key).unwrap();
            json!({ "certificate": cert, "key": key_file })
        })
    }

    fn start_with(
        login: Option<(&'static str, &'static str)>,
        tls: impl Fn(&Path) -> Value,
    ) -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "{PROGRAM} is missing; `make test` installs it (Debian package `docker-registry`)"
        );
        // Between choosing a port and the registry's use of it somebody may take it.
        for _ in 0..5 {
            if let Some(registry) = Self::try_start(login, &tls) {
                return registry;
            }
        }
        panic!("{PROGRAM} does not start");
    }

    fn try_start(
        login: Option<(&'static str, &'static str)>,
        tls: &impl Fn(&Path) -> Value,
    ) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let host = format!("127.0.0.1:{}", free_port());
        let mut config = json!({
            "version": "0.1",
            "log": { "level": "error" },
            "storage": { "filesystem": { "rootdirectory": directory.path().join("data") } },
            "http": { "addr": host, "secret": "of the test", "tls": tls(directory.path()) },
        });
        if let Some((user, password)) = login {
            let users = directory.path().join("htpasswd");
            let line = format!("{user}:{}\n", bcrypt::hash(password, 4).unwrap());
            fs::write(&users, line).unwrap();
            config["auth"] = json!({ "htpasswd": { "realm": "test", "path": users } });
        }
        // What is JSON is YAML.
        let path = directory.path().join("config.yml");
        fs::write(&path, config.to_string()).unwrap();
        let mut process = Command::new(PROGRAM)
            .arg("serve")
            .arg(&path)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while started.elapsed() < START_TIME {
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(&host).is_ok() {
                return Some(Self { process, directory, login, host });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = process.kill();
        let _ = process.wait();
        None
    }

    /// The directory with everything that it has.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Uploads an image for a platform under a tag.
    pub fn push_image(
        &self,
        name: &str,
        tag: &str,
        media_type: &'static str,
        platform: &str,
    ) -> Pushed {
        let (os, architecture) = platform.split_once('/').unwrap();
        let config = json!({ "os": os, "architecture": architecture, "rootfs": {} }).to_string();
        let oci = media_type == Self::OCI_MANIFEST;
        let (config_type, layer_type) = match oci {
            true => (
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.oci.image.layer.v1.tar+gzip",
            ),
            false => (
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ),
        };
        let described = |kind: &str, content: &str| {
            let digest = self.push_blob(name, content.as_bytes());
            json!({ "mediaType": kind, "digest": digest, "size": content.len() })
        };
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type,
            "config": described(config_type, &config),
            "layers": [described(layer_type, &format!("the layer of {name}:{tag}"))],
        });
        self.push_manifest(name, tag, media_type, manifest.to_string())
    }

    /// Uploads an index of images for these platforms under a tag.
    pub fn push_index(
        &self,
        name: &str,
        tag: &str,
        media_type: &'static str,
        platforms: &[&str],
    ) -> Pushed {
        let of_one = match media_type {
            Self::OCI_INDEX => Self::OCI_MANIFEST,
            _ => Self::DOCKER_MANIFEST,
        };
        let entries: Vec<Value> = platforms
            .iter()
            .enumerate()
            .map(|(number, platform)| {
                let image = self.push_image(name, &format!("{tag}-{number}"), of_one, platform);
                let (os, architecture) = platform.split_once('/').unwrap();
                json!({
                    "mediaType": image.media_type, "digest": image.digest, "size": image.size,
                    "platform": { "os": os, "architecture": architecture },
                })
            })
            .collect();
        let index = json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
        self.push_manifest(name, tag, media_type, index.to_string())
    }

    /// Uploads a manifest, whatever it is.
    #[track_caller]
    pub fn push_manifest(
        &self,
        name: &str,
        tag: &str,
        media_type: &'static str,
        manifest: String,
    ) -> Pushed {
        let path = format!("/v2/{name}/manifests/{tag}");
        let (status, _, body) = self.ask("PUT", &path, media_type, manifest.as_bytes());
        assert_eq!(status, 201, "{body}");
        Pushed { digest: sha256(manifest.as_bytes()), size: manifest.len(), media_type }
    }

    #[track_caller]
    fn push_blob(&self, name: &str, content: &[u8]) -> String {
        let digest = sha256(content);
        let (status, head, body) = self.ask("POST", &format!("/v2/{name}/blobs/uploads/"), "", b"");
        assert_eq!(status, 202, "{body}");
        let location = head.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap();
        let path = &location[location.find("/v2/").unwrap()..];
        let path = format!("{path}&digest={digest}");
        let (status, _, body) = self.ask("PUT", &path, "application/octet-stream", content);
        assert_eq!(status, 201, "{body}");
        digest
    }

    /// Makes a request; returns the status, the head and the body.
    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let length = body.len();
        // In HTTP/1.0 the answer ends with the connection, and is never in chunks.
        let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {}\r\n", self.host);
        head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n"));
        if let Some((user, password)) = self.login {
            let login = BASE64.encode(format!("{user}:{password}").as_bytes());
            head.push_str(&format!("Authorization: Basic {login}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.replace('\r', ""), body.to_owned())
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(digest(&SHA256, bytes).as_ref()))
}
