//! What is known, and when it was true: observations are applied here, and the views are derived as they come.
