//! Pieces that views are made of. They are native elements (`dialog`, `popover`, `select`) with our own style sheets.
//!
//! A part knows the words of the product, but no collection and no view.

mod badge;
mod dialog;
mod error_boundary;
mod failure_callout;
mod field_editor;
mod icon;
mod menu;
mod notice;
mod password_form;
mod popover;
mod review;
mod style;
pub mod toast;
mod words;

pub use badge::badge;
pub use dialog::{Confirm, Dialog};
pub use error_boundary::{Boundary, ErrorBoundary};
pub use failure_callout::FailureCallout;
pub use field_editor::{EditorEvent, FieldEditor, FieldEditorProps, Offer};
pub use icon::Icon;
pub use menu::{Menu, MenuItem};
pub use notice::Notice;
pub use password_form::PasswordForm;
pub use popover::Popover;
pub use review::Review;
pub use style::style;
pub use toast::Toasts;
pub use words::{
    bytes, capitalised, clock_time, counted, date_and_time, elapsed, fields, grouped, number, of_all,
    shortened,
};
