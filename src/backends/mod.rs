//! One folder a vendor, all of one shape; this file is the only list of them.
