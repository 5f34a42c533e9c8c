//! Traffic as numbers: a place's signals over time, and everything in Prometheus' text format.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::no_place;
use crate::domain::ids::Place;
use crate::domain::signal::{Series, Signals};
use crate::domain::text::Text;
use crate::engine::observed::Observed;
use crate::engine::router::Traffic;
use crate::engine::router::meter::{BOUNDS, Counts, STEP};
use crate::engine::state::place::{Set, Standing};
use crate::engine::view::Tracks;

/// Every fourth bound of the histogram is told to Prometheus, from 1 ms to 10 s.
const TOLD: usize = 4;

/// The signals of a place.
pub async fn signals(
    State(app): State<App>,
    _: Asker,
    Path((service, environment)): Path<(String, String)>,
) -> Result<Json<Signals>, Refused> {
    let place = Place::new(service, environment);
    let state = app.ledger.state();
    let standing = state.places.get(&place).ok_or_else(|| no_place(&place))?;
    let entrance = app.traffic.get(&place);
    let now = app.clock.now();
    let series = Tracks::of(standing).0.into_iter().map(|(set, track)| Series {
        track: Text::new(track),
        version: standing.set(set).map(|set| set.version.clone()),
        points: entrance.as_ref().map(|entrance| entrance.meter(set).points(now)).unwrap_or_default(),
    });
    Ok(Json(Signals { step_s: STEP, series: series.collect(), place }))
}

/// Everything for Prometheus.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let (state, observed) = (app.ledger.state(), app.board.read());
    let sets: Vec<_> = state.places.values().flat_map(|standing| counted(standing, &observed, &app.traffic)).collect();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text(&sets))
}

/// One set and what was counted of it.
struct Counted {
    labels: String,
    counts: Counts,
    under_way: u64,
    weight: u8,
    healthy: u32,
}

fn counted(standing: &Arc<Standing>, observed: &Observed, traffic: &Traffic) -> Vec<Counted> {
    let Some(entrance) = traffic.get(&standing.place) else { return Vec::new() };
    let tracks = Tracks::of(standing).0;
    let split = observed.splits.get(&standing.place).map(Vec::as_slice).unwrap_or_default();
    let of = |set: &Set| {
        let meter = entrance.meter(set.id);
        let track = tracks.iter().find(|(id, _)| *id == set.id).map_or("idle", |(_, track)| track);
        Counted {
            labels: labels(&standing.place, set, track),
            counts: meter.total(),
            under_way: meter.under_way(),
            weight: split.iter().find(|share| share.set == set.id).map_or(0, |share| share.weight.percent()),
            healthy: observed.healthy(&standing.place, set.id),
        }
    };
    standing.sets.iter().map(of).collect()
}

fn labels(place: &Place, set: &Set, track: &str) -> String {
    let value = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let (service, environment) = (value(place.service.as_str()), value(place.environment.as_str()));
    let version = value(set.version.as_str());
    format!(r#"service="{service}",environment="{environment}",version="{version}",set="{}",track="{track}""#, set.id)
}

fn text(sets: &[Counted]) -> String {
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, lines: &dyn Fn(&Counted) -> String| {
        let _ = writeln!(text, "# HELP leverframe_{name} {help}\n# TYPE leverframe_{name} {kind}");
        text.extend(sets.iter().map(lines));
    };
    family("requests_total", "counter", "Requests that were given to a set.", &|set| {
        format!("leverframe_requests_total{{{}}} {}\n", set.labels, set.counts.requests)
    });
    family("errors_total", "counter", "Of these, answered 5xx or not at all.", &|set| {
        format!("leverframe_errors_total{{{}}} {}\n", set.labels, set.counts.errors)
    });
    family("request_duration_seconds", "histogram", "Time until an instance's answer began.", &histogram);
    family("requests_under_way", "gauge", "Requests that are being answered.", &|set| {
        format!("leverframe_requests_under_way{{{}}} {}\n", set.labels, set.under_way)
    });
    family("weight_percent", "gauge", "The share of traffic that the router gives to a set.", &|set| {
        format!("leverframe_weight_percent{{{}}} {}\n", set.labels, set.weight)
    });
    family("healthy_instances", "gauge", "Instances of a set that are healthy.", &|set| {
        format!("leverframe_healthy_instances{{{}}} {}\n", set.labels, set.healthy)
    });
    text
}

fn histogram(set: &Counted) -> String {
    let (upto, all) = set.counts.cumulative();
    let name = "leverframe_request_duration_seconds";
    let mut text = String::new();
    for (bound, count) in BOUNDS.iter().zip(&upto).skip(1).step_by(TOLD) {
        let _ = writeln!(text, "{name}_bucket{{{},le=\"{}\"}} {count}", set.labels, bound / 1000.0);
    }
    let _ = writeln!(text, "{name}_bucket{{{},le=\"+Inf\"}} {all}", set.labels);
    let _ = writeln!(text, "{name}_sum{{{}}} {}", set.labels, set.counts.total.as_secs_f64());
    let _ = writeln!(text, "{name}_count{{{}}} {all}", set.labels);
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::router::meter::{Meter, Seen};

    #[test]
    fn a_histogram_ends_with_all_and_labels_are_quoted() {
        let meter = Meter::default();
        for ms in [1, 3, 3, 20_000] {
            meter.begin();
            let latency = Some(Duration::from_millis(ms));
            meter.end(jiff::Timestamp::UNIX_EPOCH, Some(Seen { failed: ms > 5, latency }));
        }
        let labels = "version=\"a\\\"b\"".to_owned();
        let text = text(&[Counted { labels, counts: meter.total(), under_way: 0, weight: 25, healthy: 1 }]);
        for line in [
            "leverframe_requests_total{version=\"a\\\"b\"} 4",
            "leverframe_errors_total{version=\"a\\\"b\"} 1",
            "leverframe_request_duration_seconds_bucket{version=\"a\\\"b\",le=\"0.001\"} 1",
            "leverframe_request_duration_seconds_bucket{version=\"a\\\"b\",le=\"0.0047\"} 3",
            "leverframe_request_duration_seconds_bucket{version=\"a\\\"b\",le=\"10\"} 3",
            "leverframe_request_duration_seconds_bucket{version=\"a\\\"b\",le=\"+Inf\"} 4",
            "leverframe_request_duration_seconds_count{version=\"a\\\"b\"} 4",
            "leverframe_weight_percent{version=\"a\\\"b\"} 25",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
