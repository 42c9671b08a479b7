//! `use_query` and `use_selected`: an observer of a key, for as long as the component lives.

use std::{cell::RefCell, rc::Rc};

use lockstep_model::Key;
use lockstep_query::{Input, Options, QueryView};
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
/// `select` is called on every notification, so it should be cheap, and is taken from the latest drawing.
#[hook]
pub fn use_selected<T: Clone + PartialEq + 'static>(
    key: Key,
    options: Options,
    select: impl Fn(QueryView<Lockstep>) -> T + 'static,
) -> T {
    let selected = select(store::view(&key, &options));
    let drawn = use_mut_ref(|| None::<Drawn<T>>);
    drawn.replace(Some(Drawn {
        key: key.clone(),
        options,
        select: Rc::new(select),
        selected: selected.clone(),
    }));

    let update = use_force_update();
    let observation = use_memo((), {
        let (drawn, update) = (drawn.clone(), update.clone());
        move |()| {
            store::observe(move || {
                if has_changed(&drawn) {
                    update.force_update();
                }
            })
        }
    });
    use_effect_with((key, options), {
        let (observation, update) = (observation.clone(), update.clone());
        move |(key, options)| {
            store::dispatch(Input::Mount { observer: observation.id(), key: key.clone(), options: *options });
            // What came between drawing and now was told to nobody.
            if has_changed(&drawn) {
                update.force_update();
            }
        }
    });
    use_effect_with((), move |()| move || store::dispatch(Input::Unmount(observation.id())));
    selected
}

struct Drawn<T> {
    key: Key,
    options: Options,
    select: Rc<dyn Fn(QueryView<Lockstep>) -> T>,
    selected: T,
}

fn has_changed<T: PartialEq>(drawn: &RefCell<Option<Drawn<T>>>) -> bool {
    drawn
        .borrow()
        .as_ref()
        .is_some_and(|drawn| (drawn.select)(store::view(&drawn.key, &drawn.options)) != drawn.selected)
}
