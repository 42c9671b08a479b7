//! A value that several components show, and that changes now and then.
//!
//! For what is the window's own: toasts, counts, the view. What the database says goes through the query store.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use yew::prelude::*;

/// The value, shared. Cheap to clone.
pub struct Signal<T>(Rc<Inner<T>>);

type Listener = Rc<dyn Fn()>;

struct Inner<T> {
    value: RefCell<T>,
    next: Cell<u64>,
    listeners: RefCell<Vec<(u64, Listener)>>,
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Default> Default for Signal<T> {
    fn default() -> Self {
        Self(Rc::new(Inner { value: RefCell::default(), next: Cell::new(0), listeners: RefCell::default() }))
    }
}

impl<T: Clone + PartialEq + 'static> Signal<T> {
    /// The value now.
    pub fn get(&self) -> T {
        self.0.value.borrow().clone()
    }

    /// Another value: whoever shows it is drawn again.
    pub fn set(&self, value: T) {
        if *self.0.value.borrow() == value {
            return;
        }
        *self.0.value.borrow_mut() = value;
        let listeners = self.0.listeners.borrow().clone();
        listeners.iter().for_each(|(_, listener)| listener());
    }

    /// The value changed in place.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        let mut value = self.get();
        change(&mut value);
        self.set(value);
    }

    fn listen(&self, listener: Listener) -> impl FnOnce() + use<T> {
        let id = self.0.next.replace(self.0.next.get() + 1);
        self.0.listeners.borrow_mut().push((id, listener));
        let inner = self.0.clone();
        move || inner.listeners.borrow_mut().retain(|(other, _)| *other != id)
    }
}

/// The value now; the component is drawn again when it changes.
#[hook]
pub fn use_signal<T: Clone + PartialEq + 'static>(signal: Signal<T>) -> T {
    let update = use_force_update();
    let shown = signal.get();
    let drawn = shown.clone();
    use_effect_with((), move |()| {
        // It may have changed between drawing and now.
        if signal.get() != drawn {
            update.force_update();
        }
        signal.listen(Rc::new(move || update.force_update()))
    });
    shown
}
