//! Screens: a world, keys, and what is then drawn or wanted.

mod board;
mod captures;
mod changes;
mod every_key;
mod eyes;
mod filter;
mod flags;
mod gallery;
mod gates;
mod glass;
mod help;
mod hostile;
mod keys;
mod links;
mod mouse;
mod moving;
mod plan;
mod relief;
mod run;
mod session;
mod small;
mod stops;
mod text;
mod themes;
mod traffic;
