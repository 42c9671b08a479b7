//! One change of the workspace. Each names what it changes and nothing else, so that two windows that change different
//! things do not undo each other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Dashboard, DashboardId, SavedView, SavedViewId, Tile, TileId, Workspace};
use crate::{Failure, Namespace, contract::TableLayout};

/// What is to be otherwise. A `place` counts from 0; what is beyond the end is the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceChange {
    /// A view, new or instead of the one with its id; new ones come to that place, or to the end.
    SaveView {
        /// The view.
        view: SavedView,
        /// Where it is listed.
        place: Option<u32>,
    },
    /// Forgets a view.
    RemoveView(SavedViewId),
    /// New tables of a collection begin like that. Groups are no part of it.
    LayOut {
        /// Which collection.
        namespace: Namespace,
        /// From now on.
        layout: TableLayout,
    },
    /// A dashboard with all its tiles, new or instead of the one with its id; new ones come to that place, or to the end.
    SaveDashboard {
        /// The dashboard.
        dashboard: Dashboard,
        /// Where it is listed.
        place: Option<u32>,
    },
    /// Calls a dashboard otherwise.
    RenameDashboard {
        /// Which one.
        id: DashboardId,
        /// From now on.
        name: Arc<str>,
    },
    /// Forgets a dashboard.
    RemoveDashboard(DashboardId),
    /// A tile, new or instead of the one with its id; new ones come to that place, or to the end.
    SaveTile {
        /// Of which dashboard.
        dashboard: DashboardId,
        /// The tile.
        tile: Tile,
        /// Where it stands.
        place: Option<u32>,
    },
    /// Moves a tile to where the tile of that place is.
    MoveTile {
        /// Of which dashboard.
        dashboard: DashboardId,
        /// Which one.
        tile: TileId,
        /// Its place among the others.
        place: u32,
    },
    /// Removes a tile.
    RemoveTile {
        /// Of which dashboard.
        dashboard: DashboardId,
        /// Which one.
        tile: TileId,
    },
}

impl Workspace {
    /// The workspace with that change.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where what is to be changed has been removed, [`Failure::InvalidInput`] for an empty name.
    pub fn changed(&self, change: WorkspaceChange) -> Result<Self, Failure> {
        let mut workspace = self.clone();
        match change {
            WorkspaceChange::SaveView { mut view, place } => {
                view.name = named(&view.name)?;
                save(&mut workspace.views, view, place, |a, b| a.id == b.id);
            }
            WorkspaceChange::RemoveView(id) => workspace.views.retain(|view| view.id != id),
            WorkspaceChange::LayOut { namespace, layout } => {
                workspace.layouts.retain(|(of, _)| *of != namespace);
                workspace.layouts.push((namespace, TableLayout { group: None, ..layout }));
            }
            WorkspaceChange::SaveDashboard { mut dashboard, place } => {
                dashboard.name = named(&dashboard.name)?;
                save(&mut workspace.dashboards, dashboard, place, |a, b| a.id == b.id);
            }
            WorkspaceChange::RenameDashboard { id, name } => workspace.of(&id)?.name = named(&name)?,
            WorkspaceChange::RemoveDashboard(id) => {
                workspace.dashboards.retain(|dashboard| dashboard.id != id);
            }
            WorkspaceChange::SaveTile { dashboard, mut tile, place } => {
                tile.title = named(&tile.title)?;
                save(&mut workspace.of(&dashboard)?.tiles, tile, place, |a, b| a.id == b.id);
            }
            WorkspaceChange::MoveTile { dashboard, tile, place } => {
                let tiles = &mut workspace.of(&dashboard)?.tiles;
                let at = tiles.iter().position(|known| known.id == tile).ok_or_else(|| gone("tile"))?;
                let tile = tiles.remove(at);
                tiles.insert((place as usize).min(tiles.len()), tile);
            }
            WorkspaceChange::RemoveTile { dashboard, tile } => {
                workspace.of(&dashboard)?.tiles.retain(|known| known.id != tile);
            }
        }
        Ok(workspace)
    }

    fn of(&mut self, id: &DashboardId) -> Result<&mut Dashboard, Failure> {
        self.dashboards.iter_mut().find(|dashboard| dashboard.id == *id).ok_or_else(|| gone("dashboard"))
    }
}

fn save<T>(all: &mut Vec<T>, one: T, place: Option<u32>, is_same: impl Fn(&T, &T) -> bool) {
    match all.iter_mut().find(|known| is_same(known, &one)) {
        Some(known) => *known = one,
        None => {
            let place = place.map_or(all.len(), |place| (place as usize).min(all.len()));
            all.insert(place, one);
        }
    }
}

fn named(name: &str) -> Result<Arc<str>, Failure> {
    match name.trim() {
        "" => Err(Failure::invalid("it needs a name")),
        name => Ok(name.into()),
    }
}

