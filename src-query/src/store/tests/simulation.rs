//! Three windows over one database: whatever is delayed, repeated or reordered on the way, all end with what it has.
//!
//! The host is a small one of the test's own. It keeps the rules that the store relies on: a read has the greatest
//! stamp that the host had seen before it, a write its own, and mutations of one task are written in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
};

use super::*;

const WINDOWS: usize = 3;
const TASKS: usize = 6;
const BOOT: u8 = 1;
/// Of lists that are read page by page.
const PAGE: usize = 2;
/// How many pages each window keeps of a list.
const MAX_PAGES: [Option<NonZeroUsize>; WINDOWS] = [None, NonZeroUsize::new(2), NonZeroUsize::new(1)];
const PAGED_LISTS: [Filter; 2] = [Filter::Paged, Filter::PagedSearch];

/// Xorshift: the same numbers for the same seed, everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % bound as u64) as usize
    }
}

/// Something under way, which arrives when chance says so.
#[derive(Clone)]
enum Message {
    /// At the host: a window's questions.
    /// Together with which page of the window it comes from.
    Submission(usize, usize, Vec<Mutation>),
    Since(usize, u64),
    Attach(usize),
    /// At the database: a read that was sent when the host had seen the stamp.
    Read(usize, Fetch<Tasks>, u64),
    /// At the host: a write was done, and left the task so.
    Written(u64, Option<Failure>, Vec<Snapshot<Tasks>>),
    /// At the host: a task was changed, at that time.
    Echo(u32, u64),
    /// At a window.
    Arrival(usize, Input<Tasks>),
}

#[derive(Default)]
struct Feed {
    entries: Vec<Entry<Tasks>>,
    announced: usize,
    /// Earlier ones are no longer kept.
    kept_from: usize,
}

