//! How far an import has come, as it is on disk before anything further is sent: so that it goes on where it stopped, and
//! each row is in the database once.
//!
//! ```text
//! sends(100)      rows up to 100 may be in the database
//! ended(…)        what became of them is known, and they are behind us
//! ```
//!
//! A run that ends between the two leaves rows in doubt. They are sent again, with the same `_id`s: one that is there already,
//! with the same content, was written the first time.

use std::{fmt, sync::Arc};

use bson::oid::ObjectId;
use lockstep_model::{
    Namespace,
    contract::transfer::{ImportPlan, JobId, Source, Tally},
};
use serde::{Deserialize, Serialize};

/// A place in a file, between two rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// So many bytes are before it; 0 is the beginning, before the header.
    pub bytes: u64,
    /// And so many rows.
    pub rows: u64,
}

/// Where an import stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Which job, and the `_id` that those of its rows are counted from.
    pub job: ObjectId,
    /// Into which collection.
    pub namespace: Namespace,
    /// From which file.
    pub source: Source,
    /// And how.
    pub plan: ImportPlan,
    /// What is before it is done.
    pub place: Place,
    /// What was done.
    pub tally: Tally,
    /// How many rows the file has; `None` until they are counted.
    pub total: Option<u64>,
    /// The file of refused rows, and how many bytes of it are of rows before the place.
    pub report: Option<(String, u64)>,
    /// Rows up to this one may have been sent.
    pub sent: u64,
    /// A person has ended it.
    pub cancelled: bool,
    /// The whole file is done.
    pub done: bool,
}

impl Checkpoint {
    /// At the beginning.
    pub fn new(job: ObjectId, namespace: Namespace, source: Source, plan: ImportPlan) -> Self {
        Self {
            job,
            namespace,
            source,
            plan,
            place: Place::default(),
            tally: Tally::default(),
            total: None,
            report: None,
            sent: 0,
            cancelled: false,
            done: false,
        }
    }

    /// The job's name.
    pub fn id(&self) -> JobId {
        JobId(Arc::from(self.job.to_hex()))
    }

    /// Rows up to that one are about to be sent. Once this is on disk, they may be. Returns the last row that may have been
    /// sent before: those up to it are in doubt.
    pub fn sends(&mut self, last: u64) -> u64 {
        let before = self.sent;
        self.sent = before.max(last);
        before
    }

    /// What became of all rows up to a place is known. `report` is the length of the report with those that were refused.
    pub fn ended(&mut self, place: Place, written: u64, refused: u64, report: Option<(String, u64)>) {
        debug_assert_eq!(place.rows - self.place.rows, written + refused, "each row is written or refused");
        self.place = place;
        self.sent = self.sent.max(place.rows);
        self.tally.read = place.rows;
        self.tally.written += written;
        self.tally.refused += refused;
        self.report = report;
    }

    /// Why the import cannot go on with the file as it is now.
    ///
    /// # Errors
    /// What has changed.
    pub fn accepts(&self, now: &Source) -> Result<(), Changed> {
        let before = &self.source;
        if now.bytes != before.bytes {
            Err(Changed::Size { before: before.bytes, now: now.bytes })
        } else if now.head != before.head {
            Err(Changed::Content)
        } else if now.changed_ms != before.changed_ms {
            Err(Changed::Time)
        } else {
            Ok(())
        }
    }
}

/// How a file is not the one that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is longer or shorter, in bytes.
    Size {
        /// Than so many.
        before: u64,
        /// It has so many.
        now: u64,
    },
    /// It begins with something else.
    Content,
    /// It was written again.
    Time,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file has changed since: ")?;
        match self {
            Self::Size { before, now } => write!(f, "it had {before} bytes, and has {now} now"),
            Self::Content => f.write_str("its beginning is another one"),
            Self::Time => f.write_str("it was written again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lockstep_model::contract::transfer::{EmptyCell, Encoding, FileFormat};

    use super::*;

    fn source() -> Source {
        Source { path: "/a".into(), bytes: 10, changed_ms: 5, head: 7 }
    }

    fn checkpoint() -> Checkpoint {
        let plan = ImportPlan {
            format: FileFormat::Ndjson,
            encoding: Encoding::Utf8,
            separator: ',',
            empty: EmptyCell::Missing,
            columns: Vec::new(),
        };
        Checkpoint::new(ObjectId::from_bytes([1; 12]), Namespace::new("a", "b"), source(), plan)
    }

    #[test]
    fn a_row_is_in_doubt_if_it_was_sent_and_nobody_heard_of_its_end() {
        let mut checkpoint = checkpoint();
        assert_eq!(checkpoint.sends(2), 0);
        checkpoint.ended(Place { bytes: 9, rows: 2 }, 1, 1, Some(("r".into(), 4)));
        assert_eq!(checkpoint.sends(4), 2);
        assert_eq!(checkpoint.tally, Tally { read: 2, written: 1, refused: 1, inexact: 0 });
        // It ends here, and another run sends them again, in larger pieces.
        assert_eq!(checkpoint.sends(6), 4);
    }

    #[test]
    fn a_file_that_is_another_one_is_refused_with_the_reason() {
        for (now, expected) in [
            (source(), None),
            (
                Source { bytes: 11, ..source() },
                Some("the file has changed since: it had 10 bytes, and has 11 now"),
            ),
            (
                Source { head: 8, ..source() },
                Some("the file has changed since: its beginning is another one"),
            ),
            (Source { changed_ms: 6, ..source() }, Some("the file has changed since: it was written again")),
        ] {
            let refused = checkpoint().accepts(&now).err().map(|changed| changed.to_string());
            assert_eq!(refused.as_deref(), expected);
        }
    }

    /// A run is ended at every step in turn, and goes on from what was on disk then.
    #[test]
    fn wherever_a_run_ends_each_row_is_there_once_and_counted_once() {
        const ROWS: u64 = 7;
        const BATCH: u64 = 3;
        // Row 5 is refused.
        let refuses = |row: u64| row == 5;
        for end_at in 0..30 {
            let mut database = BTreeMap::<u64, u32>::new();
            let mut disk = checkpoint();
            let mut step = 0;
            for run in 0..2 {
                let mut at = disk.clone();
                let mut goes_on = || {
                    step += 1;
                    run == 1 || step <= end_at
                };
                while at.place.rows < ROWS {
                    let last = ROWS.min(at.place.rows + BATCH);
                    let doubted = at.sends(last);
                    if !goes_on() {
                        break;
                    }
                    disk = at.clone();
                    let (mut written, mut refused, mut cut) = (0, 0, false);
                    for row in at.place.rows + 1..=last {
                        if !goes_on() {
                            cut = true;
                            break;
                        }
                        let is_there = database.contains_key(&row);
                        match () {
                            () if refuses(row) || (is_there && row > doubted) => refused += 1,
                            () => {
                                written += 1;
                                if !is_there {
                                    *database.entry(row).or_default() += 1;
                                }
                            }
                        }
                    }
                    if cut {
                        break;
                    }
                    at.ended(Place { bytes: last, rows: last }, written, refused, None);
                    if !goes_on() {
                        break;
                    }
                    disk = at.clone();
                }
                disk = if run == 1 { at } else { disk };
            }
            let expected = (1..=ROWS).filter(|row| !refuses(*row)).map(|row| (row, 1)).collect();
            assert_eq!(database, expected, "ended at {end_at}");
            assert_eq!(
                disk.tally,
                Tally { read: 7, written: 6, refused: 1, inexact: 0 },
                "ended at {end_at}"
            );
        }
    }
}
