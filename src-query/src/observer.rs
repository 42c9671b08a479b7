//! An observer's own side: what it selects of its query, and whether that has changed since it was read last.
//!
//! Not who is notified: [`Effect::Notify`](crate::Effect::Notify) says that. A user interface keeps one of these for each
//! component that shows a query.

use std::{rc::Rc, time::Duration};

use crate::{App, Data, ObserverId, Options, QueryView, Status, Store};

/// What is shown while the query never had any data.
#[derive(Clone, Debug, PartialEq)]
pub enum Placeholder<A: App> {
    /// Nothing.
    Nothing,
    /// What the observer showed last, of whichever key: TanStack's `keepPreviousData`.
    Previous,
    /// This: TanStack's `placeholderData`.
    Data(Data<A>),
}

/// Reads a query for one place that shows it.
pub struct Observer<A: App, T> {
    id: ObserverId,
    watched: Option<Watched<A, T>>,
    /// What the query had last, of whichever key.
    previous: Option<Data<A>>,
}

struct Watched<A: App, T> {
    key: A::Key,
    options: Options,
    placeholder: Placeholder<A>,
    select: Rc<dyn Fn(QueryView<A>) -> T>,
    /// What was read last, and what was selected of it.
    read: Option<(QueryView<A>, T)>,
}

impl<A: App, T: Clone + PartialEq> Observer<A, T> {
    /// Of that name, which the caller mounts with [`Input::Mount`](crate::Input::Mount). It shows nothing yet.
    pub fn new(id: ObserverId) -> Self {
        Self { id, watched: None, previous: None }
    }

    /// Its name.
    pub fn id(&self) -> ObserverId {
        self.id
    }

    /// From now on it shows this, and of that what `select` makes of it.
    pub fn watch(
        &mut self,
        key: A::Key,
        options: Options,
        placeholder: Placeholder<A>,
        select: impl Fn(QueryView<A>) -> T + 'static,
    ) {
        self.watched = Some(Watched { key, options, placeholder, select: Rc::new(select), read: None });
    }

    /// What it shows now; `None` where it watches nothing. `select` runs only if the query is not as it was.
    pub fn read(&mut self, store: &Store<A>, now: Duration) -> Option<T> {
        let view = self.view(store, now)?;
        let Watched { select, read, .. } = self.watched.as_mut()?;
        match read {
            Some((seen, selected)) if *seen == view => Some(selected.clone()),
            _ => {
                let selected = select(view.clone());
                *read = Some((view, selected.clone()));
                Some(selected)
            }
        }
    }

    /// Whether it would show something else than what was read last.
    pub fn has_changed(&mut self, store: &Store<A>, now: Duration) -> bool {
        let shown = self.watched.as_ref().and_then(|watched| watched.read.as_ref());
        let shown = shown.map(|(_, selected)| selected.clone());
        self.read(store, now) != shown
    }

    fn view(&mut self, store: &Store<A>, now: Duration) -> Option<QueryView<A>> {
        let Watched { key, options, placeholder, .. } = self.watched.as_ref()?;
        let mut view = store.view(key, options, now);
        if view.data.is_some() {
            self.previous.clone_from(&view.data);
        } else if view.status == Status::Pending {
            view.data = match placeholder {
                Placeholder::Nothing => None,
                Placeholder::Previous => self.previous.clone(),
                Placeholder::Data(data) => Some(data.clone()),
            };
            if view.data.is_some() {
                (view.status, view.is_placeholder) = (Status::Success, true);
            }
        }
        Some(view)
    }
}
