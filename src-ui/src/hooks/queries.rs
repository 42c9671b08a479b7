//! `use_queries`: observers of several keys at once, of which there may be another number at each drawing.

use std::cell::RefCell;

use lockstep_model::Key;
use lockstep_query::{Input, Options, QueryView};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::store;

type Views = Vec<QueryView<Lockstep>>;

/// The queries' states, in the order of the keys; the component is drawn again, once a frame at most, when any changes.
#[hook]
pub fn use_queries(keys: Vec<Key>, options: Options) -> Views {
    let views = read(&keys, &options);
    let drawn = use_mut_ref(|| None::<Drawn>);
    drawn.replace(Some(Drawn { keys: keys.clone(), options, views: views.clone() }));

    let update = use_force_update();
    use_effect_with((keys, options), move |(keys, options)| {
        let notify = move || {
            if has_changed(&drawn) {
                update.force_update();
            }
        };
        let observations: Vec<_> = keys
            .iter()
            .map(|key| {
                let observation = store::observe(notify.clone());
                let (observer, key) = (observation.id(), key.clone());
                store::dispatch(Input::Mount { observer, key, options: *options });
                observation
            })
            .collect();
        // What came between drawing and now was told to nobody.
        notify();
        move || {
            observations.iter().for_each(|observation| store::dispatch(Input::Unmount(observation.id())));
        }
    });
    views
}

struct Drawn {
    keys: Vec<Key>,
    options: Options,
    views: Views,
}

fn read(keys: &[Key], options: &Options) -> Views {
    keys.iter().map(|key| store::view(key, options)).collect()
}

fn has_changed(drawn: &RefCell<Option<Drawn>>) -> bool {
    drawn.borrow().as_ref().is_some_and(|drawn| read(&drawn.keys, &drawn.options) != drawn.views)
}
