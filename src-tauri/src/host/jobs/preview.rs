//! A file as it would be imported: its first rows as documents, and where each column goes.

use std::path::Path;

use lockstep_model::{
    Failure, Namespace,
    contract::{
        Collection, Preview, PreviewRequest,
        transfer::{FileFormat, ImportPlan, PREVIEW_ROWS, PreviewOutcome, PreviewRow},
    },
    shape::Shape,
};
use lockstep_sync::transfer::{
    checkpoint::Place,
    columns,
    row::{self, Text},
};

use super::Host;
use crate::transfer::{
    self,
    rows::{Row, Rows},
    source::{self, unreadable},
};

/// So many rows tell what the columns are for.
const ROWS_LOOKED_AT: usize = 200;
/// Where there is no validator, so many documents tell what the fields are.
const DOCUMENTS_LOOKED_AT: u32 = 50;

impl Host {
    /// Looks at a file.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`] where nothing may be written to the collection, before anything is read;
    /// [`Failure::InvalidInput`] where the file cannot be read, or not so.
    pub async fn preview_import(&self, request: PreviewRequest) -> Result<Preview, Failure> {
        let PreviewRequest { namespace, path, plan } = request;
        let collection = self.writable(&namespace).await?;
        let shape = self.shape_of(&namespace, collection.as_ref()).await?;
        let path = transfer::path(&path)?;
        let previewed = tokio::task::spawn_blocking(move || preview(&path, plan, &shape));
        previewed.await.map_err(Failure::internal)?
    }

    async fn shape_of(
        &self,
        namespace: &Namespace,
        collection: Option<&Collection>,
    ) -> Result<Shape, Failure> {
        let validator = collection.and_then(|collection| collection.validator.as_ref());
        if let Some(shape) = validator.and_then(|validator| Shape::of_validator(validator)) {
            return Ok(shape);
        }
        let database = self.database().ok_or_else(|| self.not_open())?;
        let some = database.some(namespace, DOCUMENTS_LOOKED_AT).await?;
        Ok(Shape::sampled(some.iter().map(|document| &**document)))
    }
}

fn preview(path: &Path, plan: Option<ImportPlan>, shape: &Shape) -> Result<Preview, Failure> {
    let (source, head) = source::look(path)?;
    let mut plan = match plan {
        Some(plan) => plan,
        None => source::guess(path, &head)?,
    };
    let unreadable = |error| unreadable(path, &error);
    let mut rows = Rows::open(path, &plan, Place::default()).map_err(unreadable)?;
    let mut first = Vec::new();
    while first.len() < ROWS_LOOKED_AT
        && let Some(row) = rows.next_row().map_err(unreadable)?
    {
        first.push(row);
    }
    match plan.format {
        FileFormat::Csv if plan.columns.len() != rows.header().len() => {
            let cells: Vec<_> = first.iter().filter_map(cells).collect();
            plan.columns = columns::guess(rows.header(), &cells, shape);
        }
        FileFormat::Csv => {}
        FileFormat::Json | FileFormat::Ndjson => plan.columns.clear(),
    }
    columns::check(&plan.columns).map_err(|(_, reason)| Failure::invalid(reason))?;
    let documents = row::Rows::new(&plan);
    let rows = first.into_iter().take(PREVIEW_ROWS).map(|row| PreviewRow {
        number: row.number,
        outcome: match row.text.and_then(|text| documents.document(&text)) {
            Ok(document) => {
                let broken = shape.validate(&document);
                // Where it has none, it gets one.
                let broken = broken.into_iter().filter(|broken| broken.path.to_string() != "_id");
                PreviewOutcome::Document(document, broken.collect())
            }
            Err(reason) => PreviewOutcome::Refused(reason),
        },
    });
    Ok(Preview { rows: rows.collect(), source, plan })
}

fn cells(row: &Row) -> Option<Vec<String>> {
    match &row.text {
        Ok(Text::Cells(cells)) => Some(cells.clone()),
        _ => None,
    }
}
