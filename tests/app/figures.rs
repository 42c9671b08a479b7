//! Figures against the real server: what comes back is what a person would count by hand.

use bson::{DateTime, Decimal128, RawBson, RawDocumentBuf, rawdoc};
use lockstep_host::database::Database;
use lockstep_model::{
    Failure, Figure, Figures, FiguresQuery, Group, Measure, Namespace, Path, Span, Value,
    figures::FIGURES_MOST_GROUPS,
};

use crate::fixture::Server;

fn things() -> Namespace {
    Namespace::new("shop", "things")
}

async fn holding(documents: &[RawDocumentBuf]) -> (Server, Database) {
    let server = Server::start().await;
    if !documents.is_empty() {
        let things = server.client().await.database("shop").collection::<RawDocumentBuf>("things");
        things.insert_many(documents).await.unwrap();
    }
    let database = Database::open(&server.address()).await.unwrap();
    (server, database)
}

fn decimal(text: &str) -> Decimal128 {
    text.parse().unwrap()
}

fn day(text: &str) -> DateTime {
    DateTime::parse_rfc3339_str(format!("{text}Z")).unwrap()
}

fn filter(filter: RawDocumentBuf) -> Value {
    Value::document(&filter)
}

fn plain(figure: Figure) -> Measure {
    Measure { figure, filter: None }
}

fn of(figure: Figure, document: RawDocumentBuf) -> Measure {
    Measure { figure, filter: Some(filter(document)) }
}

fn asked(group: Option<Group>, measures: Vec<Measure>) -> FiguresQuery {
    FiguresQuery { filter: filter(RawDocumentBuf::new()), group, measures, limit: 10 }
}

/// The groups as they came: what each is of, and its figures.
fn shown(figures: &Figures) -> Vec<(Value, Vec<Value>)> {
    figures.groups.iter().map(|group| (group.of.clone(), group.figures.clone())).collect()
}

fn group(of: impl Into<RawBson>, figures: &[RawBson]) -> (Value, Vec<Value>) {
    (Value::from(of), figures.iter().cloned().map(Value::from).collect())
}

/// Offers of two owners; one has no owner, and one no amount.
fn offers() -> Vec<RawDocumentBuf> {
    vec![
        rawdoc! { "_id": 1, "owner": "Anna", "status": "won", "amount": decimal("10.50"), "at": day("2026-01-05T00:00:00") },
        rawdoc! { "_id": 2, "owner": "Anna", "status": "lost", "amount": decimal("0.50"), "at": day("2026-01-11T23:59:59") },
        rawdoc! { "_id": 3, "owner": "Ben", "status": "won", "amount": decimal("7.00"), "at": day("2026-01-12T00:00:00") },
        rawdoc! { "_id": 4, "owner": "Ben", "status": "draft", "at": day("2026-02-01T12:00:00") },
        rawdoc! { "_id": 5, "status": "draft", "amount": decimal("1.00"), "at": "soon" },
    ]
}

