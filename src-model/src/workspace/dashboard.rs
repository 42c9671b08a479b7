//! A dashboard: tiles in a grid, each with what it shows of one collection.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    Figure, FiguresQuery, Group, Key, ListQuery, Measure, Namespace, Path, Span, Value, key::Direction,
};

/// Names a dashboard, within its workspace. Made at random in the window that makes the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DashboardId(pub Arc<str>);

/// Names a tile, within its dashboard. Made as its dashboard's id is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TileId(pub Arc<str>);

/// Tiles, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Which one: the name may change.
    pub id: DashboardId,
    /// What a person calls it; never empty.
    pub name: Arc<str>,
    /// From the top left, row by row.
    pub tiles: Vec<Tile>,
}

/// One tile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tile {
    /// Which one.
    pub id: TileId,
    /// What a person calls it; never empty.
    pub title: Arc<str>,
    /// Of which collection.
    pub namespace: Namespace,
    /// Of which of its documents: a MongoDB filter document.
    pub filter: Value,
    /// What of them.
    pub shows: Shows,
    /// How many columns of the grid it takes.
    pub width: Width,
    /// Asked for again after so many seconds, beside what changes by itself; never if `None`.
    pub interval_seconds: Option<u32>,
}

/// How wide a tile is, where the window has room for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// One column.
    #[default]
    One,
    /// Two columns.
    Two,
    /// Three columns.
    Three,
}

/// What a tile shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// One number.
    Number(Reckoning),
    /// A number for each value of a field, as bars.
    Bars {
        /// The field.
        by: Path,
        /// The number.
        number: Reckoning,
    },
    /// A number for each span of time, as a line.
    Line {
        /// The field with the date.
        at: Path,
        /// How long a span is.
        span: Span,
        /// The number.
        number: Reckoning,
    },
    /// The first documents of an order.
    List {
        /// The field that they are ordered by.
        by: Path,
        /// Soonest or newest first.
        direction: Direction,
        /// The fields that are shown of each, beside that one.
        fields: Vec<Path>,
    },
}

/// A number that is made of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reckoning {
    /// One figure, as it is.
    Figure(Figure),
    /// How many documents of those in question meet more: `part / whole`.
    Rate {
        /// The filter of those that are counted.
        part: Value,
        /// The filter of those that they are a part of.
        whole: Value,
    },
}

/// A tile of bars has room for so many.
const BARS: u32 = 12;
/// A line goes back so many spans.
pub const LINE_SPANS: u32 = 26;
/// A tile of documents shows so many; some more are known, so that others can move up.
const ROWS: u32 = 30;

impl Width {
    /// All of them, the narrowest first.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// In columns.
    pub fn columns(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }
}

impl Reckoning {
    /// What has to be asked for.
    pub fn measures(&self) -> Vec<Measure> {
        match self {
            Self::Figure(figure) => vec![Measure { figure: figure.clone(), filter: None }],
            Self::Rate { part, whole } => [part, whole]
                .map(|filter| Measure { figure: Figure::Count, filter: Some(filter.clone()) })
                .into(),
        }
    }
}

impl Tile {
    /// The query that the tile shows.
    pub fn key(&self) -> Key {
        let figures = |group, number: &Reckoning, limit| {
            let query =
                FiguresQuery { filter: self.filter.clone(), group, measures: number.measures(), limit };
            Key::Figures(self.namespace.clone(), query)
        };
        match &self.shows {
            Shows::Number(number) => figures(None, number, 1),
            Shows::Bars { by, number } => figures(Some(Group::Value(by.clone())), number, BARS),
            Shows::Line { at, span, number } => {
                figures(Some(Group::Date(at.clone(), *span)), number, LINE_SPANS)
            }
            Shows::List { .. } => Key::First(self.namespace.clone(), self.documents(), ROWS),
        }
    }

    /// The documents that it is about, in its order, if it has one.
    pub fn documents(&self) -> ListQuery {
        let sort = match &self.shows {
            Shows::List { by, direction, .. } => vec![(by.clone(), *direction)],
            Shows::Number(_) | Shows::Bars { .. } | Shows::Line { .. } => Vec::new(),
        };
        ListQuery { filter: self.filter.clone(), sort }
    }

    /// How often it is asked for beside what changes by itself.
    pub fn interval(&self) -> Option<Duration> {
        self.interval_seconds.map(|seconds| Duration::from_secs(seconds.into()))
    }
}

impl Dashboard {
    /// An empty one.
    pub fn new(id: DashboardId, name: &str) -> Self {
        Self { id, name: name.into(), tiles: Vec::new() }
    }
}
