//! The columns of a table: which fields, how wide, how aligned.

use std::{ops::Range, rc::Rc};

use bson::RawBsonRef;
use lockstep_model::{
    Document, Path, Value,
    contract::{ColumnLayout, TableLayout},
    shape::{Field, Shape, Type, display_text, visible},
};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::{
    parts::{counted, style},
    views::collections::described,
};

/// The state of a row, and its number, stand left of all columns. In px.
pub const GUTTER: f64 = 86.0;
/// Bounds of a column's width, in px.
const NARROWEST: f64 = 84.0;
const WIDEST: f64 = 272.0;
/// Bounds of one that a person chooses, in px.
pub const NARROWEST_CHOSEN: f64 = 48.0;
pub const WIDEST_CHOSEN: f64 = 1200.0;
/// The mean width of a character, and what stands around the text, in px.
const CHARACTER: f64 = 7.9;
const PADDING: f64 = 26.0;
/// What stands around the text of a pill, or beside the name of a sorted column, in characters.
const PILL: &str = "  ";

/// The widths fit so many of the first documents.
const MEASURED: usize = 50;

/// So many words of a document or an array stand in its cell.
const MOST_WORDS: usize = 3;

/// How the values of a column stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// As text.
    Text,
    /// At the right, with figures of one width.
    Number,
    /// As one of a few words.
    Choice,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The field.
    pub path: Path,
    /// As `data-field` has it.
    pub name: Rc<str>,
    /// What the shape says of it.
    pub field: Field,
    /// How its values stand.
    pub look: Look,
    /// Its width in px.
    pub width: f64,
    /// That which a person chose, if any.
    pub chosen: Option<u16>,
    /// Its left edge in px.
    pub left: f64,
}

