//! What becomes of many documents where one of their fields is to have another value, before anything is sent. Pure.

use lockstep_model::{Action, Change, DocumentId, Edit, Path, Value, reduce, shape::Shape};
use lockstep_query::EntityView;
use lockstep_sync::Lockstep;

use super::paste::{edit_of_texts, edit_of_values};

/// Whether this window knows what there is of the document, be it that it is gone.
pub fn is_read(view: &EntityView<Lockstep>) -> bool {
    view.doc.is_some() || view.base.is_some() || !view.pending.is_empty()
}

/// What the server refuses: `to.city` where `to` is a text.
const NO_PLACE: &str = "what the field would be in is no document here";

fn changes_nothing(view: &EntityView<Lockstep>, edit: &Edit) -> bool {
    let (Some(document), Action::Update(changes)) = (&view.doc, &edit.action) else { return false };
    *reduce::apply(document.raw(), changes) == *document.raw()
}

/// What would become of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// What changes those that change.
    pub edits: Vec<Edit>,
    /// So many have the value already.
    pub same: usize,
    /// So many were not read into this window yet.
    pub unread: usize,
    /// Those that cannot have it, and why.
    pub refused: Vec<(DocumentId, String)>,
}

impl Preview {
    /// Of these documents, as the window shows them, where the field gets that text; without one it goes.
    pub fn new<'a>(
        documents: impl Iterator<Item = &'a DocumentId>,
        view: impl Fn(&DocumentId) -> EntityView<Lockstep>,
        shape: &Shape,
        field: &Path,
        text: Option<&str>,
    ) -> Self {
        let mut preview = Self::default();
        for id in documents {
            let view = view(id);
            if !is_read(&view) {
                preview.unread += 1;
                continue;
            }
            let edit = match text {
                Some(text) => edit_of_texts(id, &view, shape, std::iter::once((field, text))),
                None => edit_of_values(id, &view, shape, std::iter::once((field, None))),
            };
            match edit {
                Ok(Some(edit)) if changes_nothing(&view, &edit) => {
                    preview.refused.push((id.clone(), NO_PLACE.into()));
                }
                Ok(Some(edit)) => preview.edits.push(edit),
                Ok(None) => preview.same += 1,
                Err((_, reason)) => preview.refused.push((id.clone(), reason)),
            }
        }
        preview
    }

    /// Whether all of it can be done, and there is something to do.
    pub fn is_ready(&self) -> bool {
        self.refused.is_empty() && self.unread == 0 && !self.edits.is_empty()
    }

    /// The first documents that change, with what their field has then.
    pub fn examples(&self, most: usize) -> impl Iterator<Item = (&DocumentId, Option<&Value>)> {
        self.edits.iter().take(most).filter_map(|edit| match &edit.action {
            Action::Update(changes) => {
                let [Change { target, .. }] = &changes[..] else { return None };
                Some((&edit.document, target.as_ref()))
            }
            Action::Insert(_) | Action::Delete { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use bson::{RawDocumentBuf, rawdoc};
    use lockstep_model::{Document, Namespace};

    use super::*;

    #[test]
    fn each_document_changes_has_it_already_cannot_have_it_or_is_not_known() {
        let schema = rawdoc! { "properties": { "n": { "bsonType": "int", "maximum": 9 } } };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        let documents: [Option<RawDocumentBuf>; 4] =
            [Some(rawdoc! { "n": 1 }), Some(rawdoc! { "n": 5 }), None, Some(rawdoc! { "n": [1] })];
        let ids: Vec<_> = (0..4)
            .map(|at| DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(at) })
            .collect();
        let view = |id: &DocumentId| {
            let at = ids.iter().position(|other| other == id).unwrap();
            let document = documents[at].as_ref().map(|document| Rc::new(Document::whole(document)));
            EntityView { base: document.clone(), doc: document, pending: Vec::new(), failed: Vec::new() }
        };
        let preview = |text: Option<&str>| Preview::new(ids.iter(), view, &shape, &Path::field("n"), text);
        let named = || {
            let document = Some(Rc::new(Document::whole(&rawdoc! { "name": "Ada" })));
            EntityView { base: document.clone(), doc: document, pending: Vec::new(), failed: Vec::new() }
        };
        let five = preview(Some("5"));
        assert_eq!((five.edits.len(), five.same, five.unread, five.refused.len()), (1, 1, 1, 1));
        assert_eq!(five.refused[0].0, ids[3]);
        assert_eq!(five.examples(3).collect::<Vec<_>>(), [(&ids[0], Some(&Value::from(5)))]);
        assert_eq!(preview(Some("10")).refused.len(), 3);
        let none = preview(None);
        assert_eq!(none.examples(3).map(|(_, value)| value).collect::<Vec<_>>(), [None, None, None]);
        // A text goes as well, and is not emptied; and where it would be in something else, it cannot be.
        let of = |path: &str, text| {
            Preview::new(ids[..1].iter(), |_| named(), &Shape::default(), &Path::dotted(path), text)
        };
        assert_eq!(of("name", None).examples(1).collect::<Vec<_>>(), [(&ids[0], None)]);
        assert_eq!(of("name.first", Some("Ada")).refused, [(ids[0].clone(), NO_PLACE.to_owned())]);
        assert_eq!(of("other.first", Some("Ada")).edits.len(), 1);
    }
}
