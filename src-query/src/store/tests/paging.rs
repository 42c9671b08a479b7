//! Lists page by page.

use super::*;
