//! `use_prefetch`: data that a person is about to want, asked for while the pointer rests on the way to it.

use std::{cell::RefCell, rc::Rc, time::Duration};

use lockstep_model::Key;
use lockstep_query::{Input, Options};
use yew::prelude::*;

use crate::{browser::Timer, store};

/// A pointer that stays this long is likely to click; one that only passes asks for nothing.
const INTENT: Duration = Duration::from_millis(80);

/// What is about to be asked for: one thing at a time, as there is one pointer. It ends with the component.
#[derive(Clone, Default)]
pub struct Prefetch(Rc<RefCell<Option<Timer>>>);

/// Handlers by which pointer and focus fetch ahead.
#[hook]
pub fn use_prefetch() -> Prefetch {
    (*use_memo((), |()| Prefetch::default())).clone()
}

impl Prefetch {
    /// For `onmouseenter` and `onfocus`: fetches the key, if it is missing or stale, unless the person turns away first.
    pub fn on_intent<E>(&self, key: Key) -> Callback<E> {
        let soon = self.0.clone();
        Callback::from(move |_| {
            let key = key.clone();
            let prefetch = move || store::dispatch(Input::Prefetch(key, Options::default()));
            soon.replace(Some(Timer::after(INTENT, prefetch)));
        })
    }

    /// For `onmouseleave` and `onblur`.
    pub fn on_leave<E>(&self) -> Callback<E> {
        let soon = self.0.clone();
        Callback::from(move |_| drop(soon.take()))
    }
}
