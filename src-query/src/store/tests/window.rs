//! Drives a store as a window does, with a clock that stands still until it is told to move.

use super::*;

/// A store, and what it asked for and has not got yet.
pub struct Window {
    pub store: Store<Tasks>,
    pub now: Duration,
    pub flying: Vec<Fetch<Tasks>>,
    /// Every key that was ever fetched, in order.
    pub fetched: Vec<Key>,
    /// The mutations of the last submission.
    pub submitted: Vec<u32>,
    pub watched: Vec<Key>,
    /// What the feed's source was asked and told, as text.
    pub source: Vec<String>,
    pub frame_requested: bool,
    wake_at: Option<Duration>,
    notified: Vec<u64>,
    /// Mutations of others that came to show, with the titles of what was shown before.
    pub joined: Vec<(u32, Vec<Option<String>>)>,
    /// Mutations that have ended, and how.
    pub ended: Vec<(u32, End<Failure>)>,
    boot: u8,
    seq: u64,
}

impl Window {
    /// That has attached to the feed of boot 1, at 0.
    pub fn new() -> Self {
        let mut window = Self::unattached();
        window.attached(|_| {});
        window
    }

    pub fn unattached() -> Self {
        Self {
            store: Store::new(),
            now: seconds(1000),
            flying: Vec::new(),
            fetched: Vec::new(),
            submitted: Vec::new(),
            watched: Vec::new(),
            source: Vec::new(),
            frame_requested: false,
            wake_at: None,
            notified: Vec::new(),
            joined: Vec::new(),
            ended: Vec::new(),
            boot: 1,
            seq: 0,
        }
    }

    /// Watches some keys, each by the observer of its place, counted from 1. Nothing is answered yet.
    pub fn watching(keys: &[Key]) -> Self {
        let mut window = Self::new();
        for (observer, key) in (1..).zip(keys) {
            window.mount(observer, *key);
        }
        window
    }

    pub fn take(&mut self, input: Input<Tasks>) {
        if self.take_and_wait(input) {
            self.take(Input::Flush);
        }
    }

    /// Without the flush; returns whether it was asked for.
    pub fn take_and_wait(&mut self, input: Input<Tasks>) -> bool {
        let (mut flush, mut told) = (false, false);
        for effect in self.store.take(self.now, input) {
            match effect {
                Effect::Fetch(fetches) => {
                    self.fetched.extend(fetches.iter().map(|fetch| fetch.key));
                    self.flying.extend(fetches);
                }
                Effect::Cancel(tickets) => {
                    self.flying.retain(|fetch| !tickets.contains(&fetch.ticket));
                }
                Effect::Joined { mutation, before } => {
                    let title = |task: Rc<Task>| format!("{} {}", task.title, task.priority);
                    let before = before.into_iter().map(|task| task.map(title)).collect();
                    self.joined.push((mutation.id, before));
                }
                Effect::Ended { mutation, end } => self.ended.push((mutation.id, end)),
                Effect::Submit(mutations) => {
                    self.submitted = mutations.iter().map(|mutation| mutation.id).collect();
                }
                Effect::Watch { added, removed } => {
                    self.watched.retain(|key| !removed.contains(key));
                    self.watched.extend(added.into_iter().map(|(key, _)| key));
                    told = true;
                }
                Effect::Attach => self.source.push("attach".into()),
                Effect::FeedSince(boot, seq) => self.source.push(format!("since {boot}/{seq}")),
                Effect::Acknowledge(boot, seq) => self.source.push(format!("acknowledge {boot}/{seq}")),
                Effect::RequestFlush => flush = true,
                Effect::RequestFrame => self.frame_requested = true,
                Effect::Notify(observers) => self.notified.extend(observers.iter().map(|id| id.0)),
                Effect::Wake(at) => self.wake_at = Some(at),
            }
        }
        flush | (told && self.take_and_wait(Input::Watched(true)))
    }

