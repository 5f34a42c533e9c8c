//! Everything impure of the console: the loop, the terminal, performing effects, journal and saved state.
