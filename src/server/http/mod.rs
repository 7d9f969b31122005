//! The service over HTTP: the protocol of Notary servers (`formats.md` §7).

pub mod auth;
mod listen;
mod metrics;
mod reply;
mod route;
mod upload;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::{Notify, Semaphore};
use tower_http::compression::CompressionLayer;
use tracing::instrument::WithSubscriber as _;

use self::auth::{Access, Auth};
use self::metrics::Metrics;
use self::reply::ApiError;
use self::route::{Resource, Selector};
use super::{ChangeRecord, Range, Service, ServiceError};
use crate::tuf::role::{Gun, RoleName};

pub use listen::{ListenError, Listener, Tls, serve};
pub use reply::Caching;
pub use upload::UploadLimits;

/// Memory for all uploads at the same time, in KiB.
const UPLOAD_BUDGET: usize = 1 << 20;
/// The most changes in one answer.
const MAX_CHANGES: i64 = 10_000;
/// The number of changes when the client asks for none.
const DEFAULT_CHANGES: u32 = 100;

/// How the server behaves.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// For how long answers may be kept.
    pub caching: Caching,
    /// If there are any, collections whose names begin with none of them are not served.
    pub gun_prefixes: Vec<String>,
    /// How large and slow uploads may be.
    pub limits: UploadLimits,
}

impl Behaviour {
    /// Whether this collection may be here.
    fn serves(&self, gun: &Gun) -> bool {
        let mut prefixes = self.gun_prefixes.iter();
        self.gun_prefixes.is_empty() || prefixes.any(|prefix| gun.as_str().starts_with(prefix))
    }
}

/// The service and all that is needed to answer requests.
pub struct Api {
    auth: Auth,
    behaviour: Behaviour,
    clock: fn() -> OffsetDateTime,
    /// Requests are answered on many threads, which know of no log by themselves.
    log: tracing::Dispatch,
    metrics: Metrics,
    service: Service,
    upload_budget: Semaphore,
}

/// A connection.
#[derive(Clone, Debug)]
struct Client {
    address: SocketAddr,
    /// Told when a request has come in.
    has_asked: Arc<Notify>,
}

impl Api {
    /// Answers those requests that `auth` lets in with what `service` knows.
    pub fn new(
        service: Service,
        auth: Auth,
        behaviour: Behaviour,
        clock: fn() -> OffsetDateTime,
    ) -> Self {
        let upload_budget = Semaphore::new(UPLOAD_BUDGET);
        let log = tracing::dispatcher::get_default(Clone::clone);
        Self { auth, behaviour, clock, log, metrics: Metrics::new(), service, upload_budget }
    }

    /// What answers requests.
    pub fn router(self) -> Router {
        Router::new().fallback(answer).layer(CompressionLayer::new()).with_state(Arc::new(self))
    }
}

async fn answer(
    State(api): State<Arc<Api>>,
    client: Option<Extension<Client>>,
    request: Request,
) -> Response<Body> {
    let log = api.log.clone();
    answer_and_note(api, client, request).with_subscriber(log).await
}

/// Answers one request, and notes it.
async fn answer_and_note(
    api: Arc<Api>,
    client: Option<Extension<Client>>,
    request: Request,
) -> Response<Body> {
    let started = Instant::now();
    let client = client.map(|Extension(client)| {
        client.has_asked.notify_one();
        client.address.to_string()
    });
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let resource = Resource::parse(uri.path());
    let kind = resource.as_ref().map_or("unknown", Resource::kind);
    let response = respond(&api, resource, request).await.unwrap_or_else(Response::from);
    let (elapsed, status) = (started.elapsed(), response.status().as_u16());
    api.metrics.note(&method, kind, status, elapsed);
    let (path, micros) = (uri.path(), u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX));
    tracing::info!(
        target: "access",
        client = client.as_deref().unwrap_or("-"),
        %method,
        path,
        status,
        micros,
    );
    response
}

async fn respond(
    api: &Arc<Api>,
    resource: Option<Resource>,
    request: Request,
) -> Result<Response<Body>, ApiError> {
    let (parts, body) = request.into_parts();
    let known = [Method::GET, Method::POST, Method::PUT, Method::HEAD, Method::DELETE];
    if !known.contains(&parts.method) {
        return Err(ApiError::bad_method());
    }
    if let Some(gun) = resource.as_ref().and_then(Resource::gun)
        && !api.behaviour.serves(gun)
    {
        return Err(match (&parts.method, &resource) {
            (&Method::POST, Some(Resource::Collection(_))) => ApiError::bad_gun(),
            _ => ApiError::not_found(),
        });
    }
    if !api.auth.is_open() {
        let needed = Access::needed(&parts.method, resource.as_ref());
        let headers = parts.headers.clone();
        let check = {
            let api = api.clone();
            move || api.auth.check(&headers, needed, (api.clock)())
        };
        // Passwords are made to be slow to check.
        let checked = tokio::task::spawn_blocking(check).await;
        checked.map_err(|_| ApiError::internal())?.map_err(ApiError::denied)?;
    }
    let resource = resource.ok_or_else(ApiError::not_found)?;
    match (&parts.method, resource) {
        (&Method::GET, Resource::Ping | Resource::Health) => Ok(reply::text(b"{}".to_vec())),
        (&Method::GET, Resource::Metrics) => Ok(reply::text(api.metrics.to_text().into_bytes())),
        (&Method::GET, Resource::File(gun, role, selector)) => file(api, gun, role, selector).await,
        (&Method::GET, Resource::Changes(gun)) => changes(api, gun, &parts.uri).await,
        (&Method::GET, Resource::Key(gun, role)) => {
            let key = work(api, move |api| api.service.key(&gun, &role, (api.clock)())).await?;
            json_text(&key)
        }
        (&Method::POST, Resource::Key(gun, role)) => {
            let key =
                work(api, move |api| api.service.next_key(&gun, &role, (api.clock)())).await?;
            json_text(&key)
        }
        (&Method::POST, Resource::Collection(gun)) => publish(api, gun, &parts.headers, body).await,
        (&Method::DELETE, Resource::Collection(gun)) => {
            work(api, move |api| api.service.delete(&gun, (api.clock)())).await?;
            Ok(reply::done())
        }
        _ => Err(ApiError::not_found()),
    }
}

