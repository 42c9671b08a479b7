//! An open editor: which field, what it showed when it opened, and so what a change of it may overwrite.

use std::sync::Arc;

use bson::RawBsonRef;
use lockstep_model::{
    Action, DocumentId, Edit, Expectation, Mutation, MutationId, Path, Step, Value, json,
    shape::{Field, Type, edit_text},
};
use lockstep_query::EntityView;
use lockstep_sync::{Lockstep, window::expectation};

use crate::sync_state::{SyncState, failure_at, target};

/// More characters than these are edited in several lines.
const LONG_TEXT: usize = 60;

/// With which text an editor opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Seed {
    /// The value's own.
    Value,
    /// What the person typed over it.
    Typed(String),
}

/// How the field is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// One line of text.
    Line,
    /// A date, with or without a time of day.
    Date,
    /// An ObjectId, which may lead to a document of another collection.
    Id,
    /// Text with line breaks.
    Lines,
    /// Extended JSON: a document or an array.
    Json,
    /// One of these; the texts as `parse_text` reads them, an empty one for no value.
    Choice(Vec<String>),
}

/// An open editor.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// The document.
    pub id: DocumentId,
    /// The field.
    pub path: Path,
    /// How it is edited.
    pub form: Form,
    /// The value's text when the editor opened: the same text again is no change.
    pub opened_with: Option<String>,
    /// The text to begin with.
    pub text: String,
    /// What a change may overwrite.
    pub expected: Expectation,
    /// The refused edit that this one takes the place of.
    pub replaces: Option<MutationId>,
    /// Why the text was not taken.
    pub error: Option<Arc<str>>,
}

/// Why there is no editor for a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotEditable {
    /// There is no document.
    Gone,
    /// It is nothing that could be written as text.
    Composite,
    /// It is the document's `_id`, which MongoDB never changes.
    Identity,
    /// It is true or false, which needs no editor: this is the other one.
    Toggle(bool),
}

impl Editing {
    /// Opens an editor on a field of what the window shows.
    ///
    /// # Errors
    /// Where there is nothing to open.
    pub fn open(
        view: &EntityView<Lockstep>,
        id: &DocumentId,
        path: &Path,
        field: Option<&Field>,
        seed: Seed,
    ) -> Result<Self, NotEditable> {
        let document = view.doc.as_ref().ok_or(NotEditable::Gone)?;
        if *path.head() == Step::Field("_id".into()) {
            return Err(NotEditable::Identity);
        }
        if document.omitted().iter().any(|omitted| Step::Field(omitted.field.clone()) == *path.head()) {
            return Err(NotEditable::Composite);
        }
        let value = document.get(path);
        let refused = view.failed.iter().rev().find(|(mutation, failure)| {
            SyncState::of_failure(failure_at(mutation, failure, id)) == SyncState::Failed
                && target(mutation, id, path).is_some()
        });
        let opened_with = match value {
            Some(RawBsonRef::Boolean(value)) => return Err(NotEditable::Toggle(!value)),
            Some(value @ (RawBsonRef::Document(_) | RawBsonRef::Array(_))) => {
                return Self::open_composite(view, id, path, Some(value), seed);
            }
            Some(value) => Some(edit_text(value).ok_or(NotEditable::Composite)?),
            None if field.is_some_and(is_composite) => {
                return Self::open_composite(view, id, path, None, seed);
            }
            None if field.is_some_and(is_boolean) => return Err(NotEditable::Toggle(true)),
            None => None,
        };
        let refused_text = || {
            let (mutation, _) = refused?;
            edit_text(target(mutation, id, path)?.get())
        };
        let text = match seed {
            // What was typed is not one of the few words.
            Seed::Typed(text) if field.is_none_or(|field| field.options().is_none()) => text,
            _ => refused_text().or_else(|| opened_with.clone()).unwrap_or_default(),
        };
        Ok(Self {
            id: id.clone(),
            path: path.clone(),
            form: match value {
                Some(RawBsonRef::ObjectId(_)) => Form::Id,
                Some(RawBsonRef::DateTime(_)) => Form::Date,
                _ => form(field, &text),
            },
            opened_with,
            text,
            expected: expectation(view, id, path.guarded().as_ref().unwrap_or(path)),
            // One of several cells says nothing of the others.
            replaces: refused
                .filter(|(mutation, _)| is_of_one_field(mutation))
                .map(|(mutation, _)| mutation.id),
            error: None,
        })
    }

    /// A letter typed by chance is no document.
    fn open_composite(
        view: &EntityView<Lockstep>,
        id: &DocumentId,
        path: &Path,
        value: Option<RawBsonRef<'_>>,
        seed: Seed,
    ) -> Result<Self, NotEditable> {
        let text = match value {
            Some(value) => json::write_exact(&Value::from_ref(value)).ok_or(NotEditable::Composite)?,
            None => String::new(),
        };
        if seed != Seed::Value {
            return Err(NotEditable::Composite);
        }
        Ok(Self {
            id: id.clone(),
            path: path.clone(),
            form: Form::Json,
            opened_with: value.is_some().then(|| text.clone()),
            text,
            expected: expectation(view, id, path.guarded().as_ref().unwrap_or(path)),
            replaces: None,
            error: None,
        })
    }

    /// Whether that text would change nothing.
    pub fn is_unchanged(&self, text: &str) -> bool {
        self.replaces.is_none() && self.opened_with.as_deref().unwrap_or_default() == text
    }
}

fn is_of_one_field(mutation: &Mutation) -> bool {
    matches!(&mutation.edits[..], [Edit { action: Action::Update(changes), .. }] if changes.len() == 1)
}

pub(super) fn form(field: Option<&Field>, text: &str) -> Form {
    if let Some(options) = field.and_then(Field::options) {
        let none = field.is_some_and(|field| !field.required).then(String::new);
        Form::Choice(
            none.into_iter().chain(options.iter().filter_map(|option| edit_text(option.get()))).collect(),
        )
    } else if field.is_some_and(|field| field.types() == [Type::ObjectId]) {
        Form::Id
    } else if text.contains(['\n', '\r']) || text.chars().count() > LONG_TEXT {
        // A one-line field would take the line breaks out of the value.
        Form::Lines
    } else if field.is_some_and(is_date) {
        Form::Date
    } else {
        Form::Line
    }
}

/// Documents and arrays only: there is nothing that a person could type.
fn is_composite(field: &Field) -> bool {
    let types = field.types();
    !types.is_empty() && types.iter().all(|of| matches!(of, Type::Object | Type::Array | Type::Binary))
}

fn is_date(field: &Field) -> bool {
    let mut types = field.types().iter().filter(|of| **of != Type::Null).peekable();
    types.peek().is_some() && types.all(|of| *of == Type::Date)
}

fn is_boolean(field: &Field) -> bool {
    field.types() == [Type::Bool]
}
