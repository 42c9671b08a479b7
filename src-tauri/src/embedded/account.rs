//! The embedded database's one user: its password, made once and kept where only this person can read it, and its
//! address. Nothing here knows what is stored in the database.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use mongodb::{
    Client,
    bson::doc,
    error::{Error, ErrorKind},
    options::ClientOptions,
};

use crate::address::Address;

const USER: &str = "lockstep";

const PASSWORD: &str = "password";
/// The port at which the server listens, or listened last.
const PORT: &str = "port";

/// MongoDB's code for a command that needs a login.
const UNAUTHORIZED: i32 = 13;

/// How long to look for the server, which has just said that it listens.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The user of one folder's database.
pub struct Account {
    password: String,
    file: PathBuf,
    /// A file that is there once the database has the user.
    made: PathBuf,
}

impl Account {
    /// Reads the password file in `folder`, or makes it.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let file = folder.join(PASSWORD);
        let password = match fs::read_to_string(&file) {
            Ok(password) => password,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_password(folder, &file)?,
            Err(error) => return Err(error),
        };
        Ok(Self::with_password(folder, password))
    }

    fn with_password(folder: &Path, password: String) -> Self {
        Self { password, file: folder.join(PASSWORD), made: folder.join("user-made") }
    }

    /// Where this user finds the server. Direct, so that a server that comes back on another port, which its replica
    /// set does not know of, is found.
    pub fn address(&self, port: u16) -> Address {
        let login = format!("{USER}:{}@", self.password);
        parse(&format!("mongodb://{login}127.0.0.1:{port}/?authSource=admin&directConnection=true"))
    }

    /// Writes down where the server listens, for [`address_of_running`].
    pub fn note_port(&self, port: u16) {
        let file = self.file.with_file_name(PORT);
        if let Err(error) = fs::write(&file, port.to_string()) {
            log::warn!("{} cannot be written: {error}", file.display());
        }
    }

    /// Logs in to the server on `port`. On a new database it makes the user first: as long as there is none, the server
    /// lets anybody on this machine make one, and nobody afterwards.
    pub async fn log_in(&self, port: u16) -> Result<Client, String> {
        let known = self.made.exists();
        if !known {
            self.make_user(port).await?;
        }
        let client = connect(&self.address(port)).await?;
        if known && ping(&client).await.is_err() {
            // Another database lies there than the one that had the user.
            self.make_user(port).await?;
        }
        ping(&client).await.map_err(|error| {
            format!(
                "the embedded database refuses the password in {} ({}); put that file back as it was, or move its \
                 folder aside to begin with an empty database",
                self.file.display(),
                explained(&error)
            )
        })?;
        if !known && let Err(error) = fs::write(&self.made, "") {
            // Then it is tried again at the next start, in vain.
            log::warn!("{} cannot be written: {error}", self.made.display());
        }
        Ok(client)
    }

    /// Not the login first, to see whether there is a user: the driver answers a refused one now with the refusal, now
    /// with a timeout.
    async fn make_user(&self, port: u16) -> Result<(), String> {
        let anybody = connect(&parse(&format!("mongodb://127.0.0.1:{port}/?directConnection=true"))).await?;
        let make = doc! { "createUser": USER, "pwd": &self.password, "roles": ["root"] };
        match anybody.database("admin").run_command(make).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(&*error.kind, ErrorKind::Command(of) if of.code == UNAUTHORIZED) => Ok(()),
            Err(error) => Err(explained(&error)),
        }
    }
}

/// Where the server of that folder was last started, with its login: for another program of the same user.
///
/// # Errors
/// Where none was started there yet, or the files of it cannot be read.
pub fn address_of_running(folder: &Path) -> Result<Address, String> {
    let none = |error| format!("no embedded database runs in {}: {error}", folder.display());
    let port = fs::read_to_string(folder.join(PORT)).map_err(none)?;
    let port = port.trim().parse().map_err(|_| none(io::ErrorKind::InvalidData.into()))?;
    let password = fs::read_to_string(folder.join(PASSWORD)).map_err(none)?;
    Ok(Account::with_password(folder, password).address(port))
}

/// Whether the server answers this client.
pub(super) async fn ping(client: &Client) -> Result<(), Error> {
    client.database("admin").run_command(doc! { "ping": 1 }).await.map(drop)
}

async fn connect(address: &Address) -> Result<Client, String> {
    let mut options = ClientOptions::parse(address.expose()).await.map_err(|error| explained(&error))?;
    options.server_selection_timeout = Some(ANSWER_LIMIT);
    Client::with_options(options).map_err(|error| explained(&error))
}

fn parse(text: &str) -> Address {
    Address::parse(text).expect("a password of hexadecimal digits needs no encoding")
}

/// The driver's reason, without its list of servers and labels.
fn explained(error: &Error) -> String {
    error.kind.to_string()
}

/// The file is whole or not there at all, and from the first moment readable by its user only.
fn make_password(folder: &Path, file: &Path) -> io::Result<String> {
    let mut random = [0; 24];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let password: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(password.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = Account::of(folder.path()).unwrap();
        let again = Account::of(folder.path()).unwrap();
        let other = Account::of(tempfile::tempdir().unwrap().path()).unwrap();
        assert_eq!(first.password, again.password);
        assert_ne!(first.password, other.password);
        assert!(first.password.len() >= 48);
        assert_eq!(first.address(1).to_string(), "mongodb://127.0.0.1:1");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_can_read_the_password() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let account = Account::of(folder.path()).unwrap();
        assert_eq!(fs::metadata(account.file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
