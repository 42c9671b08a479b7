//! The host of Lockstep: the one process that talks to MongoDB and to the disk, for all windows.
//!
//! | module | idea |
//! | --- | --- |
//! | [`config`], [`address`] | how this host was started |
//! | [`connections`] | the servers that a person works on, each with a host and windows |
//! | [`data_folder`] | all its files, and who owns them |
//! | `second_start` | a second start raises the windows of the first |
//! | [`embedded`] | the database that Lockstep runs itself |
//! | [`sample`] | the workspace that it is filled with |
//! | [`database`] | everything that talks to MongoDB |
//! | [`outbox`] | accepted mutations on disk |
//! | [`cache`] | the last answers on disk, for a start without the database |
//! | [`kept`] | how what is on disk is written |
//! | [`host`] | the shell around the decisions of `lockstep_sync` |
//! | `workspace` | what a person keeps: saved views, dashboards |
//! | `settings_file` | a small file with the generation before it |
//! | [`transfer`] | the files of imports and exports |
//! | [`windows`] | which windows there are, and their layout |
//! | `colleague` | the app as another program that edits the sample workspace |
//! | `commands` | what a window can call |

pub mod address;
mod app;
pub mod cache;
mod colleague;
mod commands;
pub mod config;
pub mod connections;
pub mod data_folder;
pub mod database;
pub mod embedded;
pub mod host;
pub mod kept;
pub mod outbox;
pub mod sample;
mod second_start;
mod settings_file;
pub mod transfer;
pub mod windows;
mod workspace;

pub use app::run;
