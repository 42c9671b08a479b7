//! What a tab shows. The host keeps it, so that a window comes back as it was.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BoardLayout, BoardScroll, table_layout::TableLayout};
use crate::{
    DocumentId, Key, ListQuery, Namespace, Workspace,
    shape::display_text,
    workspace::{DashboardId, Tile},
};

/// One view.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The list of collections, and nothing chosen yet.
    Home,
    /// A collection as a table.
    Table {
        /// Which collection.
        namespace: Namespace,
        /// Which documents, in which order.
        query: ListQuery,
        /// Which columns, and where.
        layout: TableLayout,
        /// The first row on the screen, from 0.
        top_row: u32,
    },
    /// A collection as a board.
    Board {
        /// Which collection.
        namespace: Namespace,
        /// Which documents, and in which order within each column.
        query: ListQuery,
        /// What its columns are, and what its cards show.
        layout: BoardLayout,
        /// How far it is scrolled.
        #[serde(default)]
        scrolled: Box<BoardScroll>,
    },
    /// One document.
    Document {
        /// Which one.
        id: DocumentId,
    },
    /// A dashboard of the workspace.
    Dashboard {
        /// Which one.
        id: DashboardId,
        /// What it was called when it was shown last.
        name: Arc<str>,
    },
    /// What the documents of a collection are, beside what its validator says.
    Schema {
        /// Which collection.
        namespace: Namespace,
        /// How many documents are looked at.
        sample: u32,
    },
}

impl View {
    /// A whole collection as a table, from its beginning.
    pub fn table(namespace: Namespace) -> Self {
        Self::Table { namespace, query: ListQuery::all(), layout: TableLayout::default(), top_row: 0 }
    }

    /// What a person calls it.
    pub fn name(&self) -> String {
        match self {
            Self::Home => "Collections".into(),
            Self::Table { namespace, .. } | Self::Board { namespace, .. } => namespace.collection.to_string(),
            Self::Document { id } => format!("{} · {}", id.namespace.collection, display_text(id.id.get())),
            Self::Dashboard { name, .. } => name.to_string(),
            Self::Schema { namespace, .. } => format!("{} · schema", namespace.collection),
        }
    }

    /// For a window's title bar: what is shown first, then on which connection, where that has a name, and the app last.
    pub fn title(&self, connection: Option<&str>) -> String {
        let shown = (*self != Self::Home).then(|| self.name());
        let parts: Vec<_> = shown.as_deref().into_iter().chain(connection).chain(["Lockstep"]).collect();
        parts.join(" — ")
    }

    /// The collection that it shows something of, if it is just one.
    pub fn namespace(&self) -> Option<&Namespace> {
        match self {
            Self::Home | Self::Dashboard { .. } => None,
            Self::Table { namespace, .. }
            | Self::Board { namespace, .. }
            | Self::Schema { namespace, .. } => Some(namespace),
            Self::Document { id } => Some(&id.namespace),
        }
    }

    /// What a window with this view asks for first.
    pub fn first_keys(&self, workspace: &Workspace) -> Vec<Key> {
        let shown = match self {
            Self::Home => Vec::new(),
            Self::Table { namespace, query, layout, .. } => {
                vec![Key::List(namespace.clone(), layout.listed(query))]
            }
            Self::Board { namespace, query, layout, .. } => layout.lists(namespace, query),
            Self::Document { id } => vec![Key::Document(id.clone())],
            Self::Dashboard { id, .. } => {
                let tiles = workspace.dashboard(id).map(|dashboard| &dashboard.tiles[..]);
                tiles.unwrap_or_default().iter().map(Tile::key).collect()
            }
            Self::Schema { namespace, sample } => vec![Key::Schema(namespace.clone(), *sample)],
        };
        std::iter::once(Key::Collections).chain(shown).collect()
    }
}
