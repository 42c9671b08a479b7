//! What a window can show, and the frame around it.
//!
//! A view reads by hooks and changes by intents; it keeps no copy of shared data.

mod activity;
mod age;
mod board;
mod collections;
mod connections;
mod dashboard;
mod dashboards;
mod date_editor;
mod document;
mod first_minute;
mod home;
mod in_new_window;
mod insert;
pub mod inspector;
mod look_up;
mod palette;
mod saved_views;
mod schema;
mod sidebar;
mod status_bar;
mod tab_bar;
mod table;
mod transfer;
mod view_switch;
mod zone;

pub use activity::{ActivityPanel, show_activity};
pub use board::Board;
pub use dashboard::DashboardView;
pub use document::DocumentView;
pub use first_minute::FirstMinute;
pub use home::Home;
pub use insert::{InsertForm, open_insert};
pub use inspector::Inspector;
pub use palette::{Palette, open_palette};
pub use saved_views::{SaveViewForm, open_save_view};
pub use schema::SchemaView;
pub use sidebar::Sidebar;
pub use status_bar::StatusBar;
pub use tab_bar::TabBar;
pub use table::{Many, Table, Tool, open_many, open_tool};
pub use transfer::{Transfers, open_export, open_import, schema, show_jobs};
pub use view_switch::switch_view;
