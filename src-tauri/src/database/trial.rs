//! Whether the server takes the filters of safe writes as MongoDB does: tried once for each connection.

use lockstep_sync::write::trial;
use mongodb::{Client, bson::Document, error::Error};

use super::{failure::server_error, write::exactly};

/// `Unauthorized`: the user may not ask that, which says nothing about the server.
const UNAUTHORIZED: i32 = 13;

/// Why nothing may be written over this connection, if so.
///
/// # Errors
/// Where the server could not be asked.
pub(super) async fn read_only(client: &Client, version: &str) -> Result<Option<String>, Error> {
    match answers(client).await {
        Ok(answers) => Ok(trial::judge(&answers)
            .err()
            .map(|wrong| format!("this server does not compare values as MongoDB does: {wrong}"))),
        Err(error) => match server_error(&error) {
            Some((UNAUTHORIZED, _)) => {
                log::info!("this user may not try out how the server compares values");
                Ok(None)
            }
            Some((_, message)) => Ok(Some(format!(
                "this server ({version}) lacks what safe edits need, which MongoDB has from 5.1 on: {message}"
            ))),
            None => Err(error),
        },
    }
}

async fn answers(client: &Client) -> Result<Vec<(i32, bool)>, Error> {
    let mut pipeline = Vec::new();
    for stage in trial::pipeline() {
        pipeline.push(exactly(&stage).map_err(Error::custom)?);
    }
    let mut found = client.database("admin").aggregate(pipeline).await?;
    let answer = |found: &Document| Some((found.get_i32("_id").ok()?, found.get_bool(trial::ANSWER).ok()?));
    let mut answers = Vec::new();
    while found.advance().await? {
        answers.extend(answer(&found.deserialize_current()?));
    }
    Ok(answers)
}
