//! Why something did not work: codes that a window can act on. A window never matches on text.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Document, Path};

/// A failure, with what a person needs to know to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No server answers. Nothing is lost; it is tried again.
    Unreachable {
        /// What was tried, and what came back.
        message: String,
    },
    /// The server refuses the user or the password, or the user may not do this.
    Unauthorised {
        /// What was tried, and what came back.
        message: String,
    },
    /// The database refused the write.
    Rejected {
        /// Why, for the whole document.
        message: String,
        /// Why, for single fields, where that is known.
        fields: Vec<FieldFailure>,
    },
    /// Somebody else changed or deleted it since the editor opened.
    Conflict {
        /// The fields that are no longer what the editor showed; empty where the whole document is meant.
        fields: Vec<Path>,
        /// The document as it is now; `None` where it is gone.
        current: Option<Document>,
    },
    /// There is no such document, collection or entry.
    NotFound {
        /// What was looked for.
        message: String,
    },
    /// Over a limit of MongoDB or of Lockstep.
    TooLarge {
        /// What, and the limit.
        message: String,
    },
    /// The request itself is wrong.
    InvalidInput {
        /// What is wrong, and where.
        message: String,
    },
    /// The connection, the collection or the field cannot be written.
    ReadOnly {
        /// Why.
        message: String,
    },
    /// The database is one of production, and the person has not confirmed this by typing the collection's name.
    Unconfirmed {
        /// What it is that is to be confirmed.
        message: String,
    },
    /// Of a mutation of several documents: why each of its edits did not happen, in their order.
    Several {
        /// One for each edit.
        failures: Vec<Failure>,
    },
    /// A fault in Lockstep, or on this machine's disk.
    Internal {
        /// What was tried, and what went wrong.
        message: String,
    },
}

/// Why one field was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldFailure {
    /// Which field.
    pub path: Path,
    /// Why.
    pub message: String,
}

impl Failure {
    /// The code as a word: `unreachable`, `conflict`, …
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Unauthorised { .. } => "unauthorised",
            Self::Rejected { .. } => "rejected",
            Self::Conflict { .. } => "conflict",
            Self::NotFound { .. } => "not_found",
            Self::TooLarge { .. } => "too_large",
            Self::InvalidInput { .. } => "invalid_input",
            Self::ReadOnly { .. } => "read_only",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Several { .. } => "several",
            Self::Internal { .. } => "internal",
        }
    }

    /// Why the edit at that place of the mutation did not happen.
    pub fn of(&self, place: usize) -> &Self {
        match self {
            Self::Several { failures } => failures.get(place).unwrap_or(self),
            one => one,
        }
    }

    /// A fault of our own.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::Internal { message: message.to_string() }
    }

    /// A request that cannot be served as it is.
    pub fn invalid(message: impl fmt::Display) -> Self {
        Self::InvalidInput { message: message.to_string() }
    }
}

/// Of several failures so many different reasons are told.
const REASONS_MOST: usize = 5;

/// For people: the reason, without the code.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { message }
            | Self::Unauthorised { message }
            | Self::NotFound { message }
            | Self::TooLarge { message }
            | Self::InvalidInput { message }
            | Self::ReadOnly { message }
            | Self::Unconfirmed { message }
            | Self::Internal { message } => f.write_str(message),
            Self::Rejected { message, fields } => {
                f.write_str(message)?;
                fields.iter().try_for_each(|field| write!(f, "; {}: {}", field.path, field.message))
            }
            Self::Several { failures } => {
                let (mut reasons, mut others) = (Vec::<(String, usize)>::new(), 0);
                for reason in failures.iter().map(Self::to_string) {
                    match reasons.iter().position(|(known, _)| *known == reason) {
                        Some(known) => reasons[known].1 += 1,
                        None if reasons.len() == REASONS_MOST => others += 1,
                        None => reasons.push((reason, 1)),
                    }
                }
                for (place, (reason, count)) in reasons.iter().enumerate() {
                    let before = if place == 0 { "" } else { "; " };
                    write!(f, "{before}{count} × {reason}")?;
                }
                match others {
                    0 => Ok(()),
                    count => write!(f, "; {count} × something else"),
                }
            }
            Self::Conflict { current: None, .. } => f.write_str("deleted by somebody else meanwhile"),
            Self::Conflict { .. } => f.write_str("changed by somebody else meanwhile"),
        }
    }
}

impl std::error::Error for Failure {}
