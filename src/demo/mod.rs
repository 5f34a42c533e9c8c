//! The demonstration: sample services on an embedded engine, under real traffic.
