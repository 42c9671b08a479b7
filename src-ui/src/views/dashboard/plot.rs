//! Points as a chart, and beside it, for those who do not see it, as a table of the same figures.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Element;
use yew::prelude::*;

use super::{
    chart_library::{Chart, Ink, Library, array, canvas, library, load, object},
    points::Point,
};
use crate::{browser, parts::shortened, signal::use_signal, theme};

/// How points are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plot {
    /// A bar each, one below the other, so that there is room for names.
    Bars,
    /// One line, with the area below it.
    Line,
}

/// So many characters of a label have room beside bars in the narrowest tile.
const LABEL_LONGEST: usize = 22;

#[derive(Properties, PartialEq)]
pub struct PlotProps {
    pub plot: Plot,
    /// What it shows, for the table.
    pub title: AttrValue,
    /// What the points are of.
    pub of: AttrValue,
    pub points: Rc<Vec<Point>>,
    /// The numbers are percent.
    pub percent: bool,
}

/// The chart and its table. Where the library cannot be read, the table is seen instead.
#[component]
pub fn PlotView(props: &PlotProps) -> Html {
    let library = use_signal(library());
    let theme = use_signal(theme::theme());
    let colours = use_state(|| 0_u32);
    // The style sheet's colours have changed, for whatever reason.
    let ontransitionend = {
        let colours = colours.clone();
        move |_: TransitionEvent| colours.set(*colours + 1)
    };
    let node = use_node_ref();
    let chart = use_mut_ref(|| None::<(Chart, Ink)>);

    use_effect_with((), |()| load());
    use_effect_with((library, (theme, *colours), props.plot, props.percent, props.points.clone()), {
        let (node, chart) = (node.clone(), chart.clone());
        move |(library, _, plot, percent, points)| {
            if *library == Library::There
                && let Some(element) = node.cast::<Element>()
            {
                let mut chart = chart.borrow_mut();
                let drawn = draw(element, chart.take(), *plot, *percent, points);
                *chart =
                    drawn.inspect_err(|error| browser::warn(&format!("a chart: {error:?}"))).ok().flatten();
            }
        }
    });
    use_effect_with((), move |()| {
        move || {
            if let Some((chart, _)) = chart.take() {
                chart.destroy();
            }
        }
    });

    let rows = props.points.iter().map(|point| {
        html! { <tr><th scope="row">{ &point.label }</th><td>{ &point.text }</td></tr> }
    });
    html! {
        <>
            if library != Library::Missing {
                <div class="plot"><canvas ref={node} class="chart" aria-hidden="true" {ontransitionend} /></div>
            }
            <div class={if library == Library::Missing { "figures-seen" } else { "visually-hidden" }}>
                <table class="figures">
                    <caption>{ &props.title }</caption>
                    <thead><tr><th scope="col">{ &props.of }</th><th scope="col">{ "Figure" }</th></tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </>
    }
}

/// Changes the chart that is there, where it still looks as it did; else it is made anew.
fn draw(
    element: Element,
    before: Option<(Chart, Ink)>,
    plot: Plot,
    percent: bool,
    points: &[Point],
) -> Result<Option<(Chart, Ink)>, JsValue> {
    let Some(ink) = Ink::of(&element) else { return Ok(None) };
    match before {
        Some((chart, same)) if same == ink => {
            chart.set_data(&data(plot, &ink, points));
            chart.update()?;
            Ok(Some((chart, ink)))
        }
        before => {
            let is_first = before.is_none();
            // Of what is counted there are no halves.
            let whole = points.iter().all(|point| point.plotted.is_none_or(|number| number.fract() == 0.0));
            if let Some((chart, _)) = before {
                chart.destroy();
            }
            let Some(canvas) = canvas(element) else { return Ok(None) };
            let config = object([
                ("type", if plot == Plot::Bars { "bar" } else { "line" }.into()),
                ("data", data(plot, &ink, points)),
                ("options", options(plot, &ink, percent, whole, is_first && !ink.still)),
            ]);
            Ok(Some((Chart::new(&canvas, &config)?, ink)))
        }
    }
}

fn data(plot: Plot, ink: &Ink, points: &[Point]) -> JsValue {
    let numbers = points.iter().map(|point| point.plotted.map_or(JsValue::NULL, JsValue::from));
    let filled = if plot == Plot::Bars { &ink.data } else { &ink.area };
    let dataset = object([
        ("data", array(numbers)),
        ("backgroundColor", filled.into()),
        ("borderColor", (&ink.data).into()),
        ("borderWidth", if plot == Plot::Bars { 0 } else { 2 }.into()),
        ("borderRadius", 3.into()),
        ("maxBarThickness", 18.into()),
        ("fill", "origin".into()),
        // A point alone has no line.
        ("pointRadius", if points.len() == 1 { 3 } else { 0 }.into()),
        ("pointHitRadius", 12.into()),
    ]);
    // Chart.js would cut off the beginning of what is too long.
    let labels = points.iter().map(|point| JsValue::from(shortened(&point.label, LABEL_LONGEST)));
    object([("labels", array(labels)), ("datasets", array([dataset]))])
}

fn options(plot: Plot, ink: &Ink, percent: bool, whole: bool, moves: bool) -> JsValue {
    let precision = if whole { 0.into() } else { JsValue::UNDEFINED };
    let no = JsValue::FALSE;
    let font = || object([("family", (&ink.font).into()), ("size", 11.into())]);
    let ticks = |more: [(&str, JsValue); 3]| {
        let ticks = object(more);
        for (name, value) in [("color", (&ink.words).into()), ("font", font())] {
            // Fails only for what is no object.
            let _ = js_sys::Reflect::set(&ticks, &name.into(), &value);
        }
        ticks
    };
    let compact = object([("notation", "compact".into()), ("maximumFractionDigits", 1.into())]);
    let numbers = object([
        ("beginAtZero", JsValue::TRUE),
        ("border", object([("display", no.clone())])),
        ("grid", object([("color", (&ink.grid).into())])),
        ("ticks", ticks([("format", compact), ("maxTicksLimit", 6.into()), ("precision", precision)])),
        ("max", if percent { 100.into() } else { JsValue::UNDEFINED }),
    ]);
    let names = object([
        ("border", object([("color", (&ink.grid).into())])),
        ("grid", object([("display", no.clone())])),
        (
            "ticks",
            ticks([
                ("autoSkip", JsValue::from(plot == Plot::Line)),
                ("maxRotation", 0.into()),
                ("maxTicksLimit", 8.into()),
            ]),
        ),
    ]);
    let (x, y) = if plot == Plot::Bars { (numbers, names) } else { (names, numbers) };
    object([
        ("indexAxis", if plot == Plot::Bars { "y" } else { "x" }.into()),
        ("maintainAspectRatio", no.clone()),
        ("animation", if moves { object([("duration", 250.into())]) } else { no.clone() }),
        ("scales", object([("x", x), ("y", y)])),
        ("interaction", object([("mode", "index".into()), ("intersect", no.clone())])),
        (
            "plugins",
            object([
                ("legend", object([("display", no.clone())])),
                ("tooltip", object([("displayColors", no), ("bodyFont", font()), ("titleFont", font())])),
            ]),
        ),
    ])
}
