//! Types, shares and disagreements as a person reads them.

use lockstep_model::{
    contract::{
        CollectionSchema,
        schema::{Disagreement, SchemaField},
    },
    shape::{Type, display_text},
};

use crate::parts::grouped;

/// `1,000 sampled of 9,800`.
pub fn sampled(schema: &CollectionSchema) -> String {
    match schema.count {
        Some(count) if count > schema.sampled => {
            format!("{} sampled of {}", grouped(schema.sampled), grouped(count))
        }
        _ => format!("all {} documents", grouped(schema.sampled)),
    }
}

/// `98 %`; what is not nothing is never shown as nothing, nor what is not all as all.
pub fn percent(part: u64, whole: u64) -> String {
    match (part, whole) {
        (0, _) | (_, 0) => "0 %".into(),
        (part, whole) if part >= whole => "100 %".into(),
        (part, whole) => match (100 * part + whole / 2) / whole {
            0 => "<1 %".into(),
            100 => ">99 %".into(),
            percent => format!("{percent} %"),
        },
    }
}

/// `Int32 or null`.
pub fn types(types: &[Type]) -> String {
    let labels: Vec<_> = types.iter().map(|of| of.label()).collect();
    labels.join(" or ")
}

/// How often a field is there: of the items of an array, how many there are.
pub fn presence(field: &SchemaField) -> String {
    match field.path.ends_with("[]") {
        true => format!("{} in {}", grouped(field.present), grouped(field.holders)),
        false => percent(field.present, field.holders),
    }
}

/// From where to where numbers and dates go, and lengths.
pub fn extent(field: &SchemaField) -> Vec<String> {
    let range = field.range.as_ref().map(|(least, most)| match least == most {
        true => display_text(least.get()),
        false => format!("{} – {}", display_text(least.get()), display_text(most.get())),
    });
    let noun = match field.types.iter().any(|(of, _)| *of == Type::Array) {
        true => "item",
        false => "character",
    };
    let length = field.length.map(|(least, most)| match (least, most) {
        (1, 1) => format!("1 {noun}"),
        (least, most) if least == most => format!("{} {noun}s", grouped(least)),
        (least, most) => format!("{} – {} {noun}s", grouped(least), grouped(most)),
    });
    range.into_iter().chain(length).collect()
}

/// What is wrong.
pub fn disagreement(disagreement: &Disagreement) -> String {
    match disagreement {
        Disagreement::Type(of, count) => format!("{} of type {}: not allowed", grouped(*count), of.label()),
        Disagreement::Missing(count) => format!("missing in {}: required", grouped(*count)),
        Disagreement::Option(value, count) => {
            format!("{} with “{}”: not in the enum", grouped(*count), display_text(value.get()))
        }
        Disagreement::Rule(rule, count) => format!("{} that {rule}", grouped(*count)),
        Disagreement::Unknown { forbidden: true } => "forbidden by the validator".into(),
        Disagreement::Unknown { forbidden: false } => "not in the validator".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_nothing_is_not_shown_as_nothing_nor_what_is_not_all_as_all() {
        for (part, whole, text) in [
            (0, 0, "0 %"),
            (0, 10, "0 %"),
            (1, 1_000, "<1 %"),
            (1, 3, "33 %"),
            (2, 3, "67 %"),
            (999, 1_000, ">99 %"),
            (10, 10, "100 %"),
        ] {
            assert_eq!(percent(part, whole), text);
        }
    }
}
