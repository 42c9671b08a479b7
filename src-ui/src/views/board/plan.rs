//! Which columns a board has: of the layout what a person has chosen, and of the rest what the collection offers.

use std::rc::Rc;

use lockstep_model::{
    Document, Figure, FiguresQuery, Group, Key, ListQuery, Namespace, Path, Value,
    contract::{BoardLayout, Sum},
    shape::Shape,
};
use lockstep_query::{Data, Options};
use yew::prelude::*;

use super::offered;
use crate::{
    hooks::use_selected,
    views::collections::{described, sample_key, use_collection, use_sample},
};

/// What is known of a board.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// What it waits for.
    Waits(Key),
    /// No field of the collection has values that could be columns.
    Unsuited,
    /// All that it needs.
    Of(Rc<Planned>),
}

/// A board that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// What the documents look like.
    pub shape: Rc<Shape>,
    /// The fields that can be columns.
    pub groupings: Vec<Path>,
    /// The layout, with everything said.
    pub layout: BoardLayout,
    /// The field that the columns are by.
    pub by: Path,
    /// What a card shows, its title first.
    pub faces: Vec<Path>,
    /// What is summed up, if anything.
    pub sum: Option<Path>,
}

/// The plan of a board. `asks_all` is whether all fields that can be columns have to be known, and not only those of which the
/// schema says so.
#[hook]
pub fn use_plan(namespace: Namespace, query: ListQuery, layout: BoardLayout, asks_all: bool) -> Plan {
    let known = use_collection(namespace.clone());
    let schema = known.as_ref().map(|known| known.shape.clone().unwrap_or_default());
    let said = schema.as_ref().and_then(|schema| fields(schema, layout.by.as_ref(), &[]));
    let is_said = said.as_ref().is_some_and(|(_, fixed)| fixed.is_some());

    // Also where the filter lets none of them through, they have fields to choose from.
    let sample = use_sample(namespace.clone(), schema.is_some() && (!is_said || asks_all));
    let first = sample_key(namespace.clone());
    let shape =
        use_memo((schema, sample.clone()), |(schema, sample)| described(schema.as_ref()?, sample.as_deref()));
    let sampled = sample.as_deref().unwrap_or_default();
    let chosen = shape.as_ref().as_ref().and_then(|shape| fields(shape, layout.by.as_ref(), sampled));

    let by = chosen.as_ref().map(|(by, _)| by.clone());
    let has_to_ask = chosen.as_ref().is_some_and(|(_, fixed)| fixed.is_none());
    let values = values_of(namespace, &query, by.as_ref());
    let options = Options { enabled: has_to_ask, ..Options::DEFAULT };
    let found = use_selected(values.clone(), options, move |figures| match figures.data {
        Some(Data::Value(plain)) if has_to_ask => {
            let groups = &plain.figures()?.groups;
            Some(groups.iter().map(|group| group.of.clone()).collect::<Vec<_>>())
        }
        _ => None,
    });

    let groupings = shape.as_ref().as_ref().map(|shape| offered::groupings(shape, sampled));
    let plan = use_memo(
        ((*shape).clone(), groupings, chosen, found, layout, sample.is_some(), (first, values)),
        |(shape, groupings, chosen, found, layout, is_sampled, (first, values))| {
            let (Some(shape), Some(groupings)) = (shape, groupings) else {
                // What was on the screen is there before anything is known.
                return restored(layout).unwrap_or_else(|| Plan::Waits(first.clone()));
            };
            let Some((by, fixed)) = chosen else {
                return if *is_sampled { Plan::Unsuited } else { Plan::Waits(first.clone()) };
            };
            let known: &[Value] = if layout.by.as_ref() == Some(by) { &layout.columns } else { &[] };
            let columns = match (fixed, found) {
                (Some(fixed), _) => fixed.clone(),
                (None, Some(found)) => offered::found_values(known, found.iter().cloned()),
                (None, None) if known.is_empty() => return Plan::Waits(values.clone()),
                (None, None) => known.to_vec(),
            };
            let layout = BoardLayout { columns, ..layout.clone() };
            of(shape.clone(), groupings.clone(), by.clone(), layout)
        },
    );
    (*plan).clone()
}

/// The field that the columns are by, and its values where the documents need not be asked for them.
fn fields(shape: &Shape, by: Option<&Path>, sample: &[Rc<Document>]) -> Option<(Path, Option<Vec<Value>>)> {
    let by = by.cloned().or_else(|| offered::groupings(shape, sample).first().cloned())?;
    let fixed = shape.at(&by).and_then(offered::fixed_values);
    Some((by, fixed))
}

/// The values that a field has, the most frequent first.
fn values_of(namespace: Namespace, query: &ListQuery, by: Option<&Path>) -> Key {
    let query = FiguresQuery {
        filter: query.filter.clone(),
        group: by.cloned().map(Group::Value),
        limit: offered::MOST_COLUMNS as u32,
        ..FiguresQuery::all(Figure::Count)
    };
    Key::Figures(namespace, query)
}

/// The board as it was kept.
fn restored(layout: &BoardLayout) -> Option<Plan> {
    let by = layout.by.clone().filter(|_| !layout.columns.is_empty())?;
    Some(of(Rc::default(), vec![by.clone()], by, layout.clone()))
}

fn of(shape: Rc<Shape>, groupings: Vec<Path>, by: Path, layout: BoardLayout) -> Plan {
    let faces = layout.cards.clone().unwrap_or_else(|| offered::first_faces(&shape, &by));
    let sum = match &layout.sum {
        Sum::Offered => offered::first_sum(&shape),
        Sum::Nothing => None,
        Sum::Of(path) => Some(path.clone()),
    };
    let cards = Some(faces.clone()).filter(|_| !shape.fields.is_empty()).or(layout.cards);
    let layout = BoardLayout { by: Some(by.clone()), cards, ..layout };
    Plan::Of(Rc::new(Planned { shape, groupings, layout, by, faces, sum }))
}
