//! A zone of the window that can fail by itself: it then shows one notice, and the rest of the window lives on.
//!
//! Not for panics: on wasm nothing catches those, see [`crate::stopped`].

use std::rc::Rc;

use lockstep_model::{Failure, Key};
use lockstep_query::{Filter, Input, Options, Status};
use yew::prelude::*;

use super::Notice;
use crate::{hooks::use_queries, store};

/// The nearest boundary, as the components inside find it in their context.
#[derive(Clone, PartialEq)]
pub struct Boundary(UseReducerDispatcher<Zone>);

impl Boundary {
    /// Shows this failure of a query in the place of the zone; of several the first. Its error is reset when the person
    /// tries again.
    pub fn report(&self, failure: Failure, query: Key) {
        self.0.dispatch(Event::Failed(failure, query));
    }
}

#[derive(Default, PartialEq)]
struct Zone {
    failure: Option<Failure>,
    queries: Vec<Key>,
}

enum Event {
    Failed(Failure, Key),
    MountAnew,
}

impl Reducible for Zone {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        match event {
            Event::Failed(failure, query) => {
                let failure = self.failure.clone().or(Some(failure));
                let queries = self.queries.iter().cloned().chain([query]).collect();
                Self { failure, queries }.into()
            }
            Event::MountAnew => Self::default().into(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct ErrorBoundaryProps {
    /// What the zone shows, as in "The list of offers".
    pub what: AttrValue,
    /// What it shows that of: with another one, what has failed is past.
    #[prop_or_default]
    pub of: Option<Key>,
    pub children: Html,
}

/// It only looks on: another try is for the person to ask for.
const LOOKING_ON: Options = Options { enabled: false, ..Options::DEFAULT };

/// Shows its children until one of them fails, and mounts them anew when the person tries again, or when the data comes
/// all the same, since somebody else observes it too.
#[component]
pub fn ErrorBoundary(props: &ErrorBoundaryProps) -> Html {
    let zone = use_reducer_eq(Zone::default);
    let mount_anew = {
        let zone = zone.dispatcher();
        move || zone.dispatch(Event::MountAnew)
    };
    use_effect_with(props.of.clone(), {
        let mount_anew = mount_anew.clone();
        // Only once it shows another: what fails first of all may be reported before this.
        move |_| mount_anew
    });
    let failed = use_queries(zone.queries.clone(), LOOKING_ON);
    let healed = !failed.is_empty() && failed.iter().all(|query| query.status == Status::Success);
    use_effect_with(healed, {
        let mount_anew = mount_anew.clone();
        move |healed| {
            if *healed {
                mount_anew();
            }
        }
    });

    let Some(failure) = zone.failure.clone() else {
        return html! {
            <ContextProvider<Boundary> context={Boundary(zone.dispatcher())}>
                { props.children.clone() }
            </ContextProvider<Boundary>>
        };
    };
    let retry = move |()| {
        zone.queries.iter().for_each(|key| store::dispatch(Input::ResetErrors(Filter::exact(key))));
        mount_anew();
    };
    html! { <Notice {failure} what={&props.what} {retry} /> }
}
