//! What a start of Lockstep is asked for, by arguments and environment: which server, which data folder, how large a
//! sample. It reads nothing from disk; settings that a person changes while it runs are not here.

use std::{env, ffi::OsString, fmt, path::PathBuf, process::ExitCode};

use crate::{
    address::Address,
    sample::{Tier, colleague::MOST_PER_SECOND},
};

const USAGE: &str = "\
Lockstep: shared MongoDB data in several windows at once

Usage: lockstep [OPTIONS]

Options:
  --uri ADDRESS        open this MongoDB server, not the embedded one   [LOCKSTEP_MONGODB_URI]
                       (other users of this machine can read arguments:
                       put an address with a password in the variable)
  --data FOLDER        keep outbox, layout and embedded database here   [LOCKSTEP_DATA]
  --sample-tier TIER   offers in a new sample workspace: small (100),   [LOCKSTEP_SAMPLE_TIER]
                       standard (10,000) or large (1,000,000)
  --read-only          write nothing to the server, whatever is     [LOCKSTEP_READ_ONLY]
                       asked
  --colleague RATE     open no window, but edit the sample workspace's offers as
                       somebody else would, so many times a second
  --help, --version    print this, or the version, and end
";

/// The folder's name under the platform's data folder: the identifier in `tauri.conf.json`.
const IDENTIFIER: &str = "app.lockstep.desktop";

/// How to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The server to work on.
    pub server: Server,
    /// Where all of this host's files lie.
    pub data: PathBuf,
    /// How large the sample workspace is made, if it is not there yet.
    pub sample_tier: Tier,
    /// Write nothing to the server.
    pub read_only: bool,
    /// Open no windows, but edit the sample workspace so many times a second.
    pub colleague: Option<u32>,
}

/// Which server to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// The one that Lockstep runs itself, with the sample workspace.
    Embedded,
    /// Somebody else's.
    At(Address),
}

/// Without credentials.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("Embedded database"),
            Self::At(address) => address.fmt(f),
        }
    }
}

/// Lockstep was not asked to open, or was asked in a way it does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Early {
    /// `--help` or `--version`: print it.
    Answer(String),
    /// What is wrong, and where it was given.
    Refusal(String),
}

impl Early {
    /// Prints the message where it belongs. The exit code is 0 for an answer, 2 for a refusal.
    pub fn exit(self) -> ExitCode {
        match self {
            Self::Answer(text) => {
                println!("{}", text.trim_end());
                ExitCode::SUCCESS
            }
            Self::Refusal(reason) => {
                eprintln!("lockstep: {reason}\nTry 'lockstep --help'.");
                ExitCode::from(2)
            }
        }
    }
}

impl Config {
    /// Reads this process's arguments (program name left out) and environment.
    pub fn from_environment(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Early> {
        Self::read(arguments, |name| env::var_os(name), dirs::data_dir())
    }

    /// An argument is stronger than a variable, and of two equal arguments the later one. An empty variable is none.
    fn read(
        arguments: impl IntoIterator<Item = OsString>,
        variable: impl Fn(&str) -> Option<OsString>,
        data_folder: Option<PathBuf>,
    ) -> Result<Self, Early> {
        let variable = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
        let mut uri = variable("LOCKSTEP_MONGODB_URI");
        let mut data = variable("LOCKSTEP_DATA");
        let mut tier = variable("LOCKSTEP_SAMPLE_TIER");
        let mut colleague = None;
        let mut read_only = variable("LOCKSTEP_READ_ONLY").is_some();

        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            // `--name=value` only where it is text: a folder that is not is given as an argument of its own.
            let (name, attached) =
                match argument.to_str().map(|text| text.split_once('=').unwrap_or((text, ""))) {
                    Some((name, value)) => (name, (!value.is_empty()).then(|| OsString::from(value))),
                    None => ("", None),
                };
            let (place, name) = match name {
                "--uri" => (&mut uri, "--uri"),
                "--data" => (&mut data, "--data"),
                "--sample-tier" => (&mut tier, "--sample-tier"),
                "--colleague" => (&mut colleague, "--colleague"),
                "--read-only" if attached.is_none() => {
                    read_only = true;
                    continue;
                }
                "--help" | "-h" => return Err(Early::Answer(USAGE.into())),
                "--version" | "-V" => {
                    return Err(Early::Answer(format!("lockstep {}", env!("CARGO_PKG_VERSION"))));
                }
                // Never the value, and nothing that is no option: an address with a password may be in it.
                _ if name.starts_with('-') => return Err(refusal(format!("there is no option {name}"))),
                _ => {
                    return Err(refusal(
                        "every argument needs its option: a server is opened by --uri ADDRESS",
                    ));
                }
            };
            let value = attached.or_else(|| arguments.next()).filter(|value| !value.is_empty());
            *place = Some((name, value.ok_or_else(|| refusal(format!("{name} needs a value")))?));
        }

        Ok(Self {
            server: match uri {
                Some(given) => Server::At(named(given, Address::parse)?),
                None => Server::Embedded,
            },
            data: match data {
                Some((_, folder)) => folder.into(),
                None => data_folder
                    .ok_or_else(|| {
                        refusal("this system names no folder for data: give one by --data FOLDER")
                    })?
                    .join(IDENTIFIER),
            },
            sample_tier: tier.map(|given| named(given, str::parse)).transpose()?.unwrap_or_default(),
            read_only,
            colleague: colleague.map(|given| named(given, rate)).transpose()?,
        })
    }
}

