//! The icons, drawn as strokes of one width. Each stands beside words, or its button has a name: they are decoration.

use yew::{html::IntoPropValue, prelude::*};

/// An icon of 16 px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Icon {
    /// Add.
    Plus,
    /// A window of its own.
    Window,
    /// More actions.
    More,
    /// Ascending.
    Up,
    /// Descending.
    Down,
    /// Back.
    Back,
    /// A collection.
    Table,
    /// A dashboard.
    Dashboard,
    /// Where something is taken hold of, to be moved.
    Grip,
    /// A board.
    Board,
    /// A database.
    Database,
    /// Close.
    Close,
    /// Something waits for a person.
    Warning,
    /// Light or dark.
    Theme,
    /// What was done.
    History,
    /// Somebody else.
    Person,
    /// Look into the query store.
    Inspect,
    /// One document.
    Document,
    /// Something that can be done.
    Action,
    /// Which documents.
    Filter,
    /// In which order.
    Sort,
    /// Which columns.
    Columns,
    /// Together by a value.
    Group,
    /// What lies below is shown.
    Open,
    /// What lies below is not shown.
    Shut,
    /// Kept for later.
    Star,
    /// Make narrow.
    Fold,
    /// How something is laid out.
    Layout,
    /// Once more.
    Again,
    /// Take a copy.
    Copy,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Plus => "M8 3v10M3 8h10",
            Self::Window => "M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5",
            Self::More => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Self::Up => "M8 12.5v-9M4.5 7L8 3.5 11.5 7",
            Self::Down => "M8 3.5v9M4.5 9L8 12.5 11.5 9",
            Self::Back => "M9.5 3.5L5 8l4.5 4.5",
            Self::Table => "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
            Self::Dashboard => "M2.5 2.5h5v6h-5zM10 2.5h3.5v3.5H10zM2.5 11h5v2.5h-5zM10 8.5h3.5v5H10z",
            Self::Grip => "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
            Self::Board => "M2.5 3h3v10h-3zM6.5 3h3v6h-3zM10.5 3h3v8h-3z",
            Self::Fold => "M2.5 8h4M4.5 6l2 2-2 2M13.5 8h-4M11.5 6l-2 2 2 2",
            Self::Layout => "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3",
            Self::Database => {
                "M3 4.5c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zM3 4.5v7c0 1.1 2.2 2 5 2s5-.9 5-2v-7M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"
            }
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Warning => "M8 2.5L14 13H2zM8 6.5v3M8 11.2h.01",
            Self::Inspect => "M6.5 3C4 3 5.5 8 2.5 8c3 0 1.5 5 4 5M9.5 3c2.5 0 1 5 4 5-3 0-1.5 5-4 5",
            Self::History => "M2.5 8a5.5 5.5 0 1 0 1.8-4.1L2.5 5.5M2.5 2.5v3h3M8 5v3l2 1.5",
            Self::Person => "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2.2-4 5-4s5 1.5 5 4",
            Self::Document => "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
            Self::Action => "M3.5 4.5L7 8l-3.5 3.5M8.5 12h4",
            Self::Filter => "M2.5 4.5h11M4.5 8h7M6.5 11.5h3",
            Self::Sort => "M5 3.5v9M2.5 10L5 12.5 7.5 10M11 12.5v-9M8.5 6L11 3.5 13.5 6",
            Self::Columns => "M2.5 3.5h11v9h-11zM6.2 3.5v9M9.8 3.5v9",
            Self::Group => "M2.5 4h11M5 8h8.5M5 12h8.5",
            Self::Open => "M4.5 6.5L8 10l3.5-3.5",
            Self::Shut => "M6.5 4.5L10 8l-3.5 3.5",
            Self::Again => "M13 8a5 5 0 1 1-1.5-3.6L13 6M13 3v3h-3",
            Self::Copy => "M6 5.5h7v8H6zM10 5.5v-3H3v8h3",
            Self::Star => "M8 2.5l1.7 3.5 3.8.5-2.8 2.6.7 3.8L8 11.1l-3.4 1.8.7-3.8L2.5 6.5l3.8-.5z",
            Self::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
        }
    }
}

// Yew asks for the one where the icon stands alone, and for the other where it stands among others.

impl IntoPropValue<Html> for Icon {
    fn into_prop_value(self) -> Html {
        self.into()
    }
}

impl From<Icon> for Html {
    fn from(icon: Icon) -> Self {
        html! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d={icon.path()} />
            </svg>
        }
    }
}
