//! What is edited: fields of a few documents, each to a text that was never there before, and documents that windows insert and
//! delete.

use bson::{Document, doc, rawdoc};
use lockstep_model::{
    Action, Change, DocumentId, Edit, Expectation, Mutation, MutationId, Namespace, Path, Value,
    mutation::Seen,
};

use crate::evaluation::random::Random;

/// So many documents are always there.
pub const DOCUMENTS: i32 = 8;
/// Their fields.
pub const FIELDS: [&str; 3] = ["a", "b", "c"];
/// Only colleagues write this one, with everything that they do: so their changes are told from the windows'.
pub const BY: &str = "by";

pub fn namespace() -> Namespace {
    Namespace::new("chaos", "things")
}

pub fn id(number: i32) -> DocumentId {
    DocumentId { namespace: namespace(), id: Value::from(number) }
}

/// A document as it is in the beginning.
pub fn first(number: i32) -> Document {
    doc! { "_id": number, "a": "a", "b": "b", "c": "c", BY: "nobody" }
}

/// What an edit is to do, by which it is found again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deed {
    /// This text in this field.
    Set(i32, &'static str, String),
    Insert(i32),
    Delete(i32),
}

/// A mutation of a window, and what it is to do.
#[derive(Clone, Debug)]
pub struct Sent {
    pub mutation: Mutation,
    pub deeds: Vec<Deed>,
    /// It was made over this one, which it may take the place of.
    pub over: Option<MutationId>,
}

/// Makes edits, none of them twice.
#[derive(Default)]
pub struct Maker {
    made: u32,
    /// Some new documents are so large that the app has to find room for them. Not all: they stay, and every window reads them
    /// at every start.
    pub large: bool,
    inserted: Vec<(i32, MutationId)>,
    /// The last mutation of one field.
    last: Option<(i32, &'static str, MutationId)>,
}

impl Maker {
    /// One more. `value` is what the database is known to have.
    pub fn next(&mut self, random: &mut Random, value: impl Fn(i32, &str) -> Option<String>) -> Sent {
        match random.below(10) {
            0 => {
                let large = self.large && random.below(4) == 0;
                self.insert(large)
            }
            1 if !self.inserted.is_empty() => self.delete(random),
            2 | 3 if self.last.is_some() => self.again(),
            4 => {
                let (one, other) =
                    (random.below(DOCUMENTS as usize) as i32, random.below(DOCUMENTS as usize) as i32);
                let mut sent = self.set(random, one, &value);
                if other != one {
                    let second = self.set(random, other, &value);
                    sent.mutation.edits.extend(second.mutation.edits);
                    sent.deeds.extend(second.deeds);
                }
                sent
            }
            _ => {
                let number = random.below(DOCUMENTS as usize) as i32;
                let sent = self.set(random, number, &value);
                if let Some(Deed::Set(number, field, _)) = sent.deeds.first() {
                    self.last = Some((*number, field, sent.mutation.id));
                }
                sent
            }
        }
    }

    fn text(&mut self) -> String {
        self.made += 1;
        format!("w{}", self.made)
    }

    fn set(&mut self, random: &mut Random, number: i32, value: impl Fn(i32, &str) -> Option<String>) -> Sent {
        let field = random.one_of(&FIELDS);
        let expected = Expectation::Value(value(number, field).map(|text| Value::from(text.as_str())));
        self.assign(number, field, expected, None)
    }

    /// Over the last one, which may still wait.
    fn again(&mut self) -> Sent {
        let (number, field, over) = self.last.expect("it was looked for");
        let sent = self.assign(number, field, Expectation::After(over), Some(over));
        self.last = Some((number, field, sent.mutation.id));
        sent
    }

    fn assign(
        &mut self,
        number: i32,
        field: &'static str,
        expected: Expectation,
        over: Option<MutationId>,
    ) -> Sent {
        let text = self.text();
        let target = Some(Value::from(text.as_str()));
        let action = Action::Update(vec![Change { path: Path::field(field), target, expected }]);
        sent(number, action, Deed::Set(number, field, text), over)
    }

    fn insert(&mut self, large: bool) -> Sent {
        self.made += 1;
        let number = 1_000 + self.made as i32;
        let text = if large { "new".repeat(30_000) } else { "new".into() };
        let action = Action::Insert(rawdoc! { "_id": number, "a": text });
        let sent = sent(number, action, Deed::Insert(number), None);
        self.inserted.push((number, sent.mutation.id));
        sent
    }

    /// One that was inserted, over its insert.
    fn delete(&mut self, random: &mut Random) -> Sent {
        let (number, insert) = self.inserted.swap_remove(random.below(self.inserted.len()));
        sent(number, Action::Delete { seen: Seen::After(insert) }, Deed::Delete(number), Some(insert))
    }
}

fn sent(number: i32, action: Action, deed: Deed, over: Option<MutationId>) -> Sent {
    let mutation = Mutation::new(MutationId(bson::Uuid::new()), vec![Edit { document: id(number), action }]);
    Sent { mutation, deeds: vec![deed], over }
}
