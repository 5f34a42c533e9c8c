//! Tokens from the environment, a file or a command; never printed.
