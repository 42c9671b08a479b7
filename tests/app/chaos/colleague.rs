//! Another program that edits the same documents, with a way to the server of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bson::{Document, doc};
use mongodb::{Client, Collection};
use tokio::task::JoinHandle;

use super::edits::{BY, DOCUMENTS, FIELDS, first, namespace};
use crate::evaluation::random::Random;

/// It edits until it is told to stop.
pub struct Colleague {
    stop: Arc<AtomicBool>,
    working: JoinHandle<u32>,
}

impl Colleague {
    pub fn at_work(client: Client, name: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let things = client.database(&namespace().database).collection(&namespace().collection);
        let working = tokio::spawn(work(things, name, stop.clone()));
        Self { stop, working }
    }

    /// Returns how often it has changed something.
    pub async fn stop(self) -> u32 {
        self.stop.store(true, Ordering::SeqCst);
        self.working.await.unwrap()
    }
}

async fn work(things: Collection<Document>, name: u64, stop: Arc<AtomicBool>) -> u32 {
    let mut random = Random::new(name);
    let (mut done, mut before): (u32, Vec<(i32, &str, String)>) = (0, Vec::new());
    while !stop.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20 + random.below(200) as u64)).await;
        let number = random.below(DOCUMENTS as usize) as i32;
        let by = format!("colleague {name}, {done}");
        let which = doc! { "_id": number };
        // A server that is gone for now is no reason to stop.
        let changed = match random.below(12) {
            0 => {
                let deleted = things.delete_one(which).await.is_ok();
                let mut again = first(number);
                again.insert(BY, by);
                deleted && things.insert_one(again).await.is_ok()
            }
            // What a window has changed is as it was before.
            1..4 if !before.is_empty() => {
                let (number, field, text) = before.swap_remove(random.below(before.len()));
                let set = doc! { "$set": { field: text, BY: by } };
                things.update_one(doc! { "_id": number }, set).await.is_ok()
            }
            4..8 => {
                let field = random.one_of(&FIELDS);
                let found = things.find_one(which).await.ok().flatten();
                if let Some(text) = found.and_then(|found| found.get_str(field).map(str::to_owned).ok()) {
                    before.push((number, field, text));
                }
                continue;
            }
            _ => {
                let field = random.one_of(&FIELDS);
                let set = doc! { "$set": { field: by.clone(), BY: by } };
                things.update_one(which, set).await.is_ok()
            }
        };
        done += u32::from(changed);
    }
    done
}