/// Does what may wait for the disk or for arithmetic where nobody else waits for it.
async fn work<T: Send + 'static>(
    api: &Arc<Api>,
    work: impl FnOnce(&Api) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ApiError> {
    let api = api.clone();
    let logged = move || tracing::dispatcher::with_default(&api.log, || work(&api));
    match tokio::task::spawn_blocking(logged).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(ApiError::internal()),
    }
}

async fn file(
    api: &Arc<Api>,
    gun: Gun,
    role: RoleName,
    selector: Selector,
) -> Result<Response<Body>, ApiError> {
    let may_change = selector == Selector::Current;
    // Waking another thread takes longer than reading a small file.
    let is_small = !role.holds_targets();
    let read = move |api: &Api| match selector {
        Selector::Current => api.service.newest(&gun, &role, (api.clock)()),
        Selector::Hash(hash) => api.service.with_hash(&gun, &role, &hash),
        Selector::Version(version) => api.service.version(&gun, &role, version),
    };
    let stored = if is_small { read(api)? } else { work(api, read).await? };
    let caching = api.behaviour.caching;
    let max_age = if may_change { caching.current } else { caching.consistent };
    Ok(reply::file(stored, max_age, may_change))
}

async fn publish(
    api: &Arc<Api>,
    gun: Gun,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response<Body>, ApiError> {
    let mut memory = upload::Memory::of(&api.upload_budget);
    let upload = upload::read(headers, body, api.behaviour.limits, &mut memory).await?;
    work(api, move |api| api.service.publish(&gun, &upload, (api.clock)())).await?;
    Ok(reply::done())
}

/// The part of the feed that a query asks for (`formats.md` §7.4).
async fn changes(api: &Arc<Api>, gun: Option<Gun>, uri: &Uri) -> Result<Response<Body>, ApiError> {
    #[derive(Default, Deserialize)]
    struct Query {
        #[serde(default)]
        change_id: String,
        #[serde(default)]
        records: String,
    }
    let query: Query = serde_urlencoded::from_str(uri.query().unwrap_or_default())
        .map_err(|_| ApiError::bad_parameters(json!({})))?;
    let records: i64 = query.records.parse().map_err(|_| {
        let why = format!("invalid records parameter: {:?} is not a number", query.records);
        ApiError::bad_parameters(json!(why))
    })?;
    let id: i64 = match query.change_id.as_str() {
        "" => 0,
        id => id.parse().map_err(|_| ApiError::bad_parameters(json!({})))?,
    };
    let most = u32::try_from(records.saturating_abs().min(MAX_CHANGES)).unwrap_or(u32::MAX);
    let most = if most == 0 { DEFAULT_CHANGES } else { most };
    let range = match (records < 0, id) {
        (_, ..0) => Range::Newest,
        (true, id) => Range::Before(id),
        (false, id) => Range::After(id),
    };
    let found = work(api, move |api| api.service.changes(gun.as_ref(), range, most)).await?;
    json_text(&Changes { count: found.len(), records: found.iter().map(Change::of).collect() })
}

#[derive(Serialize)]
struct Changes {
    count: usize,
    records: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    #[serde(rename = "ID")]
    id: String,
    created_at: String,
    #[serde(rename = "GUN")]
    gun: String,
    version: u64,
    #[serde(rename = "SHA256")]
    sha256: String,
    category: &'static str,
}

impl Change {
    fn of(record: &ChangeRecord) -> Self {
        let (version, sha256) = record.timestamp.clone().unwrap_or_default();
        Self {
            id: record.id.to_string(),
            created_at: record.at.format(&Rfc3339).unwrap_or_default(),
            gun: record.gun.clone(),
            version,
            sha256,
            category: if record.timestamp.is_some() { "update" } else { "deletion" },
        }
    }
}

fn json_text(value: &impl Serialize) -> Result<Response<Body>, ApiError> {
    let text = serde_json::to_vec(value).map_err(|_| ApiError::internal())?;
    Ok(reply::text(text))
}
