//! Light, dark, or as the system says: the person's choice, the same in all windows.
//!
//! The colours themselves are in `styles/tokens.css`.

use crate::{browser, signal::Signal};

const STORED_AS: &str = "theme";

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

thread_local! {
    static THEME: Signal<Theme> = Signal::default();
}

impl Theme {
    /// For people, and, in lower case, for the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The one after it, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The theme of the window.
pub fn theme() -> Signal<Theme> {
    THEME.with(Signal::clone)
}

/// Another one, in all windows and at the next start.
pub fn choose(theme: Theme) {
    browser::keep(STORED_AS, theme.name());
    show(theme);
}

/// Shows the chosen theme, and follows the choice of other windows.
pub fn start() {
    show(stored());
    browser::listen_always(browser::window(), "storage", || show(stored()));
}

fn stored() -> Theme {
    let name = browser::kept(STORED_AS);
    [Theme::Light, Theme::Dark]
        .into_iter()
        .find(|theme| name.as_deref() == Some(theme.name()))
        .unwrap_or_default()
}

fn show(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", &theme.name().to_lowercase());
    }
    THEME.with(|signal| signal.set(theme));
}
