//! Figures as what is drawn: for each group a label, and a number both exact and as it is plotted.

use std::collections::BTreeMap;

use bson::{DateTime, RawBsonRef};
use lockstep_model::{
    Figures, GroupFigures, Span, Value,
    shape::display_text,
    workspace::{LINE_SPANS, Reckoning, Shows},
};

use crate::parts::{grouped, number};

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What the group is called.
    pub label: String,
    /// Its number as a person reads it.
    pub text: String,
    /// How that came about, where there is more to say.
    pub detail: Option<String>,
    /// The number as it is plotted; `None` where it is none.
    pub plotted: Option<f64>,
}

/// What a tile of figures shows of them, in their order.
pub fn points(shows: &Shows, figures: &Figures) -> Vec<Point> {
    let (reckoning, span) = match shows {
        Shows::Number(reckoning) | Shows::Bars { number: reckoning, .. } => (reckoning, None),
        Shows::Line { number: reckoning, span, .. } => (reckoning, Some(*span)),
        Shows::List { .. } => return Vec::new(),
    };
    match span {
        None => figures.groups.iter().map(|group| point(reckoning, span, group)).collect(),
        Some(each) => {
            spans(reckoning, each, figures).iter().map(|group| point(reckoning, span, group)).collect()
        }
    }
}

/// All spans of time back from the newest, those too in which there is nothing: a line over them says so. What has no date
/// has no place on it.
fn spans(reckoning: &Reckoning, span: Span, figures: &Figures) -> Vec<GroupFigures> {
    let dated = |group: &GroupFigures| match group.of.get() {
        RawBsonRef::DateTime(date) => Some((date, group.clone())),
        _ => None,
    };
    let known: BTreeMap<_, _> = figures.groups.iter().filter_map(dated).collect();
    let (Some(oldest), Some(newest)) = (known.keys().next(), known.keys().next_back()) else {
        return Vec::new();
    };
    let back = std::iter::successors(Some(*newest), |date| Some(span.before(*date)));
    let back = back.take(LINE_SPANS as usize).take_while(|date| date >= oldest);
    let nothing = |date: DateTime| GroupFigures {
        of: Value::from(bson::RawBson::DateTime(date)),
        figures: reckoning.measures().iter().map(|measure| measure.figure.of_nothing()).collect(),
    };
    let mut spans: Vec<_> =
        back.map(|date| known.get(&date).cloned().unwrap_or_else(|| nothing(date))).collect();
    spans.reverse();
    spans
}

fn point(reckoning: &Reckoning, span: Option<Span>, GroupFigures { of, figures }: &GroupFigures) -> Point {
    let (text, detail, plotted) = match (reckoning, &figures[..]) {
        (Reckoning::Figure(_), [figure]) => figure_text(figure),
        (Reckoning::Rate { .. }, [part, whole]) => rate(part, whole),
        _ => (NONE.to_owned(), None, None),
    };
    Point { label: label(of, span), text, detail, plotted }
}

/// There is no number.
const NONE: &str = "–";

fn figure_text(figure: &Value) -> (String, Option<String>, Option<f64>) {
    let plotted = float(figure.get());
    match figure.get() {
        RawBsonRef::Null => (NONE.to_owned(), None, None),
        value => {
            let (text, exact) = (number(value), display_text(value));
            // Rounded is not what the database has.
            let detail = (text.replace(',', "") != exact).then_some(exact);
            (text, detail, plotted)
        }
    }
}

/// In percent, with one decimal.
fn rate(part: &Value, whole: &Value) -> (String, Option<String>, Option<f64>) {
    let (Some(part), Some(whole)) = (float(part.get()), float(whole.get())) else {
        return (NONE.to_owned(), None, None);
    };
    let detail = Some(format!("{} of {}", grouped(part as u64), grouped(whole as u64)));
    if whole == 0.0 {
        return (NONE.to_owned(), detail, None);
    }
    let percent = part / whole * 100.0;
    (format!("{percent:.1} %"), detail, Some(percent))
}

fn float(value: RawBsonRef<'_>) -> Option<f64> {
    let plotted = match value {
        RawBsonRef::Int32(number) => f64::from(number),
        RawBsonRef::Int64(number) => number as f64,
        RawBsonRef::Double(number) => number,
        RawBsonRef::Decimal128(number) => number.to_string().parse().ok()?,
        _ => return None,
    };
    plotted.is_finite().then_some(plotted)
}

fn label(of: &Value, span: Option<Span>) -> String {
    let text = match of.get() {
        RawBsonRef::Null => return "no value".into(),
        RawBsonRef::String("") => return "(empty)".into(),
        value => display_text(value),
    };
    // A date in UTC begins with its year, month and day.
    match span {
        Some(Span::Month) => text.chars().take("2026-01".len()).collect(),
        Some(Span::Day | Span::Week) => text.chars().take("2026-01-05".len()).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use bson::RawBson;
    use lockstep_model::{Figure, Path, Stamp};

    use super::*;

    fn shown(shows: &Shows, groups: &[(RawBson, &[RawBson])]) -> Vec<(String, String, Option<f64>)> {
        let group = |(of, figures): &(RawBson, &[RawBson])| GroupFigures {
            of: Value::from(of.clone()),
            figures: figures.iter().cloned().map(Value::from).collect(),
        };
        let figures = Figures { groups: groups.iter().map(group).collect(), more: false, stamp: Stamp::ZERO };
        points(shows, &figures).into_iter().map(|point| (point.label, point.text, point.plotted)).collect()
    }

    #[test]
    fn figures_are_points_with_the_exact_number_as_text() {
        let decimal = |text: &str| RawBson::Decimal128(text.parse().unwrap());
        let amount = || Reckoning::Figure(Figure::Sum(Path::field("amount")));
        let bars = |number| Shows::Bars { by: Path::field("status"), number };
        let rate = || Reckoning::Rate { part: Value::from(1), whole: Value::from(2) };
        let weeks =
            Shows::Line { at: Path::field("at"), span: Span::Week, number: Reckoning::Figure(Figure::Count) };
        let monday = |day: &str| {
            RawBson::DateTime(DateTime::parse_rfc3339_str(format!("2026-01-{day}T00:00:00Z")).unwrap())
        };
        let point = |label: &str, text: &str, plotted| (label.to_owned(), text.to_owned(), plotted);
        let int = RawBson::Int32;
        for (shows, groups, expected) in [
            (
                bars(amount()),
                vec![
                    ("won".to_owned().into(), &[decimal("1234.50")][..]),
                    (RawBson::Null, &[int(0)]),
                    (String::new().into(), &[RawBson::Null]),
                ],
                vec![
                    point("won", "1,234.50", Some(1234.5)),
                    point("no value", "0", Some(0.0)),
                    point("(empty)", "–", None),
                ],
            ),
            (
                Shows::Number(rate()),
                vec![(RawBson::Null, &[int(1), int(4)][..])],
                vec![point("no value", "25.0 %", Some(25.0))],
            ),
            (
                bars(rate()),
                vec![("Anna".to_owned().into(), &[int(0), int(0)][..])],
                vec![point("Anna", "–", None)],
            ),
            (
                weeks,
                vec![(RawBson::Null, &[int(5)][..]), (monday("05"), &[int(2)]), (monday("19"), &[int(3)])],
                vec![
                    point("2026-01-05", "2", Some(2.0)),
                    point("2026-01-12", "0", Some(0.0)),
                    point("2026-01-19", "3", Some(3.0)),
                ],
            ),
        ] {
            assert_eq!(shown(&shows, &groups), expected, "{shows:?}");
        }
    }
}
