//! What a script could try that got into a window after all: each way out is tried in a real window, and closed.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use lockstep_model::{
    Failure,
    contract::{COMMANDS, Nothing, decode_reply},
};
use serde_json::{Value as Json, json};

use super::offers::Workspace;
use crate::fixture::Window;

/// A server of somebody else's on this machine, that counts who comes.
struct Stranger {
    port: u16,
    came: Arc<AtomicUsize>,
}

impl Stranger {
    fn listens() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let came = Arc::new(AtomicUsize::new(0));
        let counting = came.clone();
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                counting.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, came }
    }
}

/// Every way by which a page can reach another place or make text into code. Each answers with what happened.
const WAYS_OUT: &str = r#"
    const done = arguments[arguments.length - 1];
    const there = arguments[0];
    const said = {};
    const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const element = (name, attributes) => new Promise((resolve) => {
        const made = Object.assign(document.createElement(name), attributes);
        made.onload = () => resolve("loaded");
        made.onerror = () => resolve("refused");
        document.body.append(made);
        setTimeout(() => resolve("nothing"), 1500);
    });
    const attempt = async (name, way) => {
        try { said[name] = String(await way()); } catch (error) { said[name] = "refused"; }
    };
    (async () => {
        window.escaped = [];
        await attempt("fetch", () => fetch(there, { mode: "no-cors" }).then(() => "reached"));
        await attempt("beacon", () => navigator.sendBeacon(there, "x") ? "nothing" : "refused");
        await attempt("socket", () => new Promise((resolve, refuse) => {
            const socket = new WebSocket(there.replace("http", "ws"));
            socket.onopen = () => resolve("reached");
            socket.onerror = refuse;
        }));
        await attempt("image", () => element("img", { src: there + "/a.png" }));
        await attempt("script", () => element("script", { src: there + "/a.js" }));
        await attempt("style", () => element("link", { rel: "stylesheet", href: there + "/a.css" }));
        await attempt("frame", () => element("iframe", { src: there + "/a.html" }));
        await attempt("object", () => element("object", { data: there + "/a.swf" }));
        await attempt("inline script", async () => {
            await element("script", { textContent: "window.escaped.push('inline script')" });
            return "nothing";
        });
        await attempt("inline handler", async () => {
            const made = document.createElement("div");
            made.innerHTML = "<img src=x onerror=\"window.escaped.push('inline handler')\">";
            document.body.append(made);
            await wait(300);
            return "nothing";
        });
        await attempt("address", async () => {
            const link = Object.assign(document.createElement("a"), { href: "javascript:window.escaped.push('address')" });
            document.body.append(link);
            link.click();
            await wait(300);
            return "nothing";
        });
        await attempt("eval", () => eval("window.escaped.push('eval')"));
        await attempt("function", () => new Function("window.escaped.push('function')")());
        await attempt("timer", async () => {
            setTimeout("window.escaped.push('timer')", 0);
            await wait(100);
            return "nothing";
        });
        await attempt("worker", () => new Promise((resolve, refuse) => {
            const blob = new Blob(["postMessage('reached')"], { type: "text/javascript" });
            const worker = new Worker(URL.createObjectURL(blob));
            worker.onmessage = (message) => resolve(message.data);
            worker.onerror = refuse;
            setTimeout(refuse, 1500);
        }));
        said.escaped = window.escaped.join(", ");
        done(said);
    })();"#;

#[tokio::test]
async fn a_script_in_a_window_reaches_no_other_place_and_makes_no_text_into_code() {
    let Workspace { app, .. } = &Workspace::open().await;
    let stranger = Stranger::listens();
    let main = app.main().await;
    main.open_collection("offers").await;
    let there = format!("http://127.0.0.1:{}", stranger.port);
    let said = main.ask(WAYS_OUT, vec![json!(there)]).await.expect("it answers");
    println!("{said:#}");
    let said: BTreeMap<String, String> = serde_json::from_value(said).unwrap();
    assert_eq!(said["escaped"], "", "{said:?}");
    // A frame that was refused says that it has loaded; that nobody came to the stranger is what counts.
    assert!(said.values().all(|what| what != "reached"), "{said:?}");
    assert_eq!(stranger.came.load(Ordering::SeqCst), 0, "nobody came to the stranger: {said:?}");
    // The window is as it was.
    main.until_grid("offers").await;
}

