//! Everything drawn: keymap, theme, panes, layers, widgets. Reads the store, changes only its own view state.