fn gone(what: &str) -> Failure {
    Failure::NotFound { message: format!("the {what} was removed meanwhile") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Figure, Path, Value,
        contract::{Grouping, View},
        workspace::{Reckoning, Shows, Width},
    };

    fn dashboard(id: &str) -> DashboardId {
        DashboardId(id.into())
    }

    fn tile(id: &str, title: &str) -> Tile {
        Tile {
            id: TileId(id.into()),
            title: title.into(),
            namespace: Namespace::new("sample", "offers"),
            filter: Value::document(&bson::RawDocumentBuf::new()),
            shows: Shows::Number(Reckoning::Figure(Figure::Count)),
            width: Width::One,
            interval_seconds: None,
        }
    }

    fn save_tile(id: &str, title: &str, place: Option<u32>) -> WorkspaceChange {
        WorkspaceChange::SaveTile { dashboard: dashboard("d"), tile: tile(id, title), place }
    }

    fn move_tile(id: &str, place: u32) -> WorkspaceChange {
        WorkspaceChange::MoveTile { dashboard: dashboard("d"), tile: TileId(id.into()), place }
    }

    fn view(id: &str, name: &str, place: Option<u32>) -> WorkspaceChange {
        let view = SavedView { id: SavedViewId(id.into()), name: name.into(), view: View::Home };
        WorkspaceChange::SaveView { view, place }
    }

    /// The views' names, then each dashboard's with its tiles' titles.
    fn shown(workspace: &Workspace) -> String {
        let views = workspace.views.iter().map(|view| view.name.to_string());
        let dashboards = workspace.dashboards.iter().map(|dashboard| {
            let titles: Vec<_> = dashboard.tiles.iter().map(|tile| &*tile.title).collect();
            format!("{}({})", dashboard.name, titles.join(" "))
        });
        views.chain(dashboards).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_change_changes_what_it_names_and_nothing_else() {
        let begin = || {
            let one = Dashboard {
                tiles: vec![tile("1", "a"), tile("2", "b")],
                ..Dashboard::new(dashboard("d"), "D")
            };
            let two = Dashboard::new(dashboard("e"), "E");
            Workspace { dashboards: vec![one, two], ..Workspace::default() }
        };
        let removed = WorkspaceChange::RemoveDashboard(dashboard("d"));
        let back =
            WorkspaceChange::SaveDashboard { dashboard: begin().dashboards[0].clone(), place: Some(0) };
        let renamed = WorkspaceChange::RenameDashboard { id: dashboard("e"), name: " F ".into() };
        let without = WorkspaceChange::RemoveTile { dashboard: dashboard("d"), tile: TileId("1".into()) };
        let forgotten = WorkspaceChange::RemoveView(SavedViewId("v".into()));
        for (changes, after) in [
            (vec![], "D(a b) E()"),
            (vec![view("v", "V", None), view("w", "W", Some(0))], "W V D(a b) E()"),
            (vec![view("v", "V", None), view("w", "W", None), view("v", "U", Some(9))], "U W D(a b) E()"),
            (vec![view("v", "V", None), forgotten], "D(a b) E()"),
            (vec![removed.clone()], "E()"),
            (vec![removed, back], "D(a b) E()"),
            (vec![renamed], "D(a b) F()"),
            (vec![save_tile("3", "c", None)], "D(a b c) E()"),
            (vec![save_tile("3", "c", Some(1))], "D(a c b) E()"),
            (vec![save_tile("1", "c", Some(1))], "D(c b) E()"),
            (vec![move_tile("1", 1)], "D(b a) E()"),
            (vec![move_tile("2", 0)], "D(b a) E()"),
            (vec![move_tile("2", 7)], "D(a b) E()"),
            (vec![without.clone(), without], "D(b) E()"),
        ] {
            let changed =
                changes.iter().cloned().try_fold(begin(), |workspace, change| workspace.changed(change));
            assert_eq!(shown(&changed.unwrap()), after, "{changes:?}");
        }
    }

    #[test]
    fn a_new_table_begins_as_the_last_one_was_laid_out_but_for_its_groups() {
        let of = |frozen| TableLayout {
            frozen,
            group: Some(Grouping { path: Path::field("a"), collapsed: Vec::new() }),
            ..TableLayout::default()
        };
        let (offers, orders) = (Namespace::new("d", "offers"), Namespace::new("d", "orders"));
        let lay_out = |namespace: &Namespace, frozen| WorkspaceChange::LayOut {
            namespace: namespace.clone(),
            layout: of(frozen),
        };
        let changes = [lay_out(&offers, 1), lay_out(&orders, 2), lay_out(&offers, 3)];
        let workspace =
            changes.into_iter().try_fold(Workspace::default(), |workspace, change| workspace.changed(change));
        let workspace = workspace.unwrap();
        let expected = |frozen| TableLayout { frozen, ..TableLayout::default() };
        assert_eq!((workspace.layout(&offers), workspace.layout(&orders)), (expected(3), expected(2)));
        assert_eq!(workspace.layout(&Namespace::new("d", "others")), TableLayout::default());
        assert_eq!(workspace.layouts.len(), 2);
    }

    #[test]
    fn what_cannot_be_done_is_refused_with_the_reason() {
        let workspace =
            Workspace { dashboards: vec![Dashboard::new(dashboard("d"), "D")], ..Workspace::default() };
        let elsewhere =
            WorkspaceChange::SaveTile { dashboard: dashboard("x"), tile: tile("1", "a"), place: None };
        for (change, code) in [
            (elsewhere, "not_found"),
            (WorkspaceChange::RenameDashboard { id: dashboard("x"), name: "X".into() }, "not_found"),
            (move_tile("1", 0), "not_found"),
            (save_tile("1", " ", None), "invalid_input"),
            (view("v", "", None), "invalid_input"),
            (WorkspaceChange::RenameDashboard { id: dashboard("d"), name: "\t".into() }, "invalid_input"),
        ] {
            assert_eq!(workspace.changed(change.clone()).unwrap_err().code(), code, "{change:?}");
        }
    }
}