    pub fn mount(&mut self, observer: u64, key: Key) {
        self.mount_with(observer, key, Options::default());
    }

    pub fn mount_with(&mut self, observer: u64, key: Key, options: Options) {
        self.take(Input::Mount { observer: ObserverId(observer), key, options });
    }

    pub fn unmount(&mut self, observer: u64) {
        self.take(Input::Unmount(ObserverId(observer)));
    }

    /// The keys in flight.
    pub fn fetching(&self) -> Vec<Key> {
        self.flying.iter().map(|fetch| fetch.key).collect()
    }

    /// The answer to the fetch of that key, which is in flight.
    pub fn answer(&mut self, key: Key, answer: Answer<Tasks>) {
        let ticket = self.landed(key);
        self.take(Input::Fetched(ticket, Ok(answer)));
    }

    pub fn fail(&mut self, key: Key, failure: Failure) {
        let ticket = self.landed(key);
        self.take(Input::Fetched(ticket, Err(failure)));
    }

    fn landed(&mut self, key: Key) -> Ticket {
        let at = self.flying.iter().position(|flying| flying.key == key).expect("the key is in flight");
        self.flying.remove(at).ticket
    }

    pub fn mutate(&mut self, mutation: Mutation) {
        self.take(Input::Mutate(mutation));
    }

    /// The answer to the last submission: each mutation with its number.
    pub fn accept(&mut self, accepted: &[(u32, u64)]) {
        self.take(Input::Submitted(accepted.iter().map(|(id, number)| (*id, Ok(*number))).collect()));
    }

    pub fn refuse(&mut self, id: u32) {
        self.take(Input::Submitted(vec![(id, Err(Failure::Rejected))]));
    }

    /// Attaches, with what `with` makes of an empty answer that is at the present number.
    pub fn attached(&mut self, with: impl FnOnce(&mut Attached<Tasks>)) {
        let mut attached = Attached {
            boot: self.boot,
            seq: self.seq,
            pending: Vec::new(),
            reviews: Vec::new(),
            numbered: 0,
            first: Vec::new(),
            online: true,
        };
        with(&mut attached);
        (self.boot, self.seq) = (attached.boot, attached.seq);
        self.watched.clear();
        self.take(Input::Attached(attached));
    }

    /// The next entries of the feed.
    pub fn feed(&mut self, entries: Vec<Entry<Tasks>>) {
        let from = self.seq;
        self.seq += entries.len() as u64;
        self.batch(from, self.seq, Some(entries));
    }

    pub fn batch(&mut self, from: u64, to: u64, entries: Option<Vec<Entry<Tasks>>>) {
        self.take(Input::Feed(Batch { boot: self.boot, from, to, entries }));
    }

    /// A mutation of another window.
    pub fn layer(&mut self, number: u64, mutation: Mutation) {
        self.feed(vec![layer(number, mutation)]);
    }

    /// Draws a frame; returns who was notified.
    pub fn frame(&mut self) -> Vec<u64> {
        self.frame_requested = false;
        self.take(Input::Frame);
        let mut notified = std::mem::take(&mut self.notified);
        notified.sort_unstable();
        notified
    }

    /// Lets time pass, and wakes the store when it asked for that.
    pub fn wait(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.wake_at.take_if(|at| *at <= end) {
            self.now = self.now.max(at);
            self.take(Input::Wake);
        }
        self.now = end;
    }

