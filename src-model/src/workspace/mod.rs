//! What a person keeps of a connection on this machine: views with a name, and dashboards.
//!
//! | module | idea |
//! | --- | --- |
//! | `dashboard` | tiles, and which query each one shows |
//! | `change` | how a window changes the workspace |

mod change;
mod dashboard;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use change::WorkspaceChange;
pub use dashboard::{Dashboard, DashboardId, LINE_SPANS, Reckoning, Shows, Tile, TileId, Width};

use crate::{
    Namespace,
    contract::{TableLayout, View},
};

/// All of it, in the order in which it is listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// Views that a person has given a name.
    pub views: Vec<SavedView>,
    /// Dashboards.
    pub dashboards: Vec<Dashboard>,
    /// How the table of a collection was laid out last: a new one begins so.
    #[serde(default)]
    pub layouts: Vec<(Namespace, TableLayout)>,
}

/// A view with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// Which one: the name may change.
    pub id: SavedViewId,
    /// What a person calls it; never empty.
    pub name: Arc<str>,
    /// What it shows.
    pub view: View,
}

/// Names a saved view, within its workspace. Made at random in the window that makes the view.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SavedViewId(pub Arc<str>);

impl Workspace {
    /// How a new table of that collection is laid out.
    pub fn layout(&self, namespace: &Namespace) -> TableLayout {
        let known = self.layouts.iter().find(|(of, _)| of == namespace);
        known.map(|(_, layout)| layout.clone()).unwrap_or_default()
    }

    /// The dashboard of that id.
    pub fn dashboard(&self, id: &DashboardId) -> Option<&Dashboard> {
        self.dashboards.iter().find(|dashboard| dashboard.id == *id)
    }
}
