//! The one thread that reads and writes the cache, and the handle to it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use lockstep_model::{
    DocumentId, Key, Value,
    contract::{Answer, CachedAnswer, LIST_FIRST_DOCUMENTS, ListPage, View, decode, encode},
};
use tokio::sync::oneshot;

use super::file::{CacheFile, Entry};

/// What is given within this time is written together. A process that is killed loses no more.
const COLLECT: Duration = Duration::from_secs(2);

/// What takes more than this is not kept: it would take the place of all the rest.
const LARGEST_BYTES: usize = 8 * 1024 * 1024;

/// How many rows above those on the screen are found as well.
const ROWS_ABOVE: usize = 20;

/// The handle to the cache.
pub struct Cache {
    requests: mpsc::Sender<Request>,
}

enum Request {
    Keep(Vec<(Key, Answer)>),
    Find(Box<View>, Vec<Key>, oneshot::Sender<Vec<CachedAnswer>>),
    Close(mpsc::SyncSender<()>),
}

impl Cache {
    /// Opens the file in the background, or makes it.
    pub fn open(path: PathBuf) -> Self {
        let (requests, inbox) = mpsc::channel();
        let started = std::thread::Builder::new().name("cache".into()).spawn(move || {
            let file = opened(&path);
            Keeper { path, file, unsaved: BTreeMap::new(), due: None }.run(&inbox);
        });
        if let Err(error) = started {
            log::warn!("the cache cannot be used: {error}");
        }
        Self { requests }
    }

    /// Keeps these, soon.
    pub fn keep(&self, answers: Vec<(Key, Answer)>) {
        // Where the thread is gone there is no cache.
        let _ = self.requests.send(Request::Keep(answers));
    }

    /// What is kept of the keys that this view asks for; of a list, the documents that are on the screen as well.
    pub async fn find(&self, view: View, keys: Vec<Key>) -> Vec<CachedAnswer> {
        let (reply, found) = oneshot::channel();
        let _ = self.requests.send(Request::Find(Box::new(view), keys, reply));
        found.await.unwrap_or_default()
    }

    /// Writes what was given before, and closes the file; what comes after is not kept. Blocks until that is done.
    pub fn close(&self) {
        let (reply, closed) = mpsc::sync_channel(1);
        // Where the thread is gone already, the file is closed.
        if self.requests.send(Request::Close(reply)).is_ok() {
            let _ = closed.recv();
        }
    }
}

struct Keeper {
    path: PathBuf,
    /// `None` where the disk refuses.
    file: Option<CacheFile>,
    /// By key. A list that is read again and again meanwhile is encoded once.
    unsaved: BTreeMap<Vec<u8>, (u64, Answer)>,
    /// When that is to be written.
    due: Option<Instant>,
}

impl Keeper {
    fn run(mut self, inbox: &mpsc::Receiver<Request>) {
        loop {
            let request = match self.due {
                None => inbox.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match request {
                Ok(Request::Keep(answers)) => {
                    answers.into_iter().for_each(|(key, answer)| self.collect(&key, answer));
                    self.due = self.due.or_else(|| Some(Instant::now() + COLLECT));
                }
                Ok(Request::Find(view, keys, reply)) => {
                    // Whoever asked may be gone.
                    let _ = reply.send(keys.into_iter().filter_map(|key| self.find(&view, key)).collect());
                }
                Ok(Request::Close(reply)) => {
                    self.write();
                    drop(self);
                    let _ = reply.send(());
                    return;
                }
                Err(mpsc::RecvTimeoutError::Timeout) => self.write(),
                Err(mpsc::RecvTimeoutError::Disconnected) => return self.write(),
            }
        }
    }

    fn collect(&mut self, key: &Key, answer: Answer) {
        if let Ok(key) = encode(key) {
            self.unsaved.insert(key, (now_ms(), answer));
        }
    }

    fn write(&mut self) {
        self.due = None;
        let unsaved = std::mem::take(&mut self.unsaved);
        let entry = |(key, (at_ms, answer))| {
            let value = encode(&answer).ok().filter(|value| value.len() <= LARGEST_BYTES)?;
            Some(Entry { key, at_ms, value })
        };
        let entries: Vec<_> = unsaved.into_iter().filter_map(entry).collect();
        let Some(file) = self.file.take() else { return };
        self.file = match file.keep(&entries) {
            Ok(file) => Some(file),
            Err(error) => {
                log::warn!("the cache {} cannot be written: {error}", self.path.display());
                opened(&self.path)
            }
        };
    }

    fn find(&self, view: &View, key: Key) -> Option<CachedAnswer> {
        let (age, mut answer) = self.answer(&key)?;
        let top_row = match view {
            View::Table { top_row, .. } => Some(*top_row as usize),
            View::Board { .. } => Some(0),
            View::Home | View::Document { .. } | View::Dashboard { .. } | View::Schema { .. } => None,
        };
        if let (Some(top_row), Key::List(namespace, _), Answer::List(page)) = (top_row, &key, &mut answer) {
            let on_screen = on_screen(page, top_row);
            let document = |id| {
                let id = DocumentId { namespace: namespace.clone(), id };
                match self.answer(&Key::Document(id))? {
                    (_, Answer::Document(document)) => Some(document),
                    _ => None,
                }
            };
            page.first = on_screen.into_iter().filter_map(document).collect();
        }
        Some(CachedAnswer { key, answer, age })
    }

    fn answer(&self, key: &Key) -> Option<(Duration, Answer)> {
        let key = encode(key).ok()?;
        let (at_ms, answer) = match self.unsaved.get(&key) {
            Some(unsaved) => unsaved.clone(),
            None => {
                let (at_ms, value) = self.file.as_ref()?.find(&key).ok()??;
                (at_ms, decode(&value).ok()?)
            }
        };
        Some((Duration::from_millis(now_ms().saturating_sub(at_ms)), answer))
    }
}

/// The ids of the rows that a screen shows.
fn on_screen(page: &ListPage, top_row: usize) -> Vec<Value> {
    let items = page.items.iter().skip(top_row.saturating_sub(ROWS_ABOVE));
    let ids = items.take(LIST_FIRST_DOCUMENTS as usize);
    ids.filter_map(|item| Some(Value::from_ref(item.get("_id").ok()??))).collect()
}

fn opened(path: &Path) -> Option<CacheFile> {
    let opened = CacheFile::open(path);
    opened.inspect_err(|error| log::warn!("the cache {} cannot be used: {error}", path.display())).ok()
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
