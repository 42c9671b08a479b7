//! How the program answers a start that opens no window. Nothing here needs a display.

use std::process::{Command, Output};

use lockstep_host::data_folder::DataFolder;

/// Runs the program to its end. Without a display none of these can go on to open a window by mistake.
fn lockstep(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn a_second_start_on_the_same_data_folder_is_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let first = DataFolder::open(temporary.path()).unwrap();
    let path = first.path().display().to_string();
    let second = lockstep(&["--data", &path]);
    assert!(!second.status.success());
    let message = text(&second.stderr);
    assert!(message.contains("another Lockstep") && message.contains(&path), "{message}");
}

#[test]
fn a_wrong_start_ends_with_2_and_says_what_is_wrong() {
    for (arguments, says) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["--uri", "localhost:27017"], "--uri: not a MongoDB address"),
        (&["--sample-tier", "huge"], "huge"),
        (&["--supervise"], "--supervise needs a program"),
    ] {
        let ended = lockstep(arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert!(text(&ended.stderr).contains(says), "{arguments:?}: {}", text(&ended.stderr));
        assert!(ended.stdout.is_empty());
    }
}

#[test]
fn help_is_answered() {
    let help = lockstep(&["--help"]);
    assert!(help.status.success() && help.stderr.is_empty());
    assert!(text(&help.stdout).contains("--uri"));
}
