//! Passwords: in the system's keychain, and where there is none in memory until the host ends. Never in a file.

use std::{collections::HashMap, sync::Mutex};

use keyring::{Entry, Error};
use lockstep_model::contract::{ConnectionId, Secret};

use crate::host::lock;

/// The name under which a person finds them in the keychain.
const SERVICE: &str = "Lockstep";

/// The passwords of this run.
#[derive(Default)]
pub struct Passwords(Mutex<HashMap<ConnectionId, Secret>>);

impl Passwords {
    /// Uses a password until the host ends.
    pub fn use_now(&self, id: &ConnectionId, password: Secret) {
        lock(&self.0).insert(id.clone(), password);
    }

    /// The password in use.
    pub fn in_use(&self, id: &ConnectionId) -> Option<Secret> {
        lock(&self.0).get(id).cloned()
    }

    /// No longer uses it.
    pub fn forget(&self, id: &ConnectionId) {
        lock(&self.0).remove(id);
    }
}

/// The password that the keychain has. It may ask the person to unlock it, so it blocks.
///
/// # Errors
/// Why the keychain does not say.
pub fn find(id: &ConnectionId) -> Result<Option<Secret>, String> {
    match entry(id)?.get_password() {
        Ok(password) => Ok(Some(Secret::new(password))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(refused(&error)),
    }
}

/// Puts a password into the keychain. It blocks, too.
///
/// # Errors
/// Why it is not there.
pub fn keep(id: &ConnectionId, password: &Secret) -> Result<(), String> {
    entry(id)?.set_password(password.expose()).map_err(|error| refused(&error))
}

/// Takes it out of the keychain. It blocks, too.
///
/// # Errors
/// Why it may still be there.
pub fn remove(id: &ConnectionId) -> Result<(), String> {
    match entry(id)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(refused(&error)),
    }
}

fn entry(id: &ConnectionId) -> Result<Entry, String> {
    if let Err(error) = Entry::store_status() {
        return Err(refused(error));
    }
    Entry::new(SERVICE, &id.0).map_err(|error| refused(&error))
}

fn refused(error: &Error) -> String {
    format!("the system's keychain cannot be used ({error})")
}
