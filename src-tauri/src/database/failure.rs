//! The driver's errors as codes to act on, by kind and by MongoDB's error code, never by text.
//!
//! Messages name what was tried and what to do. None of them holds a credential: the driver puts none into its errors,
//! and addresses are shown by [`Address`](crate::address::Address).
//!
//! Codes: <https://www.mongodb.com/docs/manual/reference/error-codes/>

use bson::RawDocumentBuf;
use lockstep_model::Failure;
use mongodb::error::{Error, ErrorKind, NO_WRITES_PERFORMED, SYSTEM_OVERLOADED_ERROR, WriteFailure};

use super::reachability::reason;

/// The server, or the way to it, is going away or coming back; the same may work in a moment.
const UNREACHABLE: [i32; 17] =
    [6, 7, 24, 46, 89, 91, 112, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436];
/// Unauthorized, AuthenticationFailed, UserNotFound, and Atlas's own.
const UNAUTHORISED: [i32; 4] = [11, 13, 18, 8000];
const NOT_FOUND: [i32; 1] = [26];
/// Documents, messages or results over MongoDB's limits.
const TOO_LARGE: [i32; 6] = [292, 10334, 17260, 17280, 17419, 17420];
/// `MaxTimeMSExpired`.
const TOO_SLOW: i32 = 50;
/// `CommandNotSupportedOnView`, and `InvalidOptions`, which a time series answers to an update of one document.
const READ_ONLY: [i32; 2] = [166, 72];
/// What MongoDB answers to a query that makes no sense; from 10,000 on, codes are those of single such checks.
const INVALID_INPUT: [i32; 12] = [2, 4, 9, 14, 15, 16, 28, 40, 51, 168, 197, 241];
const FIRST_CHECK: i32 = 10_000;

/// The failure for an error. `tried` says what was going on, as in "reading sample.offers"; `trouble` is what stands
/// between us and the server, where the heartbeats know.
pub(super) fn of(tried: &str, error: &Error, trouble: Option<&str>) -> Failure {
    match error.kind.as_ref() {
        ErrorKind::ServerSelection { .. } | ErrorKind::ConnectionPoolCleared { .. } => {
            unreachable(tried, trouble.unwrap_or("no server was found that takes it"))
        }
        ErrorKind::Io(_) | ErrorKind::DnsResolve { .. } | ErrorKind::Shutdown => {
            unreachable(tried, &reason(error))
        }
        ErrorKind::Authentication { message, .. } => Failure::Unauthorised {
            message: format!("{tried}: the server refuses the user or the password ({message})"),
        },
        ErrorKind::InvalidArgument { message, .. } | ErrorKind::InvalidTlsConfig { message, .. } => {
            Failure::invalid(format!("{tried}: {message}"))
        }
        _ => match server_error(error) {
            Some((code, message)) => by_code(tried, code, message).unwrap_or_else(|| {
                let message = format!("{tried}: the server answers: {message} (code {code})");
                match INVALID_INPUT.contains(&code) || code >= FIRST_CHECK {
                    true => Failure::InvalidInput { message },
                    false => Failure::Internal { message },
                }
            }),
            None => Failure::internal(format!("{tried}: {}", error.kind)),
        },
    }
}

/// The failure for the codes that mean the same wherever they occur.
pub(super) fn by_code(tried: &str, code: i32, message: &str) -> Option<Failure> {
    let message = |text: &str| format!("{tried}: {text} ({message})");
    Some(match code {
        _ if UNREACHABLE.contains(&code) => {
            Failure::Unreachable { message: message("the server cannot do it now") }
        }
        _ if UNAUTHORISED.contains(&code) => {
            Failure::Unauthorised { message: message("the user may not do this") }
        }
        _ if NOT_FOUND.contains(&code) => {
            Failure::NotFound { message: message("there is no such collection") }
        }
        _ if TOO_LARGE.contains(&code) => {
            Failure::TooLarge { message: message("this is over a limit of the server") }
        }
        TOO_SLOW => Failure::TooLarge {
            message: message("the server gave up after 30 s: ask for less, or add an index"),
        },
        _ if READ_ONLY.contains(&code) => {
            Failure::ReadOnly { message: message("a view or a time series cannot be edited") }
        }
        _ => return None,
    })
}

/// The server's code and message, where it answered with an error.
pub(super) fn server_error(error: &Error) -> Option<(i32, &str)> {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => Some((error.code, &error.message)),
        ErrorKind::Write(WriteFailure::WriteError(error)) => Some((error.code, &error.message)),
        ErrorKind::Write(WriteFailure::WriteConcernError(error)) => Some((error.code, &error.message)),
        _ => None,
    }
}

/// The document in which the server says why: its `errInfo`, or the reply with `errInfo` or `keyPattern`. Of a refused
/// insert the driver keeps only the former.
pub(super) fn server_details(error: &Error) -> Option<RawDocumentBuf> {
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => {
            RawDocumentBuf::try_from(error.details.as_ref()?).ok()
        }
        _ => error.server_response().cloned(),
    }
}

/// How far a failed write got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// It changed nothing, and may work later.
    Nothing,
    /// It was sent, and nothing certain came back.
    Perhaps,
    /// The server refused it.
    Refused,
}

/// How far a failed write got.
pub(super) fn reached(error: &Error) -> Reached {
    if error.contains_label(NO_WRITES_PERFORMED) {
        return Reached::Nothing;
    }
    match error.kind.as_ref() {
        ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Shutdown => Reached::Nothing,
        // The driver labels so what happens before the connection stands.
        ErrorKind::Io(_) if error.contains_label(SYSTEM_OVERLOADED_ERROR) => Reached::Nothing,
        ErrorKind::Io(_) | ErrorKind::InvalidResponse { .. } => Reached::Perhaps,
        ErrorKind::Write(WriteFailure::WriteConcernError(_)) => Reached::Perhaps,
        _ => match server_error(error) {
            Some((code, _)) if UNREACHABLE.contains(&code) || code == TOO_SLOW => Reached::Perhaps,
            _ => Reached::Refused,
        },
    }
}

fn unreachable(tried: &str, reason: &str) -> Failure {
    Failure::Unreachable { message: format!("{tried}: the server cannot be reached ({reason})") }
}
