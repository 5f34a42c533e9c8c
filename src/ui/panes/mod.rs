//! The panes, one a file: each keeps its view state, answers commands, draws from the scene and names its keys.
