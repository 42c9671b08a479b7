//! Whether the server answers, from the heartbeats that the driver sends anyway.
//!
//! It costs no request, and notices a server that stops within a heartbeat. It does not say whether the user may do
//! anything there: heartbeats carry no login.

use std::{io, time::SystemTime};

use mongodb::{
    error::{Error, ErrorKind},
    event::{EventHandler, sdam::SdamEvent},
};
use tokio::sync::watch;

/// What rustls says of certificates, and what that means to a person.
const CERTIFICATES: [(&str, &str); 4] = [
    (
        "UnknownIssuer",
        "nobody whom this computer trusts vouches for its certificate; where you do, name the authority's file in the address, \
         as tlsCAFile",
    ),
    ("not valid for name", "its certificate is another host's"),
    ("certificate expired", "its certificate has expired"),
    ("certificate: Expired", "its certificate has expired"),
];

/// Whether there is a server that takes writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Reachability {
    /// There is.
    Reachable {
        /// When it answered last.
        contact: SystemTime,
    },
    /// There is none, as far as is known.
    Unreachable {
        /// When it answered last; `None` if it never did.
        contact: Option<SystemTime>,
        /// What stood in the way, for people.
        reason: String,
    },
}

impl Reachability {
    /// When the server answered last.
    pub fn contact(&self) -> Option<SystemTime> {
        match self {
            Self::Reachable { contact } => Some(*contact),
            Self::Unreachable { contact, .. } => *contact,
        }
    }

    /// What stands in the way, if something does.
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Reachable { .. } => None,
            Self::Unreachable { reason, .. } => Some(reason),
        }
    }
}

/// The driver's event handler, and what it tells. Receivers are notified when the server comes or goes; the time of
/// the last contact moves on without a notification.
pub(super) fn observer() -> (EventHandler<SdamEvent>, watch::Receiver<Reachability>) {
    let start = Reachability::Unreachable { contact: None, reason: "it has not answered yet".into() };
    let (sender, receiver) = watch::channel(start);
    (EventHandler::callback(move |event| observe(&sender, event)), receiver)
}

fn observe(state: &watch::Sender<Reachability>, event: SdamEvent) {
    match event {
        SdamEvent::ServerHeartbeatSucceeded(_) => {
            state.send_if_modified(|state| {
                if let Reachability::Reachable { contact } = state {
                    *contact = SystemTime::now();
                }
                false
            });
        }
        SdamEvent::TopologyDescriptionChanged(event) => {
            let topology = event.new_description;
            let reachable = topology.has_writable_server();
            let error = topology.servers().values().find_map(|server| server.error().map(reason));
            state.send_if_modified(|state| {
                let flips = reachable == state.trouble().is_some();
                if reachable {
                    *state = Reachability::Reachable { contact: SystemTime::now() };
                } else if flips || error.is_some() {
                    let reason = error.unwrap_or_else(|| "no server takes writes".into());
                    *state = Reachability::Unreachable { contact: state.contact(), reason };
                }
                flips
            });
        }
        _ => {}
    }
}

/// The cause in the driver's error, in plain words where there are some.
pub(super) fn reason(error: &Error) -> String {
    let error = match error.kind.as_ref() {
        ErrorKind::Io(error) => error,
        kind => return kind.to_string(),
    };
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection is refused: nothing answers there".into(),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "the connection broke off".into(),
        io::ErrorKind::TimedOut => "no answer came in time".into(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to it from here".into()
        }
        _ => {
            let said = error.to_string();
            match CERTIFICATES.iter().find(|(sign, _)| said.contains(sign)) {
                Some((_, words)) => format!("{words} ({said})"),
                None => said,
            }
        }
    }
}
