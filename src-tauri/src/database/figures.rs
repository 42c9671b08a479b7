//! Counts, sums and the like over the documents of a collection, by group: one aggregation.
//!
//! A measure with a filter of its own counts in a branch of its own, since only `$match` takes a filter as a person writes
//! it; the branches are put together again in the server, so that it sorts and cuts whole groups.

use bson::{Bson, Document as BsonDocument, RawDocument, RawDocumentBuf, doc};
use lockstep_model::{
    Failure, Figure, Figures, FiguresQuery, Group, GroupFigures, Measure, Namespace, Path, Span, Step, Value,
    figures::FIGURES_MOST_GROUPS,
};
use mongodb::{error::Error, options::AggregateOptions};

use super::{
    Database,
    connection::{LIMIT, by_bytes, finish},
    list,
};

impl Database {
    /// The figures of each group, in its order.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for a filter that the server does not understand, or that holds code, and where nothing is
    /// asked; those of any read.
    pub async fn figures(&self, namespace: &Namespace, query: &FiguresQuery) -> Result<Figures, Failure> {
        let (database, namespace, query) = (self.clone(), namespace.clone(), query.clone());
        let pipeline = pipeline(&query)?;
        finish(async move {
            let stamp = database.now();
            let read = database.aggregate(&namespace, pipeline).await;
            let groups = read.map_err(|error| database.failure(&format!("counting {namespace}"), &error))?;
            let groups = groups.iter().map(|raw| group_figures(raw, &query.measures)).collect();
            Ok(Figures { stamp, ..in_order(groups, &query) })
        })
        .await
    }

    async fn aggregate(
        &self,
        namespace: &Namespace,
        pipeline: Vec<BsonDocument>,
    ) -> Result<Vec<RawDocumentBuf>, Error> {
        let options =
            AggregateOptions::builder().collation(by_bytes()).allow_disk_use(true).max_time(LIMIT).build();
        let mut session = self.session().await?;
        let collection = self.collection(namespace);
        let cursor = collection.aggregate(pipeline).with_options(options).session(&mut session).await?;
        let mut cursor = cursor.with_type::<RawDocumentBuf>();
        let mut found = Vec::new();
        while cursor.advance(&mut session).await? {
            found.push(cursor.current().to_owned());
        }
        self.clock().replied(&session);
        Ok(found)
    }
}

fn most(query: &FiguresQuery) -> u32 {
    query.limit.clamp(1, FIGURES_MOST_GROUPS)
}

/// Takes one group more than is asked for, to know whether there are more.
fn pipeline(query: &FiguresQuery) -> Result<Vec<BsonDocument>, Failure> {
    if query.measures.is_empty() {
        return Err(Failure::invalid("figures are asked for, and none is named"));
    }
    let by = query.group.as_ref().map_or(Bson::Null, grouped_by);
    let mut stages = vec![doc! { "$match": list::filter(&query.filter)? }];
    stages.extend(groups(&query.measures, &by)?);
    stages.push(match query.group {
        Some(Group::Date(..)) => doc! { "$sort": { "_id": -1 } },
        _ => doc! { "$sort": { named(0): -1, "_id": 1 } },
    });
    stages.push(doc! { "$limit": most(query) + 1 });
    Ok(stages)
}

