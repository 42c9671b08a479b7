//! A tile is taken by its grip and put where another one is.
//!
//! Pointer events, since some web views keep HTML's own drag to themselves.

use std::{cell::RefCell, rc::Rc};

use lockstep_model::{
    WorkspaceChange,
    workspace::{DashboardId, TileId},
};
use yew::prelude::*;

use crate::{browser, hooks::change_workspace};

/// A tile that is being moved.
#[derive(Clone, Debug, PartialEq)]
struct Moving {
    tile: TileId,
    from: usize,
    /// The place of the tile that the pointer is over.
    over: usize,
}

/// What a tile has to do with a move that is under way, and the events of its grip.
#[derive(Clone, PartialEq)]
pub struct Drag {
    /// It is being moved.
    pub is_moved: bool,
    /// What is moved comes to its place: before it, or behind it.
    pub takes: Option<Side>,
    pub on_down: Callback<PointerEvent>,
    pub on_move: Callback<PointerEvent>,
    pub on_up: Callback<PointerEvent>,
    pub on_cancel: Callback<PointerEvent>,
}

/// On which side of a tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    Before,
    Behind,
}

/// The moves of one dashboard.
#[derive(Clone)]
pub struct Moves {
    dashboard: DashboardId,
    /// What the events have left: they come closer together than drawings.
    held: Rc<RefCell<Option<Moving>>>,
    /// The same, as it is drawn.
    moving: UseStateHandle<Option<Moving>>,
}

/// The moves of a dashboard's tiles.
#[hook]
pub fn use_moving(dashboard: DashboardId) -> Moves {
    Moves { dashboard, held: use_mut_ref(|| None), moving: use_state_eq(|| None) }
}

impl Moves {
    /// For the tile of that place.
    pub fn of(&self, tile: &TileId, place: usize) -> Drag {
        let moving = (*self.moving).clone();
        let takes = moving.as_ref().filter(|moving| moving.over == place && moving.from != place);
        let takes = takes.map(|moving| if moving.from < place { Side::Behind } else { Side::Before });
        let is_moved = moving.as_ref().is_some_and(|moving| moving.tile == *tile);
        let set = {
            let (held, moving) = (self.held.clone(), self.moving.setter());
            move |next: Option<Moving>| {
                held.replace(next.clone());
                moving.set(next);
            }
        };
        let on_down = {
            let (set, tile) = (set.clone(), tile.clone());
            Callback::from(move |event: PointerEvent| {
                if event.button() != 0 {
                    return;
                }
                if let Some(grip) = browser::closest(&event, "button") {
                    // Without it, the move ends where the pointer leaves the grip.
                    let _ = grip.set_pointer_capture(event.pointer_id());
                }
                set(Some(Moving { tile: tile.clone(), from: place, over: place }));
            })
        };
        let on_move = {
            let (set, held) = (set.clone(), self.held.clone());
            Callback::from(move |event: PointerEvent| {
                let now = held.borrow().clone();
                if let (Some(moving), Some(over)) = (now, place_under(&event)) {
                    set(Some(Moving { over, ..moving }));
                }
            })
        };
        let on_up = {
            let (set, held, dashboard) = (set.clone(), self.held.clone(), self.dashboard.clone());
            Callback::from(move |_: PointerEvent| {
                let ended = held.borrow().clone();
                set(None);
                if let Some(moving) = ended.filter(|moving| moving.from != moving.over) {
                    move_to(&dashboard, &moving.tile, moving.over);
                }
            })
        };
        let on_cancel = Callback::from(move |_: PointerEvent| set(None));
        Drag { is_moved, takes, on_down, on_move, on_up, on_cancel }
    }
}

/// Moves a tile to that place.
pub fn move_to(dashboard: &DashboardId, tile: &TileId, place: usize) {
    let (dashboard, tile) = (dashboard.clone(), tile.clone());
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    change_workspace(WorkspaceChange::MoveTile { dashboard, tile, place });
}

/// The place of the tile under the pointer.
fn place_under(event: &PointerEvent) -> Option<usize> {
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let under = browser::document().element_from_point(x, y)?;
    under.closest("[data-place]").ok()??.get_attribute("data-place")?.parse().ok()
}
