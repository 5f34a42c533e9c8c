//! The demonstration: sample services on an embedded engine, under real traffic.

mod link;
pub mod repository;
mod samples;
pub mod service;
pub mod shop;