struct World {
    random: Random,
    now: Duration,
    windows: Vec<Store<Tasks>>,
    wakes: Vec<Option<Duration>>,
    /// How often each was opened.
    pages: Vec<usize>,
    feeds: Vec<Feed>,
    under_way: Vec<Message>,
    tasks: BTreeMap<u32, Task>,
    /// The database's time, and what the host has seen of it.
    clock: u64,
    seen: u64,
    outbox: BTreeMap<u64, (Mutation, bool)>,
    reviews: BTreeMap<u32, Mutation>,
    numbered: u64,
    mutations: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            random: Random::new(seed),
            now: Duration::ZERO,
            windows: Vec::new(),
            wakes: vec![None; WINDOWS],
            pages: vec![0; WINDOWS],
            feeds: (0..WINDOWS).map(|_| Feed::default()).collect(),
            under_way: Vec::new(),
            tasks: (1..=3).map(|id| (id, task("first", id as i32))).collect(),
            clock: 1,
            seen: 1,
            outbox: BTreeMap::new(),
            reviews: BTreeMap::new(),
            numbered: 0,
            mutations: 0,
        };
        for window in 0..WINDOWS {
            world.windows.push(Store::new());
            world.open(window);
        }
        world
    }

    /// A window begins, or is reloaded.
    fn open(&mut self, window: usize) {
        self.under_way.retain(|message| match message {
            Message::Arrival(other, input) => *other != window || matches!(input, Input::Feed(_)),
            Message::Attach(other) | Message::Since(other, _) | Message::Read(other, ..) => *other != window,
            Message::Submission(..) | Message::Written(..) | Message::Echo(..) => true,
        });
        self.windows[window] = Store::new();
        self.wakes[window] = None;
        self.pages[window] += 1;
        self.under_way.push(Message::Attach(window));
        let tasks = (1..=TASKS as u32).map(Key::Task);
        let keys = [ALL, OPEN, SEARCH, COUNT].into_iter().chain(PAGED_LISTS.map(Key::List)).chain(tasks);
        let options = Options { max_pages: MAX_PAGES[window], ..Options::default() };
        for (observer, key) in (1..).map(ObserverId).zip(keys) {
            self.take(window, Input::Mount { observer, key, options });
        }
    }

    fn take(&mut self, window: usize, input: Input<Tasks>) {
        for effect in self.windows[window].take(self.now, input) {
            match effect {
                Effect::Fetch(fetches) => {
                    let seen = self.seen;
                    self.under_way
                        .extend(fetches.into_iter().map(|fetch| Message::Read(window, fetch, seen)));
                }
                Effect::Submit(mutations) => {
                    let mutations = mutations.iter().map(|mutation| (**mutation).clone()).collect();
                    self.under_way.push(Message::Submission(window, self.pages[window], mutations));
                }
                Effect::Attach => self.under_way.push(Message::Attach(window)),
                Effect::FeedSince(_, seq) => self.under_way.push(Message::Since(window, seq)),
                Effect::RequestFlush => self.under_way.push(Message::Arrival(window, Input::Flush)),
                Effect::Wake(at) => self.wakes[window] = Some(at),
                Effect::Watch { .. } => self.under_way.push(Message::Arrival(window, Input::Watched(true))),
                Effect::Acknowledge(..)
                | Effect::RequestFrame
                | Effect::Notify(_)
                | Effect::Cancel(_)
                | Effect::Joined { .. }
                | Effect::Ended { .. } => {}
            }
        }
    }

    fn publish(&mut self, but: Option<usize>, entry: &Entry<Tasks>) {
        let feeds = self.feeds.iter_mut().enumerate().filter(|(window, _)| Some(*window) != but);
        feeds.for_each(|(_, feed)| feed.entries.push(entry.clone()));
    }

    fn snapshot(&self, id: u32, stamp: u64) -> Snapshot<Tasks> {
        Snapshot { id, doc: self.tasks.get(&id).cloned().map(Rc::new), stamp }
    }

    fn rows(&self, filter: Filter) -> Vec<Row> {
        let found = |task: &Task| match filter {
            Filter::All | Filter::Paged => true,
            Filter::Open => !task.done,
            Filter::Search | Filter::PagedSearch => task.title.len().is_multiple_of(2),
        };
        let tasks = self.tasks.iter().filter(|(_, task)| found(task));
        tasks.map(|(id, task)| ((task.priority, *id), *id)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn read(&mut self, fetch: &Fetch<Tasks>, stamp: u64) -> Answer<Tasks> {
        match fetch.key {
            Key::Task(id) => Answer::Entity(self.snapshot(id, stamp)),
            Key::Count => Answer::Value { value: Rc::new(self.rows(Filter::Open).len()), stamp },
            Key::List(filter) => {
                let rows = self.rows(filter);
                let size = if PAGED_LISTS.contains(&filter) { PAGE } else { rows.len() };
                let (rows, previous, next) = cut(&rows, fetch.page, size);
                let first = self.random.below(rows.len() + 1);
                let docs = rows[..first].iter().map(|(_, id)| self.snapshot(*id, stamp)).collect();
                Answer::List { rows, docs, previous, next, stamp }
            }
        }
    }

    fn any_change(&mut self) -> Change {
        match self.random.below(7) {
            0 => Change::Delete,
            1 => Change::Insert(task("new", self.random.below(5) as i32)),
            2 => Change::Done(self.random.below(2) == 0),
            3 | 4 => Change::Priority(self.random.below(5) as i32),
            _ => Change::title(["a", "bb", "ccc", "dddd"][self.random.below(4)]),
        }
    }

    fn any_edits(&mut self) -> Vec<(u32, Change)> {
        let mut edits = BTreeMap::new();
        for _ in 0..=self.random.below(2) {
            let id = 1 + self.random.below(TASKS) as u32;
            edits.insert(id, self.any_change());
        }
        edits.into_iter().collect()
    }

    /// Something happens that nobody waits for.
    fn disturb(&mut self) {
        let window = self.random.below(WINDOWS);
        match self.random.below(40) {
            0 => self.open(window),
            // the window was too slow
            1 => self.feeds[window].kept_from = self.feeds[window].entries.len(),
            2 => {
                let online = self.random.below(4) > 0;
                self.publish(None, &Entry::Online(online));
            }
            3 => self.take(window, Input::invalidate(vec![])),
            4..=9 => self.write_as_another_program(),
            10 => self.take(window, Input::Hold(1)),
            11 => self.take(window, Input::Release(1)),
            12..=15 => self.read_on(window),
            _ => {
                self.mutations += 1;
                let mutation = Mutation { id: self.mutations, edits: self.any_edits() };
                self.take(window, Input::Mutate(mutation));
            }
        }
    }

    fn read_on(&mut self, window: usize) {
        let key = Key::List(PAGED_LISTS[self.random.below(PAGED_LISTS.len())]);
        let input = match self.random.below(4) {
            0 => Input::FetchPreviousPage(key),
            _ => Input::FetchNextPage(key),
        };
        self.take(window, input);
    }

    fn write_as_another_program(&mut self) {
        for (id, change) in self.any_edits() {
            self.write(id, &change);
        }
    }

    /// Changes the database, if it changes anything there; the change stream tells of it later.
    fn write(&mut self, id: u32, change: &Change) -> bool {
        let before = self.tasks.get(&id);
        let after = change.apply(before);
        if after.as_ref() == before {
            return false;
        }
        self.clock += 1;
        match after {
            Some(task) => drop(self.tasks.insert(id, task)),
            None => drop(self.tasks.remove(&id)),
        }
        self.under_way.push(Message::Echo(id, self.clock));
        true
    }

    /// Something goes on: a message arrives, a mutation is written, a batch goes out. Returns whether anything did.
    fn go_on(&mut self) -> bool {
        match self.random.below(3) {
            0 => self.send_batch() || self.send_mutation() || self.deliver(),
            1 => self.send_mutation() || self.send_batch() || self.deliver(),
            _ => self.deliver() || self.send_batch() || self.send_mutation(),
        }
    }

    fn send_batch(&mut self) -> bool {
        let waiting = |feed: &Feed| feed.announced < feed.entries.len();
        let Some(window) = self.feeds.iter().position(waiting) else { return false };
        let feed = &mut self.feeds[window];
        let (from, to) = (feed.announced, feed.entries.len());
        feed.announced = to;
        let kept = from >= feed.kept_from && self.random.below(4) > 0;
        let entries = kept.then(|| feed.entries[from..to].to_vec());
        let batch = Input::Feed(Batch { boot: BOOT, from: from as u64, to: to as u64, entries });
        for _ in 0..=self.random.below(2) {
            self.under_way.push(Message::Arrival(window, batch.clone()));
        }
        true
    }

    /// Writes one mutation that no earlier one of the same task is before.
    fn send_mutation(&mut self) -> bool {
        let mut busy = BTreeSet::new();
        let mut ready = Vec::new();
        for (number, (mutation, sent)) in &self.outbox {
            if !sent && mutation.edits.iter().all(|(id, _)| !busy.contains(id)) {
                ready.push(*number);
            }
            busy.extend(mutation.edits.iter().map(|(id, _)| *id));
        }
        if ready.is_empty() {
            return false;
        }
        let number = ready[self.random.below(ready.len())];
        let Some((mutation, sent)) = self.outbox.get_mut(&number) else { return false };
        *sent = true;
        let edits = mutation.edits.clone();
        let failure = (self.random.below(3) == 0).then_some(Failure::Rejected);
        let docs = match failure {
            // of a write that changed nothing, there is no time but that of reading
            None => edits.iter().map(|(id, change)| self.written(*id, change)).collect(),
            Some(_) => Vec::new(),
        };
        self.under_way.push(Message::Written(number, failure, docs));
        true
    }

    fn written(&mut self, id: u32, change: &Change) -> Snapshot<Tasks> {
        let stamp = if self.write(id, change) { self.clock } else { self.seen };
        self.snapshot(id, stamp)
    }

    fn deliver(&mut self) -> bool {
        if self.under_way.is_empty() {
            return false;
        }
        let at = self.random.below(self.under_way.len());
        match self.under_way.swap_remove(at) {
            Message::Arrival(window, input) => self.take(window, input),
            Message::Submission(window, page, mutations) => {
                // A page that was loaded since knows nothing of them, and the one that does may hear of them twice.
                let same = self.pages[window] == page;
                let but = (same && self.random.below(2) == 0).then_some(window);
                let results = mutations.into_iter().map(|mutation| (mutation.id, self.accept(but, mutation)));
                let results = results.collect();
                if same {
                    self.under_way.push(Message::Arrival(window, Input::Submitted(results)));
                }
            }
            Message::Since(window, seq) => {
                let feed = &self.feeds[window];
                let (from, to) = (seq as usize, feed.entries.len());
                let entries = (from >= feed.kept_from).then(|| feed.entries[from..].to_vec());
                let lost = entries.is_none();
                let batch = Batch { boot: BOOT, from: seq, to: to as u64, entries };
                let input = match self.random.below(8) {
                    0 => Input::FeedUnanswered,
                    _ if lost => Input::FeedLost,
                    _ => Input::Feed(batch),
                };
                self.under_way.push(Message::Arrival(window, input));
            }
            Message::Attach(window) => self.attach(window),
            Message::Read(window, fetch, stamp) => {
                let failure = match self.random.below(20) {
                    0 => Some(Failure::Unreachable),
                    _ => None,
                };
                let result = failure.map_or_else(|| Ok(self.read(&fetch, stamp)), Err);
                self.under_way.push(Message::Arrival(window, Input::Fetched(fetch.ticket, result)));
            }
            Message::Written(number, failure, docs) => self.settle(number, failure, docs),
            Message::Echo(id, stamp) => {
                self.seen = self.seen.max(stamp);
                let snapshot = self.snapshot(id, self.seen);
                self.publish(None, &changed(vec![snapshot]));
                self.publish(None, &Entry::Invalidate(vec![Segment::Word("count")]));
            }
        }
        true
    }

    fn accept(&mut self, but: Option<usize>, mutation: Mutation) -> Result<u64, Failure> {
        self.numbered += 1;
        let number = self.numbered;
        self.publish(but, &layer(number, mutation.clone()));
        if self.random.below(10) == 0 {
            self.publish(but, &Entry::Refused { mutation: mutation.id, failure: Failure::Rejected });
            return Err(Failure::Rejected);
        }
        self.outbox.insert(number, (mutation, false));
        Ok(number)
    }

    fn settle(&mut self, number: u64, failure: Option<Failure>, docs: Vec<Snapshot<Tasks>>) {
        let Some((mutation, _)) = self.outbox.remove(&number) else { return };
        let id = mutation.id;
        self.seen = docs.iter().map(|doc| doc.stamp).fold(self.seen, u64::max);
        let read =
            |world: &Self| mutation.edits.iter().map(|(id, _)| world.snapshot(*id, world.seen)).collect();
        let docs = if failure.is_some() { read(self) } else { docs };
        if failure.is_some() {
            self.reviews.insert(id, mutation);
        }
        self.publish(None, &settled(id, failure, docs));
    }

    fn attach(&mut self, window: usize) {
        let feed = &mut self.feeds[window];
        let seq = feed.entries.len();
        (feed.announced, feed.kept_from) = (seq, seq);
        let pending = self.outbox.iter().map(|(number, (mutation, _))| PendingLayer {
            mutation: Rc::new(mutation.clone()),
            number: *number,
            paused: false,
        });
        let reviews = self.reviews.values().cloned();
        let attached = Attached {
            boot: BOOT,
            seq: seq as u64,
            pending: pending.collect(),
            reviews: reviews
                .map(|mutation| Review { mutation: Rc::new(mutation), failure: Failure::Rejected })
                .collect(),
            numbered: self.numbered,
            first: Vec::new(),
            online: true,
        };
        self.under_way.push(Message::Arrival(window, Input::Attached(attached)));
    }

    /// Lets everything come to its end.
    fn settle_down(&mut self) {
        self.publish(None, &Entry::Online(true));
        for window in 0..WINDOWS {
            self.take(window, Input::Release(1));
        }
        for _ in 0..50 {
            while self.go_on() {}
            self.now += seconds(10);
            for window in 0..WINDOWS {
                if self.wakes[window].take_if(|at| *at <= self.now).is_some() {
                    self.take(window, Input::Wake);
                }
            }
        }
        assert!(!self.go_on() && self.outbox.is_empty());
    }

    fn check(&mut self) {
        for window in 0..WINDOWS {
            PAGED_LISTS.into_iter().for_each(|filter| self.check_pages(window, filter));
            for filter in [Filter::All, Filter::Open, Filter::Search] {
                let rows: Vec<_> = self.rows(filter).into_iter().map(|(_, id)| id).collect();
                match self.view(window, Key::List(filter)) {
                    Some(Data::List(ids)) => assert!(ids.iter().eq(&rows), "{filter:?} in window {window}"),
                    other => panic!("{filter:?} in window {window}: {other:?}"),
                }
            }
            let open = self.rows(Filter::Open).len();
            assert!(matches!(self.view(window, COUNT), Some(Data::Value(count)) if *count == open));
            for id in 1..=TASKS as u32 {
                let entity = self.windows[window].entity(&id);
                assert_eq!(entity.doc.as_deref(), self.tasks.get(&id), "task {id} in window {window}");
                assert!(entity.pending.is_empty(), "task {id} in window {window}");
            }
            let counts = self.windows[window].counts();
            assert_eq!((counts.fetching, counts.saving, counts.queued), (0, 0, 0), "window {window}");
            let reviews = self.windows[window].reviews().filter(|(_, here)| !here);
            let reviews: Vec<_> = reviews.map(|(review, _)| review.mutation.id).collect();
            assert_eq!(reviews, self.reviews.keys().copied().collect::<Vec<_>>(), "window {window}");
        }
    }

    /// What is shown of a list is a part of it without a gap, which ends only where the list does or more can be asked for.
    fn check_pages(&mut self, window: usize, filter: Filter) {
        let key = Key::List(filter);
        loop {
            let view = self.windows[window].view(&key, &Options::default(), self.now);
            let rows: Vec<_> = self.rows(filter).into_iter().map(|(_, id)| id).collect();
            let Some(Data::List(ids)) = &view.data else {
                panic!("{filter:?} in window {window}: {:?}", view.data);
            };
            let shown: Vec<_> = ids.iter().copied().collect();
            let from = shown.first().map_or(Some(0), |first| rows.iter().position(|id| id == first));
            let part = from.and_then(|from| rows.get(from..from + shown.len()));
            let context = format!("{filter:?} in window {window}: {shown:?} of {rows:?}, {view:?}");
            assert_eq!(part, Some(&shown[..]), "{context}");
            assert!(view.has_previous_page || rows.starts_with(&shown), "{context}");
            assert!(view.has_next_page || rows.ends_with(&shown), "{context}");
            assert!(MAX_PAGES[window].is_none_or(|most| view.page_count <= most.get()), "{context}");
            if !view.has_next_page {
                break;
            }
            self.take(window, Input::FetchNextPage(key));
            self.settle_down();
        }
    }

    fn view(&mut self, window: usize, key: Key) -> Option<Data<Tasks>> {
        self.windows[window].view(&key, &Options::default(), self.now).data
    }
}

#[test]
fn whatever_happens_on_the_way_every_window_ends_with_what_the_database_has() {
    for seed in 1..=200 {
        // the message above says what is wrong, and this names the seed
        let run = std::panic::AssertUnwindSafe(|| {
            let mut world = World::new(seed);
            for _ in 0..150 {
                world.disturb();
                for _ in 0..world.random.below(8) {
                    world.go_on();
                }
                let pause = Duration::from_millis(world.random.below(100) as u64);
                world.now += pause;
            }
            world.settle_down();
            world.check();
        });
        assert!(std::panic::catch_unwind(run).is_ok(), "seed {seed}");
    }
}