#[tokio::test]
async fn figures_are_exact_by_group_and_in_their_order() {
    let (_server, database) = holding(&offers()).await;
    let amount = || Path::field("amount");
    let by_owner = || Some(Group::Value(Path::field("owner")));
    let by = |span| Some(Group::Date(Path::field("at"), span));
    let (null, zero) = (RawBson::Null, RawBson::Int32(0));
    let int = RawBson::Int32;
    let dec = |text: &str| RawBson::Decimal128(decimal(text));
    for (what, query, expected) in [
        ("all as one", asked(None, vec![plain(Figure::Count)]), vec![group(null.clone(), &[int(5)])]),
        (
            "a sum of decimals is a decimal, to its last digit",
            asked(by_owner(), vec![plain(Figure::Sum(amount())), plain(Figure::Count)]),
            vec![
                group("Anna", &[dec("11.00"), int(2)]),
                group("Ben", &[dec("7.00"), int(2)]),
                group(null.clone(), &[dec("1.00"), int(1)]),
            ],
        ),
        (
            "least, greatest and average leave out what is missing",
            asked(
                by_owner(),
                vec![
                    plain(Figure::Greatest(amount())),
                    plain(Figure::Least(amount())),
                    plain(Figure::Average(amount())),
                ],
            ),
            vec![
                group("Anna", &[dec("10.50"), dec("0.50"), dec("5.50")]),
                group("Ben", &[dec("7.00"), dec("7.00"), dec("7.00")]),
                group(null.clone(), &[dec("1.00"), dec("1.00"), dec("1.00")]),
            ],
        ),
        (
            "measures with filters of their own, and of nothing the sum is 0",
            asked(
                by_owner(),
                vec![
                    plain(Figure::Count),
                    of(Figure::Count, rawdoc! { "status": "won" }),
                    of(Figure::Sum(amount()), rawdoc! { "status": { "$in": ["won", "lost"] } }),
                    of(Figure::Average(amount()), rawdoc! { "status": "won" }),
                ],
            ),
            vec![
                group("Anna", &[int(2), int(1), dec("11.00"), dec("10.50")]),
                group("Ben", &[int(2), int(1), dec("7.00"), dec("7.00")]),
                group(null.clone(), &[int(1), zero.clone(), zero.clone(), null.clone()]),
            ],
        ),
        (
            "weeks begin on Monday, and what has no date is apart",
            asked(by(Span::Week), vec![plain(Figure::Count)]),
            vec![
                group(null.clone(), &[int(1)]),
                group(day("2026-01-05T00:00:00"), &[int(2)]),
                group(day("2026-01-12T00:00:00"), &[int(1)]),
                group(day("2026-01-26T00:00:00"), &[int(1)]),
            ],
        ),
        (
            "the newest months, in the order of time",
            FiguresQuery { limit: 2, ..asked(by(Span::Month), vec![plain(Figure::Count)]) },
            vec![group(day("2026-01-01T00:00:00"), &[int(3)]), group(day("2026-02-01T00:00:00"), &[int(1)])],
        ),
        (
            "the groups with the greatest figure",
            FiguresQuery { limit: 1, ..asked(by_owner(), vec![plain(Figure::Sum(amount()))]) },
            vec![group("Anna", &[dec("11.00")])],
        ),
        (
            "of a filter",
            FiguresQuery {
                filter: filter(rawdoc! { "$expr": { "$lt": ["$at", "$$NOW"] }, "status": "won" }),
                ..asked(None, vec![plain(Figure::Count), of(Figure::Count, rawdoc! { "owner": "Ben" })])
            },
            vec![group(null.clone(), &[int(2), int(1)])],
        ),
        (
            "of no document at all",
            FiguresQuery {
                filter: filter(rawdoc! { "status": "none" }),
                ..asked(None, vec![plain(Figure::Count), plain(Figure::Average(amount()))])
            },
            vec![group(null.clone(), &[zero, null])],
        ),
    ] {
        let figures =
            database.figures(&things(), &query).await.unwrap_or_else(|failure| panic!("{what}: {failure}"));
        assert_eq!(shown(&figures), expected, "{what}");
        assert_eq!(figures.more, query.limit < 10 && query.group.is_some(), "{what}");
    }
}

#[tokio::test]
async fn names_with_dots_and_dollars_are_names() {
    let documents = [
        rawdoc! { "_id": 1, "a.b": 1, "$c": "x", "d": { "e": 5 } },
        rawdoc! { "_id": 2, "a.b": 2, "$c": "x", "a": { "b": 100 }, "d": { "e": 6 } },
    ];
    let (_server, database) = holding(&documents).await;
    let measures = ["a.b", "a", "d.e"].map(|name| match name {
        "a.b" => plain(Figure::Sum(Path::field(name))),
        name => plain(Figure::Sum(Path::dotted(name))),
    });
    let query = asked(Some(Group::Value(Path::field("$c"))), measures.to_vec());
    let figures = database.figures(&things(), &query).await.unwrap();
    let int = RawBson::Int32;
    assert_eq!(shown(&figures), [group("x", &[int(3), int(0), int(11)])]);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let (_server, database) = holding(&offers()).await;
    let count = || vec![plain(Figure::Count)];
    let code = || rawdoc! { "$where": "true" };
    for (query, reason) in [
        (asked(None, Vec::new()), "none is named"),
        (FiguresQuery { filter: filter(code()), ..asked(None, count()) }, "$where"),
        (asked(None, vec![of(Figure::Count, code())]), "$where"),
        (FiguresQuery { filter: Value::from(7), ..asked(None, count()) }, "a filter is a document"),
        (FiguresQuery { filter: filter(rawdoc! { "$what": 1 }), ..asked(None, count()) }, "$what"),
    ] {
        let failure = database.figures(&things(), &query).await.unwrap_err();
        assert!(matches!(failure, Failure::InvalidInput { .. }), "{failure:?}");
        assert!(failure.to_string().contains(reason), "{failure}");
    }
}

#[tokio::test]
async fn there_is_an_end_to_the_groups_that_come_back() {
    let documents: Vec<_> = (0..1_500).map(|number| rawdoc! { "_id": number }).collect();
    let (_server, database) = holding(&documents).await;
    let by_id = Some(Group::Value(Path::field("_id")));
    let query = FiguresQuery { limit: u32::MAX, ..asked(by_id, vec![plain(Figure::Count)]) };
    let figures = database.figures(&things(), &query).await.unwrap();
    assert_eq!((figures.groups.len(), figures.more), (FIGURES_MOST_GROUPS as usize, true));
}
