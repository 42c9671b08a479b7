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
    /// A database.
    Database,
    /// Close.
    Close,
    /// Something waits for a person.
    Warning,
    /// Light or dark.
    Theme,
    /// Somebody else.
    Person,
    /// Look into the query store.
    Inspect,
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
            Self::Database => {
                "M3 4.5c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zM3 4.5v7c0 1.1 2.2 2 5 2s5-.9 5-2v-7M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"
            }
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Warning => "M8 2.5L14 13H2zM8 6.5v3M8 11.2h.01",
            Self::Inspect => "M6.5 3C4 3 5.5 8 2.5 8c3 0 1.5 5 4 5M9.5 3c2.5 0 1 5 4 5-3 0-1.5 5-4 5",
            Self::Person => "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2.2-4 5-4s5 1.5 5 4",
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