/// What Tauri and its plugins offer, and no window of Lockstep may have. `OWN` is the window's own label.
const FORBIDDEN: [(&str, &str); 16] = [
    ("plugin:window|create", r#"{ "options": { "label": "mine" } }"#),
    ("plugin:webview|create_webview_window", r#"{ "options": { "label": "mine", "url": "index.html" } }"#),
    ("plugin:webview|internal_toggle_devtools", "{}"),
    ("plugin:window|close", r#"{ "label": "OWN" }"#),
    ("plugin:window|set_title", r#"{ "label": "OWN", "value": "mine" }"#),
    ("plugin:event|emit", r#"{ "event": "feed", "payload": "AAAA" }"#),
    ("plugin:event|emit_to", r#"{ "target": { "kind": "Any" }, "event": "feed", "payload": "AAAA" }"#),
    ("plugin:store|load", r#"{ "path": "settings.json" }"#),
    ("plugin:store|get", r#"{ "rid": 0, "key": "windows" }"#),
    ("plugin:log|log", r#"{ "level": 3, "message": "mine" }"#),
    ("plugin:path|resolve_directory", r#"{ "directory": 1 }"#),
    ("plugin:app|version", "{}"),
    ("plugin:resources|close", r#"{ "rid": 0 }"#),
    ("plugin:fs|read_text_file", r#"{ "path": "/etc/passwd" }"#),
    ("plugin:shell|execute", r#"{ "program": "sh" }"#),
    ("no_such_command", "{}"),
];

async fn invoke(window: &Window, command: &str, arguments: &str, is_json: bool) -> Json {
    let script = r#"
        const done = arguments[arguments.length - 1];
        const [command, body, isJson] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, isJson ? JSON.parse(body) : new Uint8Array(JSON.parse(body)))
            .then((reply) => done({ reply: reply instanceof ArrayBuffer ? [...new Uint8Array(reply)] : "something" }),
                  (error) => done({ error: String(error) }));"#;
    let asked = window.ask(script, vec![json!(command), json!(arguments), json!(is_json)]).await;
    asked.unwrap_or_else(|| panic!("{command} answers {arguments}"))
}

#[tokio::test]
async fn a_window_cannot_call_what_is_not_its_own() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    let own = main.label().await.unwrap();
    for (command, arguments) in FORBIDDEN {
        let answer = invoke(&main, command, &arguments.replace("OWN", &own), true).await;
        println!("{command}: {answer}");
        let error = answer["error"].as_str().unwrap_or_else(|| panic!("{command} was answered: {answer}"));
        assert!(error.contains("not allowed") || error.contains("not found"), "{command}: {error}");
    }
    assert_eq!(app.window_count().await, 1);
}

#[tokio::test]
async fn bytes_that_are_no_request_are_refused_by_every_command() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    let noise = json!((0..64).map(|byte| 255 - byte).collect::<Vec<u8>>()).to_string();
    for (command, _) in COMMANDS {
        for (what, arguments, is_json) in
            [("noise", &*noise, false), ("nothing at all", "[]", false), ("JSON", r#"{ "a": 1 }"#, true)]
        {
            // What it asks for is nothing, and what it does leaves nobody to answer.
            if what == "nothing at all" && *command == "close_window" {
                continue;
            }
            let answer = invoke(&main, command, arguments, is_json).await;
            let Ok(bytes) = serde_json::from_value::<Vec<u8>>(answer["reply"].clone()) else {
                panic!("{command} with {what}: {answer}")
            };
            match decode_reply::<Nothing>(&bytes) {
                Err(Failure::InvalidInput { .. }) => {}
                // These ask for nothing, so that nothing at all is what they take.
                _ if what == "nothing at all" && ["sync_status", "collections"].contains(command) => {}
                other => panic!("{command} with {what}: {other:?}"),
            }
        }
    }
    main.until_idle().await;
}
