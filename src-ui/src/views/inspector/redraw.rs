//! When the inspector is drawn: whenever anything in the store changes, and each second, since ages grow.

use std::{cell::RefCell, rc::Rc, time::Duration};

use lockstep_query::Input;
use yew::prelude::*;

use crate::{browser::Timer, hooks::use_news};

/// What changes faster than this, nobody reads; and drawing the inspector must not be what the person sees in it.
const READABLE: Duration = Duration::from_millis(100);

/// How often ages are drawn anew.
const AGE: Duration = Duration::from_secs(1);

/// Draws the component again, for as long as it lives.
#[hook]
pub fn use_redraw() {
    let update = use_force_update();
    let due = use_mut_ref(|| None::<Timer>);
    let soon: Rc<dyn Fn()> = Rc::new({
        let (due, update) = (due.clone(), update.clone());
        move || redraw_after(READABLE, &due, &update)
    });
    use_news(Input::ObserveQueries, {
        let soon = soon.clone();
        move || soon()
    });
    use_news(Input::ObserveHistory, move || soon());

    let ages = use_mut_ref(|| None::<Timer>);
    use_effect(move || {
        ages.replace(Some(Timer::after(AGE, move || update.force_update())));
    });
}

/// Unless it is about to be drawn already.
fn redraw_after(wait: Duration, due: &Rc<RefCell<Option<Timer>>>, update: &UseForceUpdateHandle) {
    if due.borrow().is_some() {
        return;
    }
    let timer = Timer::after(wait, {
        let (due, update) = (due.clone(), update.clone());
        move || {
            due.take();
            update.force_update();
        }
    });
    due.replace(Some(timer));
}
