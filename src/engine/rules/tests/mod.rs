//! The rules, played through without processes, router or database: a bench stands in for all three.

pub(in crate::engine) mod bench;
mod canaries;
mod colours;
mod confirmations;
mod gates;
mod instances;
mod jobs;
mod queues;
mod retention;
mod runs;
mod stops;
