//! A window without a screen: it carries out what the store asks for, and reads anew what it is told has changed.
//!
//! Fetches and submissions wait until the workload answers them.

use std::{collections::HashMap, rc::Rc, time::Duration};

use lockstep_query::{
    Answer, Attached, Batch, Data, Effect, Entry, Fetch, Input, ObserverId, Options, QueryView, Refetch,
    Settlement, StaleTime, Store, Trigger,
};

use crate::{
    application::{Edit, Key, Rows, Value},
    row,
};

/// All happens at this time, but for what waits.
pub const NOW: Duration = Duration::from_secs(1_000);

/// TanStack's `staleTime: Infinity` over data that was set: nothing is fetched.
pub const FRESH: Options =
    Options { stale_time: StaleTime::UntilInvalidated, on_mount: Trigger::Never, ..Options::DEFAULT };

/// What an observer takes of a value.
pub type Select = fn(&Value) -> Option<&str>;

struct Observer {
    key: Key,
    options: Options,
    select: Option<Select>,
    view: Option<QueryView<Rows>>,
    selected: Option<String>,
}

/// A window.
pub struct Window {
    pub store: Store<Rows>,
    pub flying: Vec<Fetch<Rows>>,
    pub submitted: Vec<Rc<Edit>>,
    /// How often something was drawn anew.
    pub drawn: u64,
    observers: HashMap<ObserverId, Observer>,
    named: u64,
    feed: u64,
}

impl Window {
    pub fn new() -> Self {
        Self {
            store: Store::new(),
            flying: Vec::new(),
            submitted: Vec::new(),
            drawn: 0,
            observers: HashMap::new(),
            named: 0,
            feed: 0,
        }
    }

    /// That has 10,000 values in 100 projects.
    pub fn filled() -> Self {
        let mut window = Self::new();
        (0..10_000).for_each(|number| window.set(Key::item(number), i64::from(number)));
        window
    }

    /// That follows a feed, and has the list of so many rows.
    pub fn with_rows(count: u32) -> Self {
        let mut window = Self::new();
        window.take(Input::Attached(Attached {
            boot: 1,
            seq: 0,
            pending: Vec::new(),
            reviews: Vec::new(),
            numbered: 0,
            first: Vec::new(),
            online: true,
        }));
        window.take(Input::Set(Key::Rows, row::answer(row::rows(count), 1)));
        window
    }

    pub fn take(&mut self, input: Input<Rows>) {
        for effect in self.store.take(NOW, input) {
            match effect {
                Effect::Fetch(fetches) => self.flying.extend(fetches),
                Effect::Submit(edits) => self.submitted.extend(edits),
                Effect::Notify(observers) => observers.into_iter().for_each(|observer| self.draw(observer)),
                _ => {}
            }
        }
    }

    pub fn set(&mut self, key: Key, number: i64) {
        self.set_value(key, Value::Number(number));
    }

    pub fn set_value(&mut self, key: Key, value: Value) {
        self.take(Input::Set(key, Answer::Value { value: Rc::new(value), stamp: 0 }));
    }

    /// Stale, without a fetch.
    pub fn invalidate(&mut self, filter: lockstep_query::Filter<Rows>) {
        self.take(Input::Invalidate(filter, Refetch::Nothing));
    }

    /// Without anybody who reads what is shown.
    pub fn mount_only(&mut self, key: Key, options: Options) -> ObserverId {
        self.named += 1;
        let observer = ObserverId(self.named);
        self.take(Input::Mount { observer, key, options });
        observer
    }

    pub fn mount(&mut self, key: Key, options: Options, select: Option<Select>) -> ObserverId {
        let id = self.mount_only(key.clone(), options);
        let view = Some(self.store.view(&key, &options, NOW));
        self.observers.insert(id, Observer { key, options, select, view, selected: None });
        id
    }

    pub fn unmount(&mut self, observer: ObserverId) {
        self.observers.remove(&observer);
        self.take(Input::Unmount(observer));
    }

    /// Answers all that is in flight.
    pub fn answer_all(&mut self, number: i64) {
        for Fetch { ticket, .. } in std::mem::take(&mut self.flying) {
            let answer = Answer::Value { value: Rc::new(Value::Number(number)), stamp: 0 };
            self.take(Input::Fetched(ticket, Ok(answer)));
        }
    }

    /// The next entry of the feed.
    pub fn feed(&mut self, entry: Entry<Rows>) {
        self.feed += 1;
        let (from, to) = (self.feed - 1, self.feed);
        self.take(Input::Feed(Batch { boot: 1, from, to, entries: Some(vec![entry]) }));
    }

    /// A mutation's end.
    pub fn settle(&mut self, edit: &Edit, failure: Option<&'static str>, rev: u32) {
        let number = row::number(edit.row);
        let stamp = self.feed + 2;
        let docs = vec![row::Row::new(number, rev).snapshot(stamp)];
        self.feed(Entry::Settled(Settlement { mutation: edit.id, failure, failed: None, docs }));
    }

    /// What an observer shows is read again, and drawn if it is something else than before.
    fn draw(&mut self, id: ObserverId) {
        let Some(observer) = self.observers.get_mut(&id) else { return };
        let view = self.store.view(&observer.key, &observer.options, NOW);
        if let (Some(select), Some(Data::Value(value))) = (observer.select, &view.data) {
            let selected = select(value);
            if selected != observer.selected.as_deref() {
                observer.selected = selected.map(str::to_owned);
                self.drawn += 1;
            }
        } else if observer.view.as_ref() != Some(&view) {
            observer.view = Some(view);
            self.drawn += 1;
        }
    }
}
