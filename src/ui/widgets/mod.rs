//! Pieces that several panes draw with: the windowed table, charts, the ladder, the log view.
