//! The rules, played through without processes, router or database: a bench stands in for all three.

mod bench;
mod canaries;
mod colours;
mod gates;
mod queues;
mod runs;
