//! A panic: the window says so, and what to do. What was accepted is in the host, so a reload loses nothing.

use crate::browser;

/// From now on a panic covers the window with a message.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        cover();
    }));
}

/// Yew's state is not to be trusted any more, so this is plain DOM. Failing here leaves the console's message.
fn cover() -> Option<()> {
    let document = browser::document();
    let cover = document.create_element("div").ok()?;
    cover.set_class_name("stopped");
    cover.set_attribute("role", "alertdialog").ok()?;
    cover.set_attribute("aria-label", "This window stopped").ok()?;
    for (element, text) in [
        ("h1", "This window stopped"),
        ("p", "A fault in Lockstep ended it. Nothing that was accepted is lost."),
        ("button", "Reload"),
    ] {
        let child = document.create_element(element).ok()?;
        child.set_text_content(Some(text));
        cover.append_child(&child).ok()?;
    }
    let reload = cover.last_element_child()?;
    browser::listen_always(&reload, "click", || {
        let _ = browser::window().location().reload();
    });
    document.body()?.append_child(&cover).ok()?;
    Some(())
}