/// The stages after which there is one document for each group, with its measures by their places.
fn groups(measures: &[Measure], by: &Bson) -> Result<Vec<BsonDocument>, Failure> {
    let mut branches: Vec<(&Option<Value>, BsonDocument)> = Vec::new();
    for (place, measure) in measures.iter().enumerate() {
        let known = branches.iter().position(|(filter, _)| *filter == &measure.filter);
        let branch = known.unwrap_or_else(|| {
            branches.push((&measure.filter, doc! { "_id": by.clone() }));
            branches.len() - 1
        });
        branches[branch].1.insert(named(place), accumulated(&measure.figure));
    }
    if let [(None, group)] = &branches[..] {
        return Ok(vec![doc! { "$group": group }]);
    }
    let mut facets = BsonDocument::new();
    for (number, (filter, group)) in branches.iter().enumerate() {
        let matching = filter.as_ref().map(|filter| Ok(doc! { "$match": list::filter(filter)? }));
        let stages: Result<Vec<_>, Failure> =
            matching.into_iter().chain([Ok(doc! { "$group": group.clone() })]).collect();
        facets.insert(format!("branch{number}"), stages?);
    }
    let all: Vec<_> = facets.keys().map(|branch| format!("${branch}")).collect();
    let mut whole = doc! { "_id": "$of._id" };
    for place in 0..measures.len() {
        // Each group has a measure once at most: what is greater than nothing is that.
        whole.insert(named(place), doc! { "$max": format!("$of.{}", named(place)) });
    }
    Ok(vec![
        doc! { "$facet": facets },
        doc! { "$project": { "of": { "$concatArrays": all } } },
        doc! { "$unwind": "$of" },
        doc! { "$group": whole },
    ])
}

fn accumulated(figure: &Figure) -> BsonDocument {
    match figure {
        Figure::Count => doc! { "$sum": 1 },
        Figure::Sum(path) => doc! { "$sum": field(path) },
        Figure::Average(path) => doc! { "$avg": field(path) },
        Figure::Least(path) => doc! { "$min": field(path) },
        Figure::Greatest(path) => doc! { "$max": field(path) },
    }
}

/// What is no date would make the server refuse the whole.
fn grouped_by(group: &Group) -> Bson {
    match group {
        Group::Value(path) => field(path),
        Group::Date(path, span) => {
            let mut truncated = doc! { "date": field(path), "unit": span.name() };
            if *span == Span::Week {
                truncated.insert("startOfWeek", "monday");
            }
            let is_date = doc! { "$eq": [{ "$type": field(path) }, "date"] };
            doc! { "$cond": [is_date, { "$dateTrunc": truncated }, Bson::Null] }.into()
        }
    }
}

/// What a measure is called in the pipeline, by its place.
fn named(place: usize) -> String {
    format!("measure{place}")
}

/// The expression for a field. A name with dots or dollars would be taken for several, or for a variable.
fn field(path: &Path) -> Bson {
    let names = path.steps().iter().map(|step| match step {
        Step::Field(name) => name.to_string(),
        Step::Index(index) => index.to_string(),
    });
    let names: Vec<_> = names.collect();
    let is_plain = |name: &String| !name.is_empty() && !name.starts_with('$') && !name.contains('.');
    if names.iter().all(is_plain) {
        return format!("${}", names.join(".")).into();
    }
    names.into_iter().fold("$$ROOT".into(), |input, name| {
        doc! { "$getField": { "field": { "$literal": name }, "input": input } }.into()
    })
}

fn group_figures(raw: &RawDocument, measures: &[Measure]) -> GroupFigures {
    let value = |name: &str| raw.get(name).ok().flatten().map(Value::from_ref);
    let figure = |(place, measure): (usize, &Measure)| {
        let found = value(&named(place));
        // A branch that took nothing of the group has not counted it either.
        found
            .filter(|found| found.get() != bson::RawBsonRef::Null)
            .unwrap_or_else(|| measure.figure.of_nothing())
    };
    GroupFigures {
        of: value("_id").unwrap_or_else(|| bson::RawBson::Null.into()),
        figures: measures.iter().enumerate().map(figure).collect(),
    }
}

/// As the query says, from what the server has sorted and cut.
fn in_order(mut groups: Vec<GroupFigures>, query: &FiguresQuery) -> Figures {
    let more = groups.len() > most(query) as usize;
    groups.truncate(most(query) as usize);
    match &query.group {
        Some(Group::Date(..)) => groups.reverse(),
        Some(Group::Value(_)) => {}
        // No document is a group, too, where there is only one.
        None if groups.is_empty() => groups.push(GroupFigures {
            of: bson::RawBson::Null.into(),
            figures: query.measures.iter().map(|measure| measure.figure.of_nothing()).collect(),
        }),
        None => {}
    }
    Figures { groups, more, stamp: lockstep_model::Stamp::ZERO }
}
