//! Figures for monitoring, in the text form of Prometheus.

use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// What requests are counted by.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Labels {
    method: String,
    resource: String,
    status: u16,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct TimeLabels {
    method: String,
    resource: String,
}

/// The figures since the start.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<TimeLabels, Histogram>,
}

impl Metrics {
    /// Begins at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("notary");
        let requests = Family::default();
        // From half a millisecond to 16 seconds.
        let seconds: Family<TimeLabels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.0005, 2.0, 16)));
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "Time from the head of a request to its answer",
            seconds.clone(),
        );
        Self { registry, requests, seconds }
    }

    /// Counts a request.
    pub fn note(&self, method: &Method, resource: &str, status: u16, elapsed: Duration) {
        // Only methods that are known, so that nobody can make up any number of rows.
        let known = [Method::GET, Method::POST, Method::DELETE, Method::PUT, Method::HEAD];
        let method = if known.contains(method) { method.as_str() } else { "other" }.to_owned();
        let resource = resource.to_owned();
        let time = TimeLabels { method: method.clone(), resource: resource.clone() };
        self.seconds.get_or_create(&time).observe(elapsed.as_secs_f64());
        self.requests.get_or_create(&Labels { method, resource, status }).inc();
    }

    /// All figures.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Strings can always be written to.
        let _ = text::encode(&mut out, &self.registry);
        out
    }
}
