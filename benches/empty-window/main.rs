//! The least that a Tauri app can be: one window with one line of text. What Lockstep's own start is measured against.

fn main() {
    tauri::Builder::default()
        .run(tauri::generate_context!("benches/empty-window/tauri.conf.json"))
        .expect("the window opens");
}
