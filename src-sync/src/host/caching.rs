//! What is worth keeping on disk, for windows that open before the database answers: what they would show first.

use lockstep_model::{
    Key,
    contract::{Answer, ListPage},
    mutation::Snapshot,
};

use super::{Effect, Found, Host, Read, reading};

impl Host {
    /// A list's documents are kept by themselves: they change more often than the list.
    pub(super) fn cache(&mut self, found: &Found, read: &Read) {
        let (answer, documents) = match found {
            Found::Rows(documents) => (None, &documents[..]),
            Found::Answer(Answer::List(page)) => {
                let ListPage { items, next, stamp, .. } = page;
                let list = ListPage { items: items.clone(), first: Vec::new(), next: *next, stamp: *stamp };
                (Some(Answer::List(list)), &page.first[..])
            }
            Found::Answer(answer @ (Answer::Collections(_) | Answer::Document(_) | Answer::Figures(_))) => {
                (Some(answer.clone()), &[][..])
            }
            Found::Answer(
                Answer::Field(_)
                | Answer::Status(_)
                | Answer::Workspace(_)
                | Answer::Jobs(_)
                | Answer::Schema(_),
            ) => {
                return;
            }
        };
        if let Some(answer) = reading::key(read).zip(answer) {
            self.effects.push(Effect::Cache(vec![answer]));
        }
        self.cache_documents(documents);
    }

    pub(super) fn cache_documents(&mut self, documents: &[Snapshot]) {
        let answer =
            |document: &Snapshot| (Key::Document(document.id.clone()), Answer::Document(document.clone()));
        if !documents.is_empty() {
            self.effects.push(Effect::Cache(documents.iter().map(answer).collect()));
        }
    }
}
