//! axe-core, which judges in the windows' tests whether a view can be used without eyes or mouse. Only the tests have it: it
//! is under the MPL-2.0, and no part of the app.

use super::npm::Package;
use crate::places;
use crate::step::Report;
use anyhow::Result;
use std::path::PathBuf;

const AXE: Package = Package { what: "Accessibility checks, axe-core", name: "axe-core", version: "4.14.1" };

/// The step that gets it.
pub fn axe(report: Report) -> Result<()> {
    AXE.install(report)
}

/// The script that is run in a window.
pub fn script() -> PathBuf {
    places::npm().join("node_modules").join(AXE.name).join("axe.min.js")
}
