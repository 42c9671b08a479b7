//! The dashboard that comes with the offers: a value like any that a person makes.

use bson::{RawDocumentBuf, rawdoc};

use super::DATABASE;
use crate::{
    Figure, Namespace, Path, Span, Value,
    key::Direction,
    workspace::{Dashboard, DashboardId, Reckoning, Shows, Tile, TileId, Width, Workspace},
};

/// What the very first start keeps for the sample workspace.
pub fn workspace() -> Workspace {
    Workspace { dashboards: vec![dashboard()], ..Workspace::default() }
}

/// How the offers are doing. Amounts are of one currency: a sum over several is none.
pub fn dashboard() -> Dashboard {
    let open = || rawdoc! { "status": { "$in": ["sent", "negotiation"] } };
    let tiles = vec![
        Tile {
            width: Width::Two,
            ..tile(
                "pipeline",
                "Pipeline value by status, EUR",
                rawdoc! { "currency": "EUR" },
                Shows::Bars {
                    by: Path::field("status"),
                    number: Reckoning::Figure(Figure::Sum(Path::field("amount"))),
                },
            )
        },
        tile(
            "win-rate",
            "Win rate",
            RawDocumentBuf::new(),
            Shows::Number(Reckoning::Rate {
                part: Value::document(&rawdoc! { "status": "won" }),
                whole: Value::document(&rawdoc! { "status": { "$in": ["won", "lost"] } }),
            }),
        ),
        Tile {
            width: Width::Two,
            ..tile(
                "by-week",
                "Offers per week",
                RawDocumentBuf::new(),
                Shows::Line {
                    at: Path::field("created_at"),
                    span: Span::Week,
                    number: Reckoning::Figure(Figure::Count),
                },
            )
        },
        tile(
            "by-owner",
            "Open offers by owner",
            open(),
            Shows::Bars { by: Path::field("owner"), number: Reckoning::Figure(Figure::Count) },
        ),
        Tile {
            width: Width::Three,
            // What expires does so without a change.
            interval_seconds: Some(60),
            ..tile(
                "expiring",
                "Expiring soon",
                rawdoc! {
                    "status": { "$in": ["sent", "negotiation"] },
                    "$expr": { "$gte": ["$valid_until", "$$NOW"] },
                },
                Shows::List {
                    by: Path::field("valid_until"),
                    direction: Direction::Ascending,
                    fields: ["number", "title", "owner", "amount", "currency"].map(Path::field).into(),
                },
            )
        },
    ];
    Dashboard { id: DashboardId("offers".into()), name: "Offers".into(), tiles }
}

fn tile(id: &str, title: &str, filter: RawDocumentBuf, shows: Shows) -> Tile {
    Tile {
        id: TileId(id.into()),
        title: title.into(),
        namespace: Namespace::new(DATABASE, "offers"),
        filter: Value::document(&filter),
        shows,
        width: Width::One,
        interval_seconds: None,
    }
}
