//! What operations do, and every way in.
