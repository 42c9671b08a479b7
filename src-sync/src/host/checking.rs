//! What is refused before it reaches the disk: what no window of ours sends, and what does not fit the schema.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use lockstep_model::{
    Action, Change, Failure, Mutation, Namespace, Path, Value, failure::FieldFailure, mutation::EDITS_MOST,
    shape::Shape,
};

/// The shapes of the collections, as far as they have one.
pub(super) type Shapes = HashMap<Namespace, Arc<Shape>>;

/// What no window of ours sends, refused before it reaches the disk.
pub(super) fn check(mutation: &Mutation, shapes: &Shapes) -> Result<(), Failure> {
    if mutation.edits.is_empty() {
        return Err(Failure::invalid("a mutation needs at least one edit"));
    }
    if mutation.edits.len() > EDITS_MOST {
        return Err(Failure::TooLarge {
            message: format!("{} documents at once; at most {EDITS_MOST} can be", mutation.edits.len()),
        });
    }
    let mut seen = HashSet::new();
    for edit in &mutation.edits {
        if !seen.insert(&edit.document) {
            return Err(Failure::invalid(format!("{:?} is changed twice by one mutation", edit.document)));
        }
        match &edit.action {
            Action::Insert(document) => {
                let id = document.get("_id").ok().flatten().map(Value::from_ref);
                if id.as_ref() != Some(&edit.document.id) {
                    return Err(Failure::invalid("the new document's _id is not the one of its edit"));
                }
            }
            Action::Update(changes) => {
                let overlap = changes
                    .iter()
                    .enumerate()
                    .any(|(i, a)| changes[..i].iter().any(|b| a.path.overlaps(&b.path)));
                let id = Path::field("_id");
                if changes.is_empty() || overlap || changes.iter().any(|change| change.path.overlaps(&id)) {
                    return Err(Failure::invalid(
                        "an update needs fields to change, none twice, and the _id is none of them",
                    ));
                }
            }
            Action::Delete { .. } => {}
        }
        if let Some(shape) = shapes.get(&edit.document.namespace) {
            fits(shape, &edit.action)?;
        }
    }
    Ok(())
}

/// Whether what an edit writes fits the collection's shape; a window has checked the same before.
fn fits(shape: &Shape, action: &Action) -> Result<(), Failure> {
    let fields = match action {
        Action::Insert(document) => shape.validate(document),
        Action::Update(changes) => changes.iter().filter_map(|change| misfit(shape, change)).collect(),
        Action::Delete { .. } => Vec::new(),
    };
    match fields.is_empty() {
        true => Ok(()),
        false => Err(Failure::Rejected { message: "it does not fit the collection's schema".into(), fields }),
    }
}

fn misfit(shape: &Shape, change: &Change) -> Option<FieldFailure> {
    let message = shape.check(&change.path, change.target.as_ref().map(Value::get)).err()?;
    Some(FieldFailure { path: change.path.clone(), message })
}
