//! What a backend may be able to do, one small trait a file; a backend implements those it has.
