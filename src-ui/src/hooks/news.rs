//! Observers of the store as a whole: of what is under way, of the history of mutations, of all queries.

use std::{cell::RefCell, rc::Rc};

use lockstep_query::{Input, ObserverId};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::store;

/// The input by which an observer of something as a whole comes and goes.
pub type Observe = fn(ObserverId, bool) -> Input<Lockstep>;

/// Calls `notify` now and, once a frame at most, whenever that changes; for as long as the component lives.
#[hook]
pub fn use_news(observe: Observe, notify: impl Fn() + 'static) {
    use_effect_with((), move |()| {
        let notify = Rc::new(notify);
        let observation = store::observe({
            let notify = notify.clone();
            move || notify()
        });
        store::dispatch(observe(observation.id(), true));
        // What came between drawing and now was told to nobody.
        notify();
        move || store::dispatch(observe(observation.id(), false))
    });
}

/// What `count` returns; the component is drawn again only when that changes. It is taken from the latest drawing.
#[hook]
pub(super) fn use_count(observe: Observe, count: impl Fn() -> usize + 'static) -> usize {
    let counted = count();
    let drawn = use_mut_ref(|| None::<Drawn>);
    drawn.replace(Some(Drawn { counted, count: Rc::new(count) }));
    let update = use_force_update();
    use_news(observe, move || {
        if has_changed(&drawn) {
            update.force_update();
        }
    });
    counted
}

struct Drawn {
    counted: usize,
    count: Rc<dyn Fn() -> usize>,
}

fn has_changed(drawn: &RefCell<Option<Drawn>>) -> bool {
    drawn.borrow().as_ref().is_some_and(|drawn| (drawn.count)() != drawn.counted)
}
