//! The files of imports and exports: rows read and written, the report of refused ones, and checkpoints.
//!
//! Blocking, and without a database: the host's jobs put both together.
//!
//! | module | idea |
//! | --- | --- |
//! | [`source`] | a file to import from: which it is, and what kind |
//! | [`rows`] | its rows, one after the other, from any place on |
//! | [`report`] | the rows that were refused |
//! | [`sink`] | a file to export to, there only once it is whole |
//! | [`checkpoints`] | where each import of a connection stands |

pub mod checkpoints;
pub mod report;
pub mod rows;
pub mod sink;
pub mod source;

use std::path::PathBuf;

use lockstep_model::Failure;

/// A path that a person has typed.
///
/// # Errors
/// [`Failure::InvalidInput`] where it is not whole: the app runs in no folder that a person knows of.
pub fn path(typed: &str) -> Result<PathBuf, Failure> {
    let typed = typed.trim();
    let path = match typed.strip_prefix("~/") {
        Some(rest) => dirs::home_dir().map(|home| home.join(rest)),
        None => Some(PathBuf::from(typed)),
    };
    path.filter(|path| path.is_absolute()).ok_or_else(|| match typed {
        "" => Failure::invalid("A file is needed"),
        typed => Failure::invalid(format!("{typed} is no whole path: write it from the root, or from ~/")),
    })
}