/// Reads a value as text; a refusal begins with the option or variable that it was given by.
fn named<T>(
    (name, value): (&str, OsString),
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, Early> {
    let text = value.to_str().ok_or_else(|| refusal(format!("{name}: not valid text")))?;
    read(text).map_err(|reason| refusal(format!("{name}: {reason}")))
}

fn rate(text: &str) -> Result<u32, String> {
    let rate = text.parse().ok().filter(|rate| (1..=MOST_PER_SECOND).contains(rate));
    rate.ok_or_else(|| format!("a whole number from 1 to {MOST_PER_SECOND}, not `{text}`"))
}

fn refusal(reason: impl Into<String>) -> Early {
    Early::Refusal(reason.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &str, variables: &[(&str, &str)]) -> Result<Config, Early> {
        Config::read(
            arguments.split_whitespace().map(OsString::from),
            |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()),
            Some("/data".into()),
        )
    }

    #[test]
    fn without_anything_it_is_the_embedded_server_with_the_standard_sample() {
        let config = read("", &[("LOCKSTEP_MONGODB_URI", "")]).unwrap();
        assert_eq!(config.server, Server::Embedded);
        assert_eq!(config.data, PathBuf::from("/data").join(IDENTIFIER));
        assert_eq!(config.sample_tier, Tier::Standard);
    }

    #[test]
    fn an_argument_is_stronger_than_a_variable() {
        let variables = [
            ("LOCKSTEP_MONGODB_URI", "mongodb://a"),
            ("LOCKSTEP_DATA", "/a"),
            ("LOCKSTEP_SAMPLE_TIER", "large"),
        ];
        let config = read("", &variables).unwrap();
        assert_eq!(config.server, Server::At(Address::parse("mongodb://a").unwrap()));
        assert_eq!((config.data, config.sample_tier), ("/a".into(), Tier::Large));

        let config = read("--uri=mongodb://b/?w=1 --data /b --sample-tier small", &variables).unwrap();
        assert_eq!(config.server, Server::At(Address::parse("mongodb://b/?w=1").unwrap()));
        assert_eq!((config.data, config.sample_tier), ("/b".into(), Tier::Small));
        assert!(!config.read_only && read("--read-only", &[]).unwrap().read_only);
        assert!(read("", &[("LOCKSTEP_READ_ONLY", "1")]).unwrap().read_only);
    }

    #[test]
    fn a_wrong_argument_is_refused_by_name() {
        for (arguments, variables, says) in [
            ("--nonsense", &[][..], "there is no option --nonsense"),
            ("--uri", &[], "--uri needs a value"),
            ("--data=", &[], "--data needs a value"),
            ("--uri localhost", &[], "--uri: not a MongoDB address"),
            ("--colleague often", &[], "--colleague: a whole number from 1 to 1000, not `often`"),
            ("--sample-tier huge", &[], "--sample-tier: small, standard or large, not `huge`"),
            ("", &[("LOCKSTEP_SAMPLE_TIER", "x")], "LOCKSTEP_SAMPLE_TIER: small"),
            ("", &[("LOCKSTEP_MONGODB_URI", "x")], "LOCKSTEP_MONGODB_URI: not a MongoDB address"),
        ] {
            match read(arguments, variables) {
                Err(Early::Refusal(reason)) => assert!(reason.starts_with(says), "{arguments}: {reason}"),
                other => panic!("{arguments}: {other:?}"),
            }
        }
    }

    #[test]
    fn no_message_holds_a_password() {
        for arguments in [
            "mongodb://u:hidden@h",
            "--url=mongodb://u:hidden@h",
            "--uri mongodb://u:hidden@h:x",
            "--uri u:hidden@h",
        ] {
            let Err(Early::Refusal(reason)) = read(arguments, &[]) else {
                panic!("{arguments} was accepted")
            };
            assert!(!reason.contains("hidden"), "{reason}");
        }
        let config = read("--uri mongodb://u:hidden@h", &[]).unwrap();
        assert!(!format!("{config:?}").contains("hidden"));
    }

    #[test]
    fn help_and_version_are_answered() {
        let Err(Early::Answer(help)) = read("--help", &[]) else { panic!("no help") };
        assert!(["--uri", "--data", "--sample-tier"].iter().all(|option| help.contains(option)));
        let version = format!("lockstep {}", env!("CARGO_PKG_VERSION"));
        assert_eq!(read("--version", &[]), Err(Early::Answer(version)));
    }
}
