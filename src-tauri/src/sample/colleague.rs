//! A simulated colleague: a connection of its own that edits the sample's offers, so that changes by others can be seen.
//!
//! It writes what a person could write, and keeps no account of it.

use std::time::Duration;

use mongodb::{
    Client, Collection,
    bson::{Bson, DateTime, Document, doc, serialize_to_bson as to_bson},
    error::{Error, Result},
    options::ClientOptions,
};
use tokio::time::{MissedTickBehavior, interval};

use lockstep_model::offers::{DATABASE, Status};

use super::{
    random::{Random, Stream},
    words,
};
use crate::address::Address;

/// It edits no faster than that.
pub const MOST_PER_SECOND: u32 = 1_000;

/// It edits so many offers, the first by number: those that a person is likely to see.
const OFFERS: i64 = 200;

/// By this name the server knows its connection.
const NAME: &str = "Lockstep colleague";

/// The colleague.
pub struct Colleague {
    offers: Collection<Document>,
    ids: Vec<Bson>,
    random: Random,
}

impl Colleague {
    /// Connects, and looks which offers there are. The same number makes the same choices.
    ///
    /// # Errors
    /// Where the server cannot be reached, or has no offers.
    pub async fn at(address: &Address, number: u32) -> Result<Self> {
        let mut options = ClientOptions::parse(address.expose()).await?;
        options.app_name = Some(NAME.into());
        let offers = Client::with_options(options)?.database(DATABASE).collection::<Document>("offers");
        let mut found = offers
            .find(doc! {})
            .projection(doc! { "_id": 1 })
            .sort(doc! { "number": 1 })
            .limit(OFFERS)
            .await?;
        let mut ids = Vec::new();
        while found.advance().await? {
            ids.extend(found.deserialize_current()?.remove("_id"));
        }
        if ids.is_empty() {
            return Err(Error::custom(format!("there is no offer in {DATABASE}.offers")));
        }
        Ok(Self { offers, ids, random: Random::of(Stream::Colleague, number) })
    }

    /// Changes one field of one offer. Nothing, where that offer was deleted.
    ///
    /// # Errors
    /// Those of any write.
    pub async fn edit(&mut self) -> Result<()> {
        let random = &mut self.random;
        let mut set = match random.below(10) {
            0..4 => doc! { "status": to_bson(random.pick(Status::ALL))? },
            4..7 => doc! { "owner": *random.pick(words::OWNERS) },
            7..9 => doc! { "notes": *random.pick(words::NOTES) },
            _ => {
                let weeks = i64::try_from(random.between(1, 12)).unwrap_or(1);
                let day = DateTime::now().timestamp_millis() / 86_400_000 + 7 * weeks;
                doc! { "valid_until": DateTime::from_millis(day * 86_400_000) }
            }
        };
        set.insert("updated_at", DateTime::now());
        let id = random.pick(&self.ids).clone();
        self.offers.update_one(doc! { "_id": id }, doc! { "$set": set }).await.map(drop)
    }

    /// Edits that often, until a write fails; `edited` is called after each.
    pub async fn work(&mut self, per_second: u32, edited: impl Fn()) -> Error {
        let mut ticks = interval(Duration::from_secs(1) / per_second.clamp(1, MOST_PER_SECOND));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            if let Err(error) = self.edit().await {
                return error;
            }
            edited();
        }
    }
}
