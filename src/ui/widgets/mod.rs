//! Pieces that several panes draw with: the frame of a region, the windowed list and table, charts, the ladder, the log
//! view, the scale under the mouse.

pub mod bar;
pub mod chart;
pub mod field;
pub mod follow;
pub mod ladder;
pub mod list;
pub mod log;
pub mod panel;
pub mod scale;
pub mod spark;
pub mod table;
pub mod wrap;
