//! A MongoDB address that hides its own secrets: whatever prints it shows scheme, hosts and database only.
//!
//! It is checked with the driver's parser. It opens no connection.

use std::fmt;

use mongodb::{
    error::{Error, ErrorKind},
    options::{ConnectionString, HostInfo},
};

/// A connection string, with the credentials that may be in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    secret: String,
    shown: String,
}

impl Address {
    /// Takes what a person wrote. The message of a refusal holds nothing of user, password or options.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let parsed = ConnectionString::parse(text).map_err(|error| refusal(text, &error))?;
        let scheme = text.split("://").next().expect("a split gives at least one piece");
        let hosts = match &parsed.host_info {
            HostInfo::HostIdentifiers(hosts) => {
                hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            }
            HostInfo::DnsRecord(host) => host.clone(),
            _ => String::new(),
        };
        let database = parsed.default_database.map(|name| format!("/{name}")).unwrap_or_default();
        Ok(Self { secret: text.into(), shown: format!("{scheme}://{hosts}{database}") })
    }

    /// The whole connection string, for the driver and for nothing else.
    pub fn expose(&self) -> &str {
        &self.secret
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

/// The driver quotes what it could not read. Where a password has a raw `/`, `?` or `:` that may be part of it,
/// so with credentials the driver is asked about the rest alone.
fn refusal(text: &str, error: &Error) -> String {
    let reason = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => match ConnectionString::parse(format!("{scheme}://{rest}")) {
            Err(error) => error.kind.to_string(),
            Ok(_) => "user name and password must be percent-encoded (`@` as %40, `:` as %3A, `/` as %2F, \
                          `?` as %3F)"
                .into(),
        },
        (None, _) => "it does not begin with mongodb:// or mongodb+srv://".into(),
        (Some(_), None) => reason(error),
    };
    format!("not a MongoDB address: {reason}")
}

/// The driver's message, without its "An invalid argument was provided".
fn reason(error: &Error) -> String {
    match &*error.kind {
        ErrorKind::InvalidArgument { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_scheme_hosts_and_database_only() {
        for (text, shown) in [
            ("mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017"),
            ("mongodb://u:secret@a:1,b:2/shop?authSource=admin", "mongodb://a:1,b:2/shop"),
            (
                "mongodb+srv://u:secret@cluster.example.net/?appName=secret",
                "mongodb+srv://cluster.example.net",
            ),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(format!("{address:?}"), format!("Address({shown})"));
            assert_eq!(address.expose(), text);
        }
    }

    #[test]
    fn a_refusal_says_why_and_never_the_password() {
        for (text, why) in [
            ("localhost:27017", "mongodb://"),
            ("http://u:hidden@host", "scheme"),
            ("u:hidden@host", "mongodb://"),
            ("mongodb://u:hid/den@host", "percent-encoded"),
            ("mongodb://u:hid?den@host", "percent-encoded"),
            ("mongodb://u:hid@den@host", "percent-encoded"),
            ("mongodb://u:hidden@host:nonsense", "port"),
            ("mongodb://u:hidden@host/?w=1&nonsense", "option"),
        ] {
            let message = Address::parse(text).unwrap_err();
            assert!(message.contains(why), "{text}: {message}");
            assert!(!message.contains("hid") && !message.contains("den"), "{text}: {message}");
        }
    }
}
