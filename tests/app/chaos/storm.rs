//! The run: edits without a pause, one trouble after the other, and quiet at the end, when all has to be as the database says.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use bson::{Document, Timestamp, doc};
use fantoccini::key::Key;
use lockstep_host::{database::Database, embedded::running, outbox::Outbox};
use lockstep_model::MutationId;
use lockstep_sync::outbox::Kept;
use mongodb::{Client, Collection};

use super::{
    clock::Clock,
    colleague::Colleague,
    disk::Disk,
    edits::{DOCUMENTS, FIELDS, Maker, first, namespace},
    ledger::{Ledger, Report, history},
    way::{Fault, Way},
    windows,
};
use crate::{
    evaluation::random::Random,
    fixture::{App, DATA, Server, Window, until},
};

const COLLEAGUES: u64 = 2;

/// How long a window may take to show what the database has, once all is quiet.
const QUIET: Duration = Duration::from_secs(60);
/// A disk that has refused is asked again after a second.
const DISK_ASKED_AGAIN: Duration = Duration::from_secs(2);

pub struct Storm {
    random: Random,
    server: Server,
    way: Way,
    /// Those of the app, where this machine lets them be disturbed.
    clock: Option<Clock>,
    disk: Option<Disk>,
    app: App,
    /// A way to the server without faults.
    direct: Client,
    since: Timestamp,
    maker: Maker,
    ledger: Ledger,
    /// What the database had when it was last asked.
    known: HashMap<(i32, &'static str), String>,
    /// How often each kind of trouble came.
    troubles: BTreeMap<&'static str, u32>,
    report: Report,
}

/// Something that goes wrong.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Way(Fault),
    KillApp,
    KillServer,
    KillBoth,
    Reload,
    ClockJumps,
    DiskFull,
}

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Self::Way(Fault::None) => "nothing",
            Self::Way(Fault::Slow(_)) => "slow way",
            Self::Way(Fault::Stalled) => "stalled way",
            Self::Way(Fault::Deaf) => "lost replies",
            Self::Way(Fault::HalfClosed) => "half-closed way",
            Self::Way(Fault::Broken) => "broken way",
            Self::KillApp => "app killed",
            Self::KillServer => "server killed",
            Self::KillBoth => "both killed",
            Self::Reload => "window reloaded",
            Self::ClockJumps => "clock jumped",
            Self::DiskFull => "disk full",
        }
    }
}

impl Storm {
    pub async fn new(seed: u64) -> Self {
        let server = Server::start().await;
        let direct = server.client().await;
        things(&direct).insert_many((0..DOCUMENTS).map(first)).await.unwrap();
        let database = Database::open(&server.address()).await.unwrap();
        database.collections().await.unwrap();
        let (time, increment) = database.seen().next().parts();
        let way = Way::to(server.port()).await;
        let folder = tempfile::tempdir().unwrap();
        let (clock, disk) = (Clock::in_folder(folder.path()), Disk::at(&folder.path().join(DATA)));
        for (missing, what) in [(clock.is_none(), "the clock jumps"), (disk.is_none(), "the disk is full")] {
            if missing {
                println!("not in this run: {what}");
            }
        }
        let environment = clock.as_ref().map(Clock::environment).unwrap_or_default();
        let app = App::start_in(folder, server.uri_at(way.port()), environment).await;
        Self {
            random: Random::new(seed),
            server,
            way,
            clock,
            disk,
            app,
            direct,
            since: Timestamp { time, increment },
            maker: Maker::default(),
            ledger: Ledger::default(),
            known: HashMap::new(),
            troubles: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// Goes on for that long, and then looks at what has become of everything.
    pub async fn run(mut self, time: Duration) -> Report {
        let mut colleagues = Vec::new();
        for name in 0..COLLEAGUES {
            colleagues.push(Colleague::at_work(self.server.client().await, name));
        }
        let begun = Instant::now();
        let mut windows = windows::open(&self.app).await;
        let mut minutes = 0;
        while begun.elapsed() < time {
            if begun.elapsed().as_secs() / 60 > minutes {
                minutes += 1;
                println!("after {minutes} minutes: kills {}", self.report.kills);
            }
            let trouble = self.trouble();
            *self.troubles.entry(trouble.name()).or_default() += 1;
            if self.happens(trouble, &windows).await {
                self.app.start_again().await;
                windows = windows::open(&self.app).await;
            }
        }
        let mut done = 0;
        for colleague in colleagues {
            done += colleague.stop().await;
        }
        println!("{:?}; edits of colleagues {done}, refused {}", self.troubles, self.ledger.refused());
        assert!(done > 0, "no colleague has changed anything");
        self.judge(&windows).await
    }

    fn trouble(&mut self) -> Trouble {
        let slow = Duration::from_millis(20 + self.random.below(400) as u64);
        match self.random.below(14) {
            0 => Trouble::Way(Fault::Slow(slow)),
            1 => Trouble::Way(Fault::Stalled),
            2 => Trouble::Way(Fault::Deaf),
            3 => Trouble::Way(Fault::HalfClosed),
            4 => Trouble::Way(Fault::Broken),
            5 => Trouble::Reload,
            6..9 => Trouble::KillApp,
            9 | 10 => Trouble::KillServer,
            11 => Trouble::KillBoth,
            12 => Trouble::ClockJumps,
            _ => Trouble::DiskFull,
        }
    }

    /// Lets it happen under load; returns whether the app is gone.
    async fn happens(&mut self, trouble: Trouble, windows: &[Window]) -> bool {
        let kills = match trouble {
            Trouble::Way(fault) => {
                self.way.set(fault);
                self.work(windows, 2_500).await;
                self.way.set(Fault::None);
                return false;
            }
            Trouble::Reload => {
                self.work(windows, 1_000).await;
                self.one_of(windows).reload().await;
                return false;
            }
            Trouble::ClockJumps => {
                // An hour back, or ten days on, or right again.
                let jump = self.random.one_of(&[-3_600, 0, 864_000]);
                self.clock.iter().for_each(|clock| clock.jump(jump));
                self.work(windows, 2_500).await;
                return false;
            }
            Trouble::DiskFull => {
                self.disk.iter().for_each(Disk::fill);
                self.maker.large = true;
                self.work(windows, 2_500).await;
                self.maker.large = false;
                self.disk.iter().for_each(Disk::free);
                return false;
            }
            Trouble::KillApp => vec![self.app.driver().app_id()],
            Trouble::KillServer => self.server.process_ids(),
            Trouble::KillBoth => [vec![self.app.driver().app_id()], self.server.process_ids()].concat(),
        };
        self.report.kills += kills.len();
        let moment = Duration::from_millis(self.random.below(2_000) as u64);
        let killing = tokio::spawn(async move {
            tokio::time::sleep(moment).await;
            kills.into_iter().for_each(running::kill);
        });
        while !killing.is_finished() {
            self.edit(windows).await;
        }
        if !matches!(trouble, Trouble::KillApp) {
            if matches!(trouble, Trouble::KillServer) {
                self.work(windows, 1_500).await;
            }
            self.server.restart().await;
        }
        !matches!(trouble, Trouble::KillServer)
    }

    /// Edits for up to so many milliseconds.
    async fn work(&mut self, windows: &[Window], most: usize) {
        let until = Instant::now() + Duration::from_millis(self.random.below(most) as u64);
        while Instant::now() < until {
            self.edit(windows).await;
        }
    }

    /// A few edits from one of the windows.
    async fn edit(&mut self, windows: &[Window]) {
        self.look().await;
        let count = 1 + self.random.below(3);
        let known = &self.known;
        let value = |number: i32, field: &str| {
            known.iter().find(|((n, f), _)| *n == number && *f == field).map(|(_, text)| text.clone())
        };
        let sent: Vec<_> = (0..count).map(|_| self.maker.next(&mut self.random, value)).collect();
        self.ledger.note(&sent);
        if let Some(results) = windows::send(self.one_of(windows), &sent).await {
            self.ledger.replied(&sent, &results);
        }
    }

    /// What the database has, unless it is gone.
    async fn look(&mut self) {
        let reading = documents(&self.direct);
        let Ok(Some(documents)) = tokio::time::timeout(Duration::from_millis(100), reading).await else {
            return;
        };
        self.known = texts(&documents);
    }

    fn one_of<'a>(&mut self, windows: &'a [Window]) -> &'a Window {
        &windows[self.random.below(windows.len())]
    }

