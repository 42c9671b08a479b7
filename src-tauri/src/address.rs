//! A MongoDB address that hides its own secrets: whatever prints it shows scheme, hosts and database only.
//!
//! It is checked with the driver's parser. It opens no connection.

use std::fmt;

use lockstep_model::contract::Secret;
use mongodb::{
    error::{Error, ErrorKind},
    options::{AuthMechanism, ConnectionString, HostInfo},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a password has to be encoded for: all but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Options that hold a secret themselves, in lower case.
const SECRET_OPTIONS: [&str; 3] =
    ["tlscertificatekeyfilepassword", "authmechanismproperties", "proxypassword"];

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

    /// With the password that a [plain address](Plain) is without.
    ///
    /// # Errors
    /// Why the two make no address.
    pub fn with_password(plain: &Plain, password: &Secret) -> Result<Self, String> {
        let Plain(text) = plain;
        match userinfo(text) {
            Some((before, user, behind)) => {
                let password = utf8_percent_encode(password.expose(), RESERVED);
                Self::parse(&format!("{before}{user}:{password}{behind}"))
            }
            None => Err("a password needs a user: mongodb://USER@HOST".into()),
        }
    }

    /// The address without its password, and the password.
    pub fn take_apart(&self) -> (Plain, Option<Secret>) {
        let text = &*self.secret;
        if let Some((before, login, behind)) = userinfo(text)
            && let Some((user, password)) = login.split_once(':')
        {
            let password = percent_decode_str(password).decode_utf8_lossy();
            return (Plain(format!("{before}{user}{behind}")), Some(Secret::new(password)));
        }
        (Plain(text.into()), None)
    }

    /// The whole connection string, for the driver and for nothing else.
    pub fn expose(&self) -> &str {
        &self.secret
    }
}

/// An address as it may be kept in a file and shown: there is no secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain(String);

impl Plain {
    /// Takes what a person wrote; the password that is in it comes beside.
    ///
    /// # Errors
    /// Why it is no address, or none that may be kept. The message holds nothing of the password.
    pub fn parse(text: &str) -> Result<(Self, Option<Secret>), String> {
        let text = text.trim();
        let (plain, password) = match Address::parse(text) {
            Ok(address) => address.take_apart(),
            // The driver wants the password where it can see that one is needed.
            Err(reason) => {
                let plain = Self(text.into());
                Address::with_password(&plain, &Secret::new("unknown")).map_err(|_| reason)?;
                (plain, None)
            }
        };
        match plain.secret_option() {
            Some(option) => Err(format!("`{option}` is a secret, and is not kept: open this one by --uri")),
            None => Ok((plain, password)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, where no password is needed for it; `None` where the person has to be asked.
    pub fn without_password(&self) -> Option<Address> {
        let parsed = ConnectionString::parse(&self.0).ok()?;
        let asks = |mechanism: &AuthMechanism| {
            !matches!(mechanism, AuthMechanism::MongoDbX509 | AuthMechanism::MongoDbOidc)
        };
        match parsed
            .credential
            .is_some_and(|login| login.username.is_some() && login.mechanism.as_ref().is_none_or(asks))
        {
            true => None,
            false => Address::parse(&self.0).ok(),
        }
    }

    /// Scheme, servers and database: what it leads to, whoever logs in.
    pub fn place(&self) -> String {
        let address = Address::parse(&self.0);
        let address = address.or_else(|_| Address::with_password(self, &Secret::new("unknown")));
        address.map(|address| address.to_string()).unwrap_or_default()
    }

    fn secret_option(&self) -> Option<&str> {
        let (_, options) = self.0.split_once('?')?;
        let mut names = options.split('&').map(|option| option.split('=').next().unwrap_or_default());
        names.find(|name| SECRET_OPTIONS.contains(&&*name.to_ascii_lowercase()))
    }
}

/// What is before the login, the login itself, and what is behind it, from the `@` on.
fn userinfo(text: &str) -> Option<(&str, &str, &str)> {
    let begin = text.find("://")? + 3;
    let authority = text[begin..].split(['/', '?']).next()?;
    let end = begin + authority.rfind('@')?;
    Some((&text[..begin], &text[begin..end], &text[end..]))
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
    fn a_password_is_taken_out_and_put_in_again() {
        for text in [
            "mongodb://u:p%40s%2Fs%3A%25w@a:1,b:2/shop?authSource=admin",
            "mongodb://u:p%40s%2Fs%3A%25w@a/?appName=x@y",
            "mongodb+srv://u:p%40s%2Fs%3A%25w@cluster.example.net",
            "mongodb://u:p%40s%2Fs%3A%25w@a/?authMechanism=SCRAM-SHA-256",
        ] {
            let address = Address::parse(text).unwrap();
            let (plain, password) = address.take_apart();
            let password = password.unwrap();
            assert_eq!(password.expose(), "p@s/s:%w");
            assert!(!plain.as_str().contains("%25w"), "{plain:?}");
            assert_eq!(Address::with_password(&plain, &password), Ok(address.clone()));
            assert_eq!(Plain::parse(plain.as_str()), Ok((plain.clone(), None)));
            assert_eq!(Plain::parse(text), Ok((plain.clone(), Some(password))));
            assert_eq!((plain.without_password(), plain.place()), (None, address.to_string()));
        }
        for text in ["mongodb://a:1,b/shop", "mongodb://CN=x@a/?tls=true&authMechanism=MONGODB-X509"] {
            let (plain, password) = Plain::parse(text).unwrap();
            assert_eq!((plain.as_str(), password), (text, None));
            assert_eq!(plain.without_password(), Some(Address::parse(text).unwrap()));
        }
        let (plain, _) = Plain::parse("mongodb://a").unwrap();
        assert!(Address::with_password(&plain, &Secret::new("hidden")).unwrap_err().contains("needs a user"));
        let secret = Plain::parse("mongodb://a/?tls=true&tlsCertificateKeyFilePassword=hidden").unwrap_err();
        assert!(secret.contains("tlsCertificateKeyFilePassword") && !secret.contains("hidden"));
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
