//! What was sent, and what became of it: in the database's own history, and in the outbox.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    time::Duration,
};

use bson::{Bson, Document, Timestamp, doc};
use lockstep_model::{MutationId, contract::Acceptance};
use mongodb::Client;

use super::edits::{BY, Deed, Sent, namespace};

/// The sum of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Edits that were accepted.
    pub edits: usize,
    /// Processes that were killed.
    pub kills: usize,
    /// Accepted, and neither in the database nor shown as failed.
    lost: Vec<String>,
    /// Applied more than once.
    doubled: Vec<String>,
    /// Shown otherwise than it is: by a window, or as failed though it is in the database.
    diverged: Vec<String>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        [&self.lost, &self.doubled, &self.diverged].iter().all(|found| found.is_empty())
    }

    pub fn diverged(&mut self, what: String) {
        self.diverged.push(what);
    }

    /// What is wrong, one by one.
    pub fn details(&self) -> String {
        let kinds = [("lost", &self.lost), ("doubled", &self.doubled), ("diverged", &self.diverged)];
        let lines =
            kinds.iter().flat_map(|(kind, found)| found.iter().map(move |one| format!("{kind}: {one}")));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { edits, kills, lost, doubled, diverged } = self;
        let (lost, doubled, diverged) = (lost.len(), doubled.len(), diverged.len());
        write!(f, "edits {edits}, kills {kills}, lost {lost}, doubled {doubled}, diverged {diverged}")
    }
}

/// All that windows sent.
#[derive(Default)]
pub struct Ledger {
    sent: Vec<Sent>,
    accepted: HashSet<MutationId>,
    refused: usize,
}

impl Ledger {
    /// Before the reply.
    pub fn note(&mut self, sent: &[Sent]) {
        self.sent.extend(sent.iter().cloned());
    }

    pub fn replied(&mut self, sent: &[Sent], results: &[Acceptance]) {
        self.refused += results.iter().filter(|result| matches!(result, Acceptance::Refused(_))).count();
        let accepted = sent.iter().zip(results);
        let accepted = accepted.filter(|(_, result)| matches!(result, Acceptance::Accepted(_)));
        self.accepted.extend(accepted.map(|(sent, _)| sent.mutation.id));
    }

    /// How many were not accepted.
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// How often each deed was done, and which mutations are shown as failed; makes the sum of it.
    pub fn judge(
        &self,
        done: &BTreeMap<Deed, u32>,
        failed: &HashMap<MutationId, String>,
        report: &mut Report,
    ) {
        let over: HashMap<MutationId, &Sent> =
            self.sent.iter().filter_map(|sent| Some((sent.over?, sent))).collect();
        for sent in &self.sent {
            let id = &sent.mutation.id;
            let accepted = self.accepted.contains(id);
            report.edits += if accepted { sent.deeds.len() } else { 0 };
            for deed in &sent.deeds {
                let times = done.get(deed).copied().unwrap_or_default();
                let what = || format!("{deed:?} of {id:?}, done {times} times; failed: {:?}", failed.get(id));
                if times > 1 {
                    report.doubled.push(what());
                }
                if times == 1 && sent.deeds.len() == 1 && failed.contains_key(id) {
                    report.diverged.push(what());
                }
                if times == 0
                    && accepted
                    && !failed.contains_key(id)
                    && !ended_by_another(id, &over, done, failed)
                {
                    report.lost.push(what());
                }
            }
        }
    }
}

/// Whether a later mutation that was made over this one has taken its place, and is accounted for.
fn ended_by_another(
    id: &MutationId,
    over: &HashMap<MutationId, &Sent>,
    done: &BTreeMap<Deed, u32>,
    failed: &HashMap<MutationId, String>,
) -> bool {
    over.get(id).is_some_and(|later| {
        let is_update = later.deeds.iter().all(|deed| matches!(deed, Deed::Set(..)));
        let ended = later.deeds.iter().any(|deed| done.contains_key(deed));
        let id = &later.mutation.id;
        is_update && (ended || failed.contains_key(id) || ended_by_another(id, over, done, failed))
    })
}

/// What windows have done to the documents since that time, by the database's own account.
pub async fn history(client: &Client, since: Timestamp) -> BTreeMap<Deed, u32> {
    let things = client.database(&namespace().database).collection::<Document>(&namespace().collection);
    let end = bson::oid::ObjectId::new();
    things.insert_one(doc! { "_id": end }).await.unwrap();
    let mut stream = things
        .watch()
        .start_at_operation_time(since)
        .max_await_time(Duration::from_secs(1))
        .batch_size(5_000)
        .await
        .unwrap()
        .with_type::<Document>();
    let mut done = BTreeMap::new();
    loop {
        let Some(event) = stream.next_if_any().await.unwrap() else { continue };
        let key = event.get_document("documentKey").ok().and_then(|key| key.get("_id"));
        if key == Some(&Bson::ObjectId(end)) {
            break;
        }
        let Some(Bson::Int32(number)) = key else { continue };
        for deed in deeds(*number, &event) {
            *done.entry(deed).or_default() += 1;
        }
    }
    things.delete_one(doc! { "_id": end }).await.unwrap();
    done
}

/// What an event tells that a window has done.
fn deeds(number: i32, event: &Document) -> Vec<Deed> {
    match event.get_str("operationType") {
        Ok("insert") if number >= 1_000 => vec![Deed::Insert(number)],
        Ok("delete") if number >= 1_000 => vec![Deed::Delete(number)],
        Ok("update") => {
            let updated =
                event.get_document("updateDescription").and_then(|told| told.get_document("updatedFields"));
            let Ok(fields) = updated.cloned() else { return Vec::new() };
            if fields.contains_key(BY) {
                return Vec::new();
            }
            let set = |field: &&'static str| {
                Some(Deed::Set(number, field, fields.get_str(*field).ok()?.to_owned()))
            };
            super::edits::FIELDS.iter().filter_map(set).collect()
        }
        _ => Vec::new(),
    }
}