    async fn judge(mut self, windows: &[Window]) -> Report {
        for window in windows {
            window.until_idle().await;
        }
        let expected = texts(&documents(&self.direct).await.expect("the server is there"));
        let expected: Vec<_> = (0..DOCUMENTS)
            .flat_map(|number| FIELDS.map(|field| expected.get(&(number, field)).cloned()))
            .collect();
        for (at, window) in windows.iter().enumerate() {
            let begun = Instant::now();
            let mut shown = windows::shown(window).await;
            while shown != expected && begun.elapsed() < QUIET {
                shown = windows::shown(window).await;
            }
            if shown != expected {
                // The query inspector says what the window itself thinks of it.
                window.press(&[Key::F9]).await;
                let says = window.text().await;
                self.report.diverged(format!(
                    "window {at} shows {shown:?}, and the database has {expected:?}; the window:\n{says}"
                ));
            }
        }
        tokio::time::sleep(DISK_ASKED_AGAIN).await;
        self.app.kill().await;
        let failed = self.failed().await;
        let done = history(&self.direct, self.since).await;
        self.ledger.judge(&done, &failed, &mut self.report);
        self.report
    }

    /// The mutations that the app keeps as failed, with why.
    async fn failed(&mut self) -> HashMap<MutationId, String> {
        let file = self.app.outbox();
        let opened = until("the killed app's outbox", async || Outbox::open(&file).ok()).await;
        let mut failed = HashMap::new();
        for entry in opened.entries {
            match entry.state {
                Kept::Review(failure) => _ = failed.insert(entry.mutation.id, failure.to_string()),
                waits => self.report.diverged(format!("{:?} is still {waits:?}", entry.mutation)),
            }
        }
        failed
    }
}

fn things(client: &Client) -> Collection<Document> {
    client.database(&namespace().database).collection(&namespace().collection)
}

async fn documents(client: &Client) -> Option<Vec<Document>> {
    let mut cursor = things(client).find(doc! { "_id": { "$lt": DOCUMENTS } }).await.ok()?;
    let mut documents = Vec::new();
    while cursor.advance().await.ok()? {
        documents.push(cursor.deserialize_current().ok()?);
    }
    Some(documents)
}

fn texts(documents: &[Document]) -> HashMap<(i32, &'static str), String> {
    let fields = documents.iter().filter_map(|document| Some((document.get_i32("_id").ok()?, document)));
    let texts = fields.flat_map(|(number, document)| {
        FIELDS
            .into_iter()
            .filter_map(move |field| Some(((number, field), document.get_str(field).ok()?.to_owned())))
    });
    texts.collect()
}
