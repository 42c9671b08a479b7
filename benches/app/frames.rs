//! The longest frame, and how many were longer than 50 ms: while nothing happens, while the table is scrolled at speed, and
//! while a colleague edits the offers a hundred times a second.

use lockstep_model::contract::{ColleagueRequest, encode};
use serde::Deserialize;
use serde_json::json;

use crate::{
    figures::Figures,
    fixture::{App, Window},
};

const SECONDS: u64 = 10;
const PER_SECOND: u32 = 100;

#[derive(Deserialize)]
struct Frames {
    longest: f64,
    over: f64,
    count: f64,
}

pub async fn measure(figures: &mut Figures) {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    main.until_count("activities", 50_000).await;
    main.until_idle().await;
    tell(figures, "nothing happens", &frames(&main, "").await);
    let scroll = r#"
        const scroll = document.querySelector(".grid-scroll");
        scroll.scrollTop = (scroll.scrollTop + 400) % (scroll.scrollHeight - scroll.clientHeight);"#;
    tell(figures, "scrolled by 400 px a frame", &frames(&main, scroll).await);
    let colleague = |per_second| encode(&ColleagueRequest { per_second }).unwrap();
    main.invoke("call_colleague", &colleague(PER_SECOND)).await.expect("there is a colleague");
    tell(figures, "a colleague writes 100 a second", &frames(&main, "").await);
    main.invoke("call_colleague", &colleague(0)).await.expect("there is a colleague");
}

fn tell(figures: &mut Figures, what: &str, frames: &Frames) {
    figures.one(&format!("longest frame, {what}"), "ms", frames.longest);
    figures.one(&format!("frames over 50 ms of {:.0}, {what}", frames.count), "", frames.over);
}

/// What a script that runs in each frame does to them.
async fn frames(window: &Window, each: &str) -> Frames {
    let script = format!(
        r#"
        const record = (window.frames_ = {{ longest: 0, over: 0, count: 0 }});
        let last = performance.now();
        const end = last + {SECONDS} * 1000;
        const frame = (now) => {{
            const length = now - last;
            last = now;
            record.count++;
            record.longest = Math.max(record.longest, length);
            if (length > 50) record.over++;
            {each}
            if (now < end) requestAnimationFrame(frame); else record.done = true;
        }};
        requestAnimationFrame(frame);"#
    );
    let () = window.read::<Option<()>>(&script, json!([])).await.unwrap_or_default();
    tokio::time::sleep(std::time::Duration::from_secs(SECONDS + 1)).await;
    window.read("return window.frames_", json!([])).await
}
