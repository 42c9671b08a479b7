//! Asks for the password of the window's connection, where the server refuses the login.

use lockstep_model::{Failure, contract::Secret};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::hooks::enter_password;

/// The form.
#[component]
pub fn PasswordForm() -> Html {
    let password = use_node_ref();
    let refused = use_state(|| None::<Failure>);
    let onsubmit = {
        let (password, refused) = (password.clone(), refused.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = password.cast::<HtmlInputElement>() else { return };
            let password = Secret::new(input.value());
            input.set_value("");
            let refused = refused.clone();
            enter_password(
                password,
                Callback::from(move |tried: Result<(), Failure>| refused.set(tried.err())),
            );
        }
    };
    html! {
        <form class="password-form" {onsubmit}>
            <input ref={password} type="password" aria-label="Password" placeholder="Password" autocomplete="off" required={true} />
            <button class="button button-primary">{ "Log in" }</button>
            if let Some(failure) = &*refused {
                <p class="form-error" role="alert">{ failure.to_string() }</p>
            }
        </form>
    }
}
