//! The engine's API as serde shapes, spoken by the engine and by its backend.
