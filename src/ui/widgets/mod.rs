//! Pieces that several panes draw with: the frame of a region, the windowed list and table, charts, the ladder, the log
//! view.

pub mod bar;
pub mod field;
pub mod list;
pub mod panel;
pub mod spark;
pub mod table;
pub mod wrap;
