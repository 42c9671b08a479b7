//! What is in the form of a tile, as text, and the tile that it means.

use std::sync::Arc;

use bson::{RawBsonRef, RawDocumentBuf};
use lockstep_model::{
    Figure, Namespace, Path, Span, Value, json,
    key::Direction,
    workspace::{Reckoning, Shows, Tile, TileId, Width},
};

/// How a tile looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Look {
    #[default]
    Number,
    Bars,
    Line,
    List,
}

/// Which number is told.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Told {
    #[default]
    Count,
    Sum,
    Average,
    Least,
    Greatest,
    Rate,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Collection,
    Filter,
    /// The field of which the number is made.
    Field,
    /// The filter of those that a rate counts.
    Portion,
    /// The filter of those that they are a part of.
    Whole,
    /// The field by which documents are grouped or ordered.
    By,
}

/// What is in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub title: String,
    /// The collection's full name.
    pub collection: String,
    pub filter: String,
    pub look: Look,
    pub told: Told,
    pub field: String,
    pub portion: String,
    pub whole: String,
    pub by: String,
    pub span: Span,
    pub direction: Direction,
    /// Dotted fields with commas between them.
    pub fields: String,
    pub width: Width,
    pub interval_seconds: Option<u32>,
}

impl Look {
    pub const ALL: [(Self, &str); 4] = [
        (Self::Number, "Number"),
        (Self::Bars, "Bars"),
        (Self::Line, "Line over time"),
        (Self::List, "Documents"),
    ];
}

impl Told {
    pub const ALL: [(Self, &str); 6] = [
        (Self::Count, "Count"),
        (Self::Sum, "Sum"),
        (Self::Average, "Average"),
        (Self::Least, "Least"),
        (Self::Greatest, "Greatest"),
        (Self::Rate, "Rate"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(told, _)| *told == self).map_or("", |(_, name)| name)
    }

    /// Whether it is made of the values of a field.
    pub fn has_field(self) -> bool {
        !matches!(self, Self::Count | Self::Rate)
    }
}

impl Draft {
    /// For a new tile of that collection.
    pub fn new(collection: String) -> Self {
        Self {
            title: String::new(),
            collection,
            filter: String::new(),
            look: Look::default(),
            told: Told::default(),
            field: String::new(),
            portion: String::new(),
            whole: String::new(),
            by: String::new(),
            span: Span::Week,
            direction: Direction::Descending,
            fields: String::new(),
            width: Width::One,
            interval_seconds: None,
        }
    }

    /// To change a tile.
    pub fn of(tile: &Tile) -> Self {
        let draft = Self {
            title: tile.title.to_string(),
            filter: filter_text(&tile.filter),
            width: tile.width,
            interval_seconds: tile.interval_seconds,
            ..Self::new(tile.namespace.to_string())
        };
        match &tile.shows {
            Shows::Number(number) => draft.telling(number),
            Shows::Bars { by, number } => {
                Self { look: Look::Bars, by: by.to_string(), ..draft.telling(number) }
            }
            Shows::Line { at, span, number } => {
                Self { look: Look::Line, by: at.to_string(), span: *span, ..draft.telling(number) }
            }
            Shows::List { by, direction, fields } => Self {
                look: Look::List,
                by: by.to_string(),
                direction: *direction,
                fields: fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                ..draft
            },
        }
    }

    fn telling(self, number: &Reckoning) -> Self {
        let of = |told, path: &Path| (told, path.to_string());
        let (told, field) = match number {
            Reckoning::Figure(Figure::Count) => (Told::Count, String::new()),
            Reckoning::Figure(Figure::Sum(path)) => of(Told::Sum, path),
            Reckoning::Figure(Figure::Average(path)) => of(Told::Average, path),
            Reckoning::Figure(Figure::Least(path)) => of(Told::Least, path),
            Reckoning::Figure(Figure::Greatest(path)) => of(Told::Greatest, path),
            Reckoning::Rate { part, whole } => {
                let (portion, whole) = (filter_text(part), filter_text(whole));
                return Self { told: Told::Rate, portion, whole, ..self };
            }
        };
        Self { told, field, ..self }
    }

    /// Why a part of it means nothing, as far as that is seen while it is typed.
    pub fn problem(&self, part: Part) -> Option<String> {
        match part {
            Part::Filter => filter(&self.filter).err(),
            Part::Portion => filter(&self.portion).err(),
            Part::Whole => filter(&self.whole).err(),
            Part::Collection | Part::Field | Part::By => None,
        }
    }

    /// The tile.
    ///
    /// # Errors
    /// The first part that means nothing, and why.
    pub fn tile(&self, id: TileId) -> Result<Tile, (Part, String)> {
        let (database, collection) =
            self.collection.split_once('.').ok_or((Part::Collection, "choose a collection".to_owned()))?;
        let filter = filter(&self.filter).map_err(|reason| (Part::Filter, reason))?;
        let shows = self.shows()?;
        let title = match self.title.trim() {
            "" => self.own_title(),
            title => title.to_owned(),
        };
        Ok(Tile {
            id,
            title: title.into(),
            namespace: Namespace { database: database.into(), collection: collection.into() },
            filter,
            shows,
            width: self.width,
            interval_seconds: self.interval_seconds,
        })
    }

