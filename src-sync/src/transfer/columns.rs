//! Which field and type a column of CSV is for: by the collection's shape, else by what its first cells are.

use lockstep_model::{
    Path, Step,
    contract::transfer::{Column, EmptyCell},
    shape::{Field, Shape, Type, parse_text},
};

use super::cell::Reading;

/// A guess for every column. `rows` are the first of the file.
pub fn guess(header: &[String], rows: &[Vec<String>], shape: &Shape) -> Vec<Column> {
    let mut columns = Vec::<Column>::new();
    for (at, name) in header.iter().enumerate() {
        let known = known(name, shape);
        let path = known.as_ref().map_or_else(|| name.trim().to_owned(), |(path, _)| path.clone());
        let taken = columns.iter().any(|other| other.path.as_ref() == Some(&path));
        let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        let of = match known.map(|(_, field)| field.types()).filter(|types| !types.is_empty()) {
            Some(types) => declared(types, cells()),
            None => common(cells()),
        };
        columns.push(Column {
            header: name.clone(),
            path: Some(path).filter(|path| !path.is_empty() && !taken),
            of: Some(of),
        });
    }
    columns
}

/// Why the columns cannot be used so, and which.
///
/// # Errors
/// The column's place, and the reason.
pub fn check(columns: &[Column]) -> Result<(), (usize, String)> {
    let mut paths = Vec::<Path>::new();
    for (at, column) in columns.iter().enumerate() {
        let Some(text) = &column.path else { continue };
        let refused = |reason: String| Err((at, format!("The column {:?} {reason}", column.header)));
        if text.split('.').any(str::is_empty) {
            return refused(format!("has a field {text:?} with an empty name in it"));
        }
        if text.contains('\0') || text.split('.').any(|name| name.starts_with('$')) {
            return refused(format!("has a field {text:?} that no document can have"));
        }
        let path = Path::dotted(text);
        if let Some(other) = paths.iter().find(|other| other.overlaps(&path)) {
            return refused(match *other == path {
                true => format!("fills {path}, as another one does"),
                false => format!("fills {path}, and another one {other}: one is inside of the other"),
            });
        }
        paths.push(path);
    }
    match paths.is_empty() && !columns.is_empty() {
        true => Err((0, "No column is imported".into())),
        false => Ok(()),
    }
}

/// The shape's field of that name, however it is spelt: `Customer Name` is `customer_name`.
fn known<'a>(name: &str, shape: &'a Shape) -> Option<(String, &'a Field)> {
    let name = name.trim();
    let plain = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric() || *c == '.')
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let spelt =
        || shape.fields.iter().find(|field| plain(&field.name) == plain(name) && !plain(name).is_empty());
    match shape.at(&Path::dotted(name)) {
        Some(field) => Some((name.to_owned(), field)),
        None => spelt().map(|field| (field.name.to_string(), field)),
    }
}

/// Of the types that a field may have, the first that all cells can be; else the first.
fn declared<'a>(types: &[Type], cells: impl Iterator<Item = &'a String> + Clone) -> Type {
    let may = types.iter().filter(|of| **of != Type::Null);
    let fits = |of: &&Type| {
        let reading = Reading::new(Some(**of), EmptyCell::Missing);
        cells.clone().all(|cell| reading.value(cell).is_ok())
    };
    may.clone().find(fits).or(may.clone().next()).copied().unwrap_or(Type::Null)
}

/// The type that all cells are, as far as they can be told from text; text, where they differ.
fn common<'a>(cells: impl Iterator<Item = &'a String>) -> Type {
    let guessed =
        cells.map(|cell| parse_text(cell, None, None).map_or(Type::String, |value| Type::of(value.get())));
    let both = |a: Type, b: Type| match (a.min(b), a.max(b)) {
        (a, b) if a == b => a,
        (Type::Int, Type::Long) => Type::Long,
        (Type::Double, Type::Int | Type::Long) => Type::Double,
        _ => Type::String,
    };
    // A word `null` says nothing of the others.
    guessed.filter(|of| *of != Type::Null).reduce(both).unwrap_or(Type::String)
}

/// The names of a path of fields.
pub(super) fn names(path: &Path) -> impl Iterator<Item = &str> {
    path.steps().iter().filter_map(|step| match step {
        Step::Field(name) => Some(&**name),
        Step::Index(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use bson::rawdoc;

    use super::*;

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
        texts.map(str::to_owned).into()
    }

    #[test]
    fn a_column_is_for_the_field_of_its_name_and_of_a_type_that_its_cells_can_be() {
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": { "properties": {
            "amount": { "bsonType": "decimal" },
            "customer_name": { "bsonType": ["null", "string"] },
            "score": { "bsonType": "number" },
            "address": { "properties": { "city": { "bsonType": "string" } } },
        } } })
        .unwrap();
        let header = texts([
            "Amount",
            "Customer Name",
            "score",
            "address.city",
            "n",
            "big",
            "rate",
            "code",
            "day",
            "mixed",
            "",
            "n",
        ]);
        let rows = [
            texts(["1", "x", "1.5", "5", "1", "1", "1", "007", "2026-03-01", "1", "?", "1"]),
            texts(["2", "", "2", "6", "2", "3000000000", "1.5", "8", "2026-03-02", "x", "?", "1"]),
        ];
        let expected = [
            (Some("amount"), Type::Decimal),
            (Some("customer_name"), Type::String),
            (Some("score"), Type::Double),
            (Some("address.city"), Type::String),
            (Some("n"), Type::Int),
            (Some("big"), Type::Long),
            (Some("rate"), Type::Double),
            (Some("code"), Type::String),
            (Some("day"), Type::Date),
            (Some("mixed"), Type::String),
            (None, Type::String),
            (None, Type::Int),
        ];
        let columns = guess(&header, &rows, &shape);
        let found: Vec<_> =
            columns.iter().map(|column| (column.path.as_deref(), column.of.unwrap())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn columns_that_would_overwrite_each_other_are_refused() {
        let column =
            |path: Option<&str>| Column { header: "h".into(), path: path.map(str::to_owned), of: None };
        for (paths, reason) in [
            (vec![Some("a"), Some("b.c"), None], None),
            (vec![Some("a"), Some("a")], Some("as another one does")),
            (vec![Some("a.b"), Some("a")], Some("one is inside of the other")),
            (vec![Some("a..b")], Some("an empty name")),
            (vec![Some("$set")], Some("no document can have")),
            (vec![None, None], Some("No column is imported")),
            (vec![], None),
        ] {
            let columns: Vec<_> = paths.iter().copied().map(column).collect();
            let checked = check(&columns).map_err(|(_, reason)| reason);
            match reason {
                None => assert_eq!(checked, Ok(()), "{paths:?}"),
                Some(reason) => {
                    assert!(checked.as_ref().is_err_and(|is| is.contains(reason)), "{paths:?}: {checked:?}")
                }
            }
        }
    }
}
