//! One file a deed of the operator: a pure function from the world to a plan, or to the reason why not.