/// All columns of a table, shared: two are equal only when they are the same.
#[derive(Clone, Debug)]
pub struct Columns(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    shape: Rc<Shape>,
    /// The same, or what a sample shows where there is no schema.
    described: Rc<Shape>,
    columns: Vec<Column>,
    /// Fields that have no column, each with its place among all.
    hidden: Vec<(usize, ColumnLayout)>,
    /// So many of the first columns stay in sight.
    frozen: usize,
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Columns {
    type Target = [Column];

    fn deref(&self) -> &[Column] {
        &self.0.columns
    }
}

impl Columns {
    /// From the collection's shape, as the person has laid it out; the widths fit the sample, and so do the columns where the
    /// shape names none.
    pub fn new(shape: Rc<Shape>, sample: &[Rc<Document>], layout: &TableLayout) -> Self {
        let described = described(&shape, Some(sample)).unwrap_or_default();
        let mut fields: Vec<_> = described.fields.iter().collect();
        // A generated id tells a person nothing, so it stands last.
        fields.sort_by_key(|field| &*field.name == "_id" && field.types() == [Type::ObjectId]);
        let is_laid_out = |path: &Path| layout.columns.iter().any(|column| column.path == *path);
        let others = fields.iter().map(|field| Path::field(&field.name)).filter(|path| !is_laid_out(path));
        let others = others.map(|path| ColumnLayout { path, width: None, hidden: false });
        let (mut left, mut columns, mut hidden) = (GUTTER, Vec::new(), Vec::new());
        for (at, layout) in layout.columns.iter().cloned().chain(others).enumerate() {
            if layout.hidden {
                hidden.push((at, layout));
                continue;
            }
            let column = Self::column(&described, sample, &layout, left);
            left += column.width;
            columns.push(column);
        }
        let frozen = (usize::from(layout.frozen) + 1).min(columns.len());
        Self(Rc::new(Inner { shape, described, columns, hidden, frozen }))
    }

    fn column(shape: &Shape, sample: &[Rc<Document>], layout: &ColumnLayout, left: f64) -> Column {
        let sample = &sample[..sample.len().min(MEASURED)];
        let path = layout.path.clone();
        let field = shape.at(&path).cloned().unwrap_or_default();
        let name = path.to_string();
        let options = field.options().unwrap_or_default().iter().map(Value::get);
        let longest = || {
            sample
                .iter()
                .filter_map(|document| document.get(&path))
                .map(cell_text)
                .chain(options.map(|option| format!("{}{PILL}", display_text(option))))
                .chain([format!("{name}{PILL}")])
                .map(|text| text.chars().count())
                .max()
                .unwrap_or_default()
        };
        let width = match layout.width {
            Some(width) => f64::from(width).clamp(NARROWEST_CHOSEN, WIDEST_CHOSEN),
            None => (longest() as f64 * CHARACTER + PADDING).clamp(NARROWEST, WIDEST),
        };
        Column { look: look(&field), width, chosen: layout.width, left, name: name.into(), field, path }
    }

    /// What the collection's documents look like, by its schema, or by a sample where it has none.
    pub fn described(&self) -> &Rc<Shape> {
        &self.0.described
    }

    /// How many of the first columns stay in sight.
    pub fn frozen(&self) -> usize {
        self.0.frozen
    }

    /// Where what stays in sight ends, in px.
    pub fn frozen_width(&self) -> f64 {
        self.0.columns[..self.0.frozen].last().map_or(GUTTER, |column| column.left + column.width)
    }

    /// All columns as they are laid out now, the hidden ones too: what a change of the layout begins with.
    pub fn layout(&self) -> Vec<ColumnLayout> {
        let shown = self.iter().map(|column| ColumnLayout {
            path: column.path.clone(),
            width: column.chosen,
            hidden: false,
        });
        let mut layout: Vec<_> = shown.collect();
        for (at, column) in &self.0.hidden {
            layout.insert((*at).min(layout.len()), column.clone());
        }
        layout
    }

    /// What the collection's documents look like.
    pub fn shape(&self) -> &Rc<Shape> {
        &self.0.shape
    }

    /// The width of everything, in px.
    pub fn width(&self) -> f64 {
        self.last().map_or(GUTTER, |column| column.left + column.width)
    }

    /// From left to right, in px.
    pub fn left_edges(&self) -> impl Iterator<Item = f64> + Clone {
        self.iter().map(|column| column.left)
    }

    /// The columns to draw: those that stay in sight, the mounted ones, and perhaps one more; each with how many columns
    /// before it are not drawn.
    pub fn drawn(
        &self,
        mounted: &Range<usize>,
        also: Option<usize>,
    ) -> impl Iterator<Item = (usize, usize, &Column)> {
        let frozen = self.frozen().max(1);
        let also = also.filter(|at| *at >= frozen && !mounted.contains(at));
        let before = also.filter(|at| *at < mounted.start);
        let after = also.filter(|at| *at >= mounted.end);
        let places = (0..frozen).chain(before).chain(mounted.start.max(frozen)..mounted.end).chain(after);
        let mut next = 0;
        places.filter_map(move |at| {
            let left_out = at - next;
            next = at + 1;
            Some((at, left_out, self.get(at)?))
        })
    }

    /// Where a cell of that column stays when the rest is scrolled; `None` where it does not.
    pub fn stays_at(&self, at: usize) -> Option<f64> {
        (at < self.frozen()).then(|| self.get(at).map(|column| column.left)).flatten()
    }

    /// CSS's `grid-template-columns`.
    pub fn template(&self) -> String {
        self.template_with(usize::MAX, 0.0)
    }

    /// The same, with another width of one column, in px.
    pub fn template_with(&self, at: usize, width: f64) -> String {
        let widths =
            self.iter().enumerate().map(|(other, column)| if other == at { width } else { column.width });
        widths.fold(format!("{GUTTER}px"), |template, width| format!("{template} {width}px"))
    }
}

fn look(field: &Field) -> Look {
    if field.options().is_some() {
        Look::Choice
    } else if !field.types().is_empty() && field.types().iter().all(|of| of.is_number()) {
        Look::Number
    } else {
        Look::Text
    }
}

/// A value in a cell: of a document or an array just what a person reads first, the words in it, or how many things.
pub fn cell_text(value: RawBsonRef<'_>) -> String {
    let words: Vec<&str> = match value {
        RawBsonRef::Document(document) => {
            document.iter().flatten().filter_map(|(_, value)| value.as_str()).take(MOST_WORDS).collect()
        }
        RawBsonRef::Array(items) => {
            let first: Vec<_> = items.into_iter().flatten().take(MOST_WORDS + 1).collect();
            match first.iter().map(|item| item.as_str()).collect::<Option<Vec<_>>>() {
                Some(words) if words.is_empty() => return String::new(),
                Some(words) if words.len() <= MOST_WORDS => words,
                _ => return counted(items.into_iter().count() as u64, "item"),
            }
        }
        _ => Vec::new(),
    };
    if words.is_empty() {
        return display_text(value);
    }
    words.into_iter().map(visible).collect::<Vec<_>>().join(", ")
}

/// Which of the few colours a choice has: the same word the same colour, everywhere.
pub fn tone(field: &Field, value: RawBsonRef<'_>) -> usize {
    /// As many as the style sheet has.
    const TONES: usize = 6;
    let mut options = field.options().unwrap_or_default().iter();
    options.position(|option| option.get().as_str() == value.as_str()).unwrap_or_default() % TONES
}

/// The style of a cell that stays there when the rest is scrolled, or does not.
pub fn frozen_style(stays_at: Option<f64>) -> JsValue {
    style(&stays_at.map(|left| format!("left: {left}px")).unwrap_or_default())
}

/// The room of columns that are not drawn, before that column; none where all are.
pub fn room(left_out: usize, at: usize) -> Option<Html> {
    let span = style(&format!("grid-column: span {left_out}"));
    (left_out > 0).then(|| html! { <div key={format!("before {at}")} aria-hidden="true" ~style={span} /> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{RawBson, rawbson};

    #[test]
    fn a_cell_shows_what_is_read_first() {
        let cases: Vec<(RawBson, &str)> = vec![
            (rawbson!({ "id": 7, "name": "Ardent", "city": "Graz" }), "Ardent, Graz"),
            (rawbson!({ "id": 7 }), "{id: 7}"),
            (rawbson!(["key account", "repeat"]), "key account, repeat"),
            (rawbson!(["a", "b", "c", "d"]), "4 items"),
            (rawbson!(["a", 1]), "2 items"),
            (rawbson!([{ "title": "Pump" }]), "1 item"),
            (rawbson!([]), ""),
            (rawbson!(5), "5"),
        ];
        for (value, text) in cases {
            assert_eq!(cell_text(value.as_raw_bson_ref()), text);
        }
    }

    #[test]
    fn a_layout_orders_hides_and_adds_columns_and_new_fields_follow() {
        let named = |name: &str| Field { name: name.into(), ..Field::default() };
        let shape = Rc::new(Shape { fields: ["a", "b", "c", "d"].map(named).into(), closed: false });
        let column = |path: &str, width, hidden| ColumnLayout { path: Path::dotted(path), width, hidden };
        let chosen = vec![column("c", Some(300), false), column("a", None, true), column("x.y", None, false)];
        let layout = TableLayout { columns: chosen.clone(), frozen: 1, ..TableLayout::default() };
        let columns = Columns::new(shape, &[], &layout);
        let shown: Vec<_> = columns.iter().map(|column| (&*column.name, column.width)).collect();
        assert_eq!(shown, [("c", 300.0), ("x.y", 84.0), ("b", 84.0), ("d", 84.0)]);
        assert_eq!((columns.frozen(), columns.frozen_width()), (2, GUTTER + 384.0));
        let all = [chosen, vec![column("b", None, false), column("d", None, false)]].concat();
        assert_eq!(columns.layout(), all);
    }

    #[test]
    fn the_first_column_the_mounted_and_the_current_one_are_drawn() {
        let field = |at: usize| Field { name: format!("f{at}").as_str().into(), ..Field::default() };
        let shape = Shape { fields: (0..10).map(field).collect(), closed: false };
        let columns = Columns::new(Rc::new(shape), &[], &TableLayout::default());
        for (mounted, also, expected) in [
            (0..3, None, vec![(0, 0), (1, 0), (2, 0)]),
            (4..6, None, vec![(0, 0), (4, 3), (5, 0)]),
            (4..6, Some(2), vec![(0, 0), (2, 1), (4, 1), (5, 0)]),
            (4..6, Some(5), vec![(0, 0), (4, 3), (5, 0)]),
            (4..6, Some(9), vec![(0, 0), (4, 3), (5, 0), (9, 3)]),
            (4..6, Some(0), vec![(0, 0), (4, 3), (5, 0)]),
            (0..0, None, vec![(0, 0)]),
            (8..20, None, vec![(0, 0), (8, 7), (9, 0)]),
        ] {
            let drawn: Vec<_> =
                columns.drawn(&mounted, also).map(|(at, left_out, _)| (at, left_out)).collect();
            assert_eq!(drawn, expected, "{mounted:?} and {also:?}");
        }
    }
}
