//! Which errors are for the nearest boundary, and what becomes of them when it is reset.

use super::*;
