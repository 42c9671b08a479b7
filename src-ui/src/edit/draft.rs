//! What was being typed, kept so that a reload of the window brings it back into the open editor.
//!
//! It lives in the window's session storage, which the web view keeps over a reload, and nowhere else.

use lockstep_model::{
    DocumentId, Expectation, MutationId, Path,
    contract::{decode, encode},
    shape::Field,
};
use serde::{Deserialize, Serialize};

use super::{Editing, Form, editing::form};
use crate::{
    browser,
    host::{decode_base64, encode_base64},
};

const STORED_AS: &str = "draft";

/// An open editor's text, and what it was opened on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The document.
    pub id: DocumentId,
    /// The field.
    pub path: Path,
    /// What was typed.
    pub text: String,
    is_json: bool,
    opened_with: Option<String>,
    expected: Expectation,
    replaces: Option<MutationId>,
}

impl Draft {
    /// Keeps the text of the open editor, in the place of any that was kept before.
    pub fn keep(editing: &Editing, text: &str) {
        let draft = Self {
            id: editing.id.clone(),
            path: editing.path.clone(),
            text: text.to_owned(),
            is_json: editing.form == Form::Json,
            opened_with: editing.opened_with.clone(),
            expected: editing.expected.clone(),
            replaces: editing.replaces,
        };
        if let (Some(storage), Ok(bytes)) = (browser::session_storage(), encode(&draft)) {
            // Without room for it the text is still in the editor.
            let _ = storage.set_item(STORED_AS, &encode_base64(&bytes));
        }
    }

    /// The text was committed or given up.
    pub fn forget() {
        if let Some(storage) = browser::session_storage() {
            let _ = storage.remove_item(STORED_AS);
        }
    }

    /// What was kept, if anything.
    pub fn kept() -> Option<Self> {
        let text = browser::session_storage()?.get_item(STORED_AS).ok()??;
        decode(&decode_base64(&text).ok()?).ok()
    }

    /// The editor as it was, over what it showed then: what came since is a conflict, and no surprise.
    pub fn resume(self, field: &Field) -> Editing {
        Editing {
            form: if self.is_json { Form::Json } else { form(Some(field), &self.text) },
            id: self.id,
            path: self.path,
            text: self.text,
            opened_with: self.opened_with,
            expected: self.expected,
            replaces: self.replaces,
            error: None,
        }
    }
}