    /// The ids of a list; `?` if there is no data.
    pub fn rows(&mut self, key: Key) -> String {
        match self.view(key).data {
            Some(Data::List(ids)) => ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" "),
            Some(_) => panic!("{key:?} is no list"),
            None => "?".into(),
        }
    }

    /// A task as it is shown: `title/priority`, or `none`, or `?` if that is not known; with `done`; `+` for each
    /// pending mutation, `=` for each that waits, `!` for each failed one.
    pub fn shows(&mut self, id: u32) -> String {
        let known = self.view(Key::Task(id)).data.is_some();
        let entity = self.store.entity(&id);
        let mut text = match &entity.doc {
            Some(task) => format!("{}/{}{}", task.title, task.priority, if task.done { " done" } else { "" }),
            None => if known { "none" } else { "?" }.to_owned(),
        };
        text.extend(entity.pending.iter().map(|(_, paused)| if *paused { '=' } else { '+' }));
        text.extend(entity.failed.iter().map(|_| '!'));
        text
    }

    pub fn view(&mut self, key: Key) -> crate::QueryView<Tasks> {
        self.store.view(&key, &Options::default(), self.now)
    }

    /// Fetching, saving, queued, in review.
    pub fn counts(&self) -> [usize; 4] {
        let Counts { fetching, saving, queued, reviews } = self.store.counts();
        [fetching, saving, queued, reviews]
    }
}

pub fn layer(number: u64, mutation: Mutation) -> Entry<Tasks> {
    Entry::Layer(PendingLayer { mutation: Rc::new(mutation), number, paused: false })
}

/// One task as the server had it.
pub fn document(id: u32, doc: Task, stamp: u64) -> Snapshot<Tasks> {
    Snapshot { id, doc: Some(Rc::new(doc)), stamp }
}

/// The server had no such task.
pub fn gone(id: u32, stamp: u64) -> Snapshot<Tasks> {
    Snapshot { id, doc: None, stamp }
}

/// A list with all its tasks.
pub fn list(stamp: u64, tasks: &[(u32, Task)]) -> Answer<Tasks> {
    let rows = tasks.iter().map(|(id, task)| ((task.priority, *id), *id)).collect();
    let docs = tasks.iter().map(|(id, task)| document(*id, task.clone(), stamp)).collect();
    Answer::List { rows, docs, previous: None, next: None, stamp }
}

/// A row of a list, and where it stands.
pub type Row = ((i32, u32), u32);

/// What a server says of a page of all these rows: so many of them at most, and what is before and behind them.
pub fn cut(rows: &[Row], page: Option<Page>, size: usize) -> (Vec<Row>, Option<Page>, Option<Page>) {
    let (from, to) = match page {
        None => (0, size),
        Some(Page::After(place)) => {
            let from = rows.partition_point(|(order, _)| *order <= place);
            (from, from + size)
        }
        Some(Page::Before(place)) => {
            let to = rows.partition_point(|(order, _)| *order < place);
            (to.saturating_sub(size), to)
        }
    };
    let to = to.min(rows.len());
    // where there are none, what is before or behind is told by where they would be
    let (just_before, just_behind) = match page {
        Some(Page::After((priority, id))) => ((priority, id), (priority, id + 1)),
        Some(Page::Before((priority, id))) => ((priority, id - 1), (priority, id)),
        None => ((0, 0), (0, 0)),
    };
    let first = rows[from..to].first().map_or(just_behind, |(order, _)| *order);
    let last = rows[from..to].last().map_or(just_before, |(order, _)| *order);
    let previous = (from > 0).then_some(Page::Before(first));
    (rows[from..to].to_vec(), previous, (to < rows.len()).then_some(Page::After(last)))
}

/// A list of ids with priorities, without the tasks.
pub fn page(stamp: u64, rows: &[(u32, i32)]) -> Answer<Tasks> {
    let rows = rows.iter().map(|(id, priority)| ((*priority, *id), *id)).collect();
    Answer::List { rows, docs: Vec::new(), previous: None, next: None, stamp }
}

/// A mutation's end, with the tasks as they are now.
pub fn settled(mutation: u32, failure: Option<Failure>, docs: Vec<Snapshot<Tasks>>) -> Entry<Tasks> {
    Entry::Settled(Settlement { mutation, failure, failed: None, docs })
}

/// Tasks that others changed.
pub fn changed(docs: Vec<Snapshot<Tasks>>) -> Entry<Tasks> {
    Entry::Changed(docs)
}