    fn shows(&self) -> Result<Shows, (Part, String)> {
        let by = |missing: &str| path(&self.by).ok_or((Part::By, missing.to_owned()));
        Ok(match self.look {
            Look::Number => Shows::Number(self.number()?),
            Look::Bars => Shows::Bars { number: self.number()?, by: by("which field the bars are of")? },
            Look::Line => {
                Shows::Line { number: self.number()?, at: by("which field has the date")?, span: self.span }
            }
            Look::List => Shows::List {
                by: by("which field they are ordered by")?,
                direction: self.direction,
                fields: self.fields.split(',').filter_map(path).collect(),
            },
        })
    }

    fn number(&self) -> Result<Reckoning, (Part, String)> {
        let field = || {
            path(&self.field)
                .ok_or((Part::Field, format!("the {} of which field", self.told.name().to_lowercase())))
        };
        Ok(Reckoning::Figure(match self.told {
            Told::Count => Figure::Count,
            Told::Sum => Figure::Sum(field()?),
            Told::Average => Figure::Average(field()?),
            Told::Least => Figure::Least(field()?),
            Told::Greatest => Figure::Greatest(field()?),
            Told::Rate => {
                let part = filter(&self.portion).map_err(|reason| (Part::Portion, reason))?;
                let whole = filter(&self.whole).map_err(|reason| (Part::Whole, reason))?;
                return Ok(Reckoning::Rate { part, whole });
            }
        }))
    }

    /// What a tile is called that nobody has given a title.
    pub fn own_title(&self) -> String {
        let collection = self.collection.split_once('.').map_or("", |(_, collection)| collection);
        let named = |text: &str| match text.trim() {
            "" => "…".to_owned(),
            text => text.to_owned(),
        };
        let (field, by) = (named(&self.field), named(&self.by));
        let number = match self.told {
            Told::Count => format!("Count of {collection}"),
            Told::Rate => format!("Rate of {collection}"),
            told => format!("{} of {field}", told.name()),
        };
        match self.look {
            Look::Number => number,
            Look::Bars => format!("{number} by {by}"),
            Look::Line => format!("{number} per {}", self.span.name()),
            Look::List => format!("{collection} by {by}"),
        }
    }
}

/// An empty text takes all.
fn filter(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::document(&RawDocumentBuf::new()));
    }
    let value = json::read(text)?;
    match value.get() {
        RawBsonRef::Document(_) => Ok(value),
        _ => Err("a filter is a document, as in { status: \"won\" }".into()),
    }
}

fn filter_text(filter: &Value) -> String {
    match filter.get() {
        RawBsonRef::Document(document) if document.is_empty() => String::new(),
        _ => json::write(filter),
    }
}

fn path(text: &str) -> Option<Path> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(Path::dotted)
}

/// The tile's id, or a new one.
pub fn id_of(tile: Option<&Tile>, new: impl FnOnce() -> Arc<str>) -> TileId {
    tile.map_or_else(|| TileId(new()), |tile| tile.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> TileId {
        TileId("t".into())
    }

    #[test]
    fn a_tile_comes_back_from_the_form_as_it_was() {
        for tile in lockstep_model::offers::dashboard::dashboard().tiles {
            let same = Draft::of(&tile).tile(tile.id.clone());
            assert_eq!(same, Ok(tile));
        }
    }

    #[test]
    fn what_means_nothing_is_told_at_its_part() {
        let draft = || Draft::new("sample.offers".into());
        for (draft, part) in [
            (Draft::new(String::new()), Part::Collection),
            (Draft { filter: "{ status: ".into(), ..draft() }, Part::Filter),
            (Draft { filter: "7".into(), ..draft() }, Part::Filter),
            (Draft { told: Told::Sum, ..draft() }, Part::Field),
            (Draft { told: Told::Rate, portion: "[]".into(), ..draft() }, Part::Portion),
            (Draft { told: Told::Rate, whole: "x".into(), ..draft() }, Part::Whole),
            (Draft { look: Look::Bars, by: " ".into(), ..draft() }, Part::By),
            (Draft { look: Look::List, ..draft() }, Part::By),
        ] {
            assert_eq!(draft.tile(id()).unwrap_err().0, part, "{draft:?}");
        }
    }

    #[test]
    fn a_tile_without_a_title_is_called_what_it_shows() {
        let draft =
            || Draft { field: "amount".into(), by: "status".into(), ..Draft::new("sample.offers".into()) };
        for (draft, title) in [
            (draft(), "Count of offers"),
            (Draft { told: Told::Sum, look: Look::Bars, ..draft() }, "Sum of amount by status"),
            (Draft { look: Look::Line, ..draft() }, "Count of offers per week"),
            (Draft { look: Look::List, ..draft() }, "offers by status"),
            (Draft { title: " Won ".into(), ..draft() }, "Won"),
        ] {
            assert_eq!(&*draft.tile(id()).unwrap().title, title);
        }
        let unfinished = Draft { told: Told::Sum, look: Look::Bars, ..Draft::new("sample.offers".into()) };
        assert_eq!(unfinished.own_title(), "Sum of … by …");
    }
}
