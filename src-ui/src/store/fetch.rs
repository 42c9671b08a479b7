//! A fetch, as commands: several documents of one collection in one, every other key by itself.

use std::collections::BTreeMap;

use lockstep_model::{
    DocumentId, Failure, Key, Namespace,
    contract::{
        self, DocumentRequest, FieldRequest, FiguresRequest, LIST_FIRST_DOCUMENTS, ListRequest, Nothing,
        RowsRequest, SchemaRequest, command,
    },
};
use lockstep_query::{Answer, Fetch, Input, Ticket};
use lockstep_sync::{Lockstep, window as translate};
use wasm_bindgen_futures::spawn_local;

use super::dispatch;
use crate::host;

/// The contract's limit for one `rows` command.
const ROWS_AT_ONCE: usize = 1000;

pub(super) fn fetch(fetches: Vec<Fetch<Lockstep>>) {
    let mut rows = BTreeMap::<Namespace, Vec<(Ticket, DocumentId)>>::new();
    for Fetch { ticket, key, page } in fetches {
        match key {
            Key::Document(id) => rows.entry(id.namespace.clone()).or_default().push((ticket, id)),
            key => spawn_local(async move { dispatch(Input::Fetched(ticket, one(key, page).await)) }),
        }
    }
    for (namespace, rows) in rows {
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            spawn_local(documents(namespace.clone(), chunk.to_vec()));
        }
    }
}

async fn one(key: Key, page: Option<u64>) -> Result<Answer<Lockstep>, Failure> {
    let answer = match &key {
        Key::Collections => {
            contract::Answer::Collections(host::call::<command::Collections>(&Nothing {}).await?)
        }
        Key::Status => contract::Answer::Status(host::call::<command::Status>(&Nothing {}).await?),
        Key::Workspace => {
            contract::Answer::Workspace(host::call::<command::GetWorkspace>(&Nothing {}).await?)
        }
        Key::List(namespace, query) => {
            let (namespace, query) = (namespace.clone(), query.clone());
            let (skip, first) = (page.unwrap_or(0), LIST_FIRST_DOCUMENTS);
            let request = ListRequest { namespace, query, skip, first, most: None };
            contract::Answer::List(host::call::<command::List>(&request).await?)
        }
        Key::First(namespace, query, most) => {
            let (namespace, query) = (namespace.clone(), query.clone());
            let request = ListRequest { namespace, query, skip: 0, first: *most, most: Some(*most) };
            contract::Answer::List(host::call::<command::List>(&request).await?)
        }
        Key::Figures(namespace, query) => {
            let request = FiguresRequest { namespace: namespace.clone(), query: query.clone() };
            contract::Answer::Figures(host::call::<command::GetFigures>(&request).await?)
        }
        Key::Field(id, field) => {
            let request = FieldRequest { id: id.clone(), field: field.clone() };
            contract::Answer::Field(host::call::<command::Field>(&request).await?)
        }
        Key::Jobs => contract::Answer::Jobs(host::call::<command::Jobs>(&Nothing {}).await?),
        Key::Schema(namespace, sample) => {
            let request = SchemaRequest { namespace: namespace.clone(), sample: *sample };
            contract::Answer::Schema(Box::new(host::call::<command::Schema>(&request).await?))
        }
        Key::Document(_) => unreachable!("documents are fetched together"),
    };
    Ok(translate::answer(&key, answer))
}

async fn documents(namespace: Namespace, asked: Vec<(Ticket, DocumentId)>) {
    let reply = match &asked[..] {
        [(_, id)] => host::call::<command::GetDocument>(&DocumentRequest { id: id.clone() }).await,
        _ => {
            let ids = asked.iter().map(|(_, id)| id.id.clone()).collect();
            host::call::<command::Rows>(&RowsRequest { namespace, ids }).await
        }
    };
    match reply {
        Ok(reply) => {
            for ((ticket, _), snapshot) in asked.into_iter().zip(reply.documents) {
                let answer = Answer::Entity(translate::snapshot(snapshot));
                dispatch(Input::Fetched(ticket, Ok(answer)));
            }
        }
        Err(failure) => {
            for (ticket, _) in asked {
                dispatch(Input::Fetched(ticket, Err(failure.clone())));
            }
        }
    }
}
