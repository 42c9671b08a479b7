//! Where the embedded database's program is on this machine. It looks; it installs nothing.

use std::{
    env,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// The program's name, without the platform's ending.
pub const NAME: &str = "secantusd-rs";

/// The program is nowhere.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Missing {
    /// `LOCKSTEP_SECANTUSD` names a file that is not there.
    #[error("LOCKSTEP_SECANTUSD says {}, where there is no file: correct it, or unset it", .0.display())]
    Chosen(PathBuf),
    /// None of the usual places has it.
    #[error(
        "the embedded database ({NAME}) is not installed: it is neither in {}, nor on PATH. Run `cargo xtask setup`, \
         or name the program by LOCKSTEP_SECANTUSD, or open a server of yours with --uri mongodb://HOST",
        .0.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", nor in ")
    )]
    Everywhere(Vec<PathBuf>),
}

/// The places to look in.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// A file that somebody chose: it or none.
    pub chosen: Option<PathBuf>,
    /// Else these folders, in order.
    pub folders: Vec<PathBuf>,
    /// Else the folders of `PATH`.
    pub search_path: Vec<PathBuf>,
}

impl Places {
    /// `LOCKSTEP_SECANTUSD`; beside this program, where the installer puts it; the tools folder that
    /// `cargo xtask setup` fills (`LOCKSTEP_TOOLS`, else in the user's cache folder); `PATH`.
    pub fn of_environment() -> Self {
        let given = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let beside = env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
        let tools =
            given("LOCKSTEP_TOOLS").or_else(|| Some(dirs::cache_dir()?.join("lockstep").join("tools")));
        Self {
            chosen: given("LOCKSTEP_SECANTUSD"),
            folders: beside.into_iter().chain(tools.map(|tools| tools.join("bin"))).collect(),
            search_path: env::var_os("PATH")
                .map(|path| env::split_paths(&path).collect())
                .unwrap_or_default(),
        }
    }

    /// The program, or what to do to have one.
    pub fn find(&self) -> Result<PathBuf, Missing> {
        if let Some(chosen) = &self.chosen {
            return chosen.is_file().then(|| chosen.clone()).ok_or_else(|| Missing::Chosen(chosen.clone()));
        }
        let file = format!("{NAME}{}", env::consts::EXE_SUFFIX);
        self.folders
            .iter()
            .chain(&self.search_path)
            .map(|folder| folder.join(&file))
            .find(|program| program.is_file())
            .ok_or_else(|| Missing::Everywhere(self.folders.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_has_it_wins() {
        let temporary = tempfile::tempdir().unwrap();
        let file = |folder: &str| {
            let folder = temporary.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            let file = folder.join(format!("{NAME}{}", env::consts::EXE_SUFFIX));
            std::fs::write(&file, "").unwrap();
            file
        };
        let (tools, path) = (file("tools"), file("path"));
        let folder = |file: &Path| file.parent().unwrap().to_path_buf();
        let mut places = Places {
            chosen: None,
            folders: vec![temporary.path().join("beside")],
            search_path: vec![folder(&path)],
        };
        assert_eq!(places.find(), Ok(path.clone()));
        places.folders.push(folder(&tools));
        assert_eq!(places.find(), Ok(tools));
        places.chosen = Some(path.clone());
        assert_eq!(places.find(), Ok(path));
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        let places = Places { folders: vec!["/nowhere/bin".into()], ..Places::default() };
        let message = places.find().unwrap_err().to_string();
        for part in ["/nowhere/bin", "cargo xtask setup", "LOCKSTEP_SECANTUSD", "--uri"] {
            assert!(message.contains(part), "{part} is not in: {message}");
        }
        let places = Places { chosen: Some("/nowhere/it".into()), ..places };
        assert_eq!(places.find(), Err(Missing::Chosen("/nowhere/it".into())));
    }
}
