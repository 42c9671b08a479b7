//! `use_query` and its kin: an observer of a key, for as long as the component lives.

use lockstep_model::Key;
use lockstep_query::{Input, Observer, Options, Placeholder, QueryView};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::store;

/// The query's state; the component is drawn again whenever it changes.
#[hook]
pub fn use_query(key: Key, options: Options) -> QueryView<Lockstep> {
    use_selected(key, options, |view| view)
}

/// A part of the query's state; the component is drawn again only when that part changes.
///
/// `select` is taken from the latest drawing, and runs only where the query is not as it was.
#[hook]
pub fn use_selected<T: Clone + PartialEq + 'static>(
    key: Key,
    options: Options,
    select: impl Fn(QueryView<Lockstep>) -> T + 'static,
) -> T {
    use_observer(key, options, Placeholder::Nothing, select)
}

/// The same, with something to show while there is no data of this key.
#[hook]
pub fn use_observer<T: Clone + PartialEq + 'static>(
    key: Key,
    options: Options,
    placeholder: Placeholder<Lockstep>,
    select: impl Fn(QueryView<Lockstep>) -> T + 'static,
) -> T {
    let update = use_force_update();
    let observer = use_mut_ref(|| None::<Observer<Lockstep, T>>);
    let observation = use_memo((), {
        let (observer, update) = (observer.clone(), update.clone());
        move |()| {
            store::observe(move || {
                if observer.borrow_mut().as_mut().is_some_and(store::has_changed) {
                    update.force_update();
                }
            })
        }
    });
    let selected = {
        let mut observer = observer.borrow_mut();
        let observer = observer.get_or_insert_with(|| Observer::new(observation.id()));
        observer.watch(key.clone(), options, placeholder, select);
        store::read(observer).expect("it watches a key since the line above")
    };
    use_effect_with((key, options), {
        let observation = observation.clone();
        move |(key, options)| {
            store::dispatch(Input::Mount { observer: observation.id(), key: key.clone(), options: *options });
            // What came between drawing and now was told to nobody.
            if observer.borrow_mut().as_mut().is_some_and(store::has_changed) {
                update.force_update();
            }
        }
    });
    use_effect_with((), move |()| move || store::dispatch(Input::Unmount(observation.id())));
    selected
}
