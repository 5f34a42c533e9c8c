//! The binary: parse arguments, call the command line, turn errors into exit codes.

fn main() {}
