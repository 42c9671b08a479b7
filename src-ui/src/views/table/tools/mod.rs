//! What is shown, and how: filter, sort, groups and columns, each behind a button of the toolbar.

mod columns;
mod filter;
mod filter_value;
mod group;
mod sort;

use std::{cell::RefCell, rc::Rc};

use lockstep_model::{ListQuery, contract::TableLayout, shape::Shape};
use web_sys::Element;
use yew::prelude::*;

pub use filter_value::FilterValue;

use self::{columns::ColumnsTool, filter::FilterTool, group::GroupTool, sort::SortTool};
use super::columns::Columns;
use crate::{
    parts::{Icon, Popover},
    signal::{Signal, use_signal},
};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tool {
    /// Which documents.
    Filter,
    /// In which order.
    Sort,
    /// Which of them stand together.
    Group,
    /// Which fields, and where.
    Columns,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Filter => "Filter",
            Self::Sort => "Sort",
            Self::Group => "Group",
            Self::Columns => "Columns",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Filter => Icon::Filter,
            Self::Sort => Icon::Sort,
            Self::Group => Icon::Group,
            Self::Columns => Icon::Columns,
        }
    }
}

const TOOLS: [Tool; 4] = [Tool::Filter, Tool::Sort, Tool::Group, Tool::Columns];

thread_local! {
    static OPEN: Signal<Option<Tool>> = Signal::default();
    /// The field that the filter begins with when it opens next.
    static ASKED: RefCell<Option<String>> = RefCell::default();
}

/// Opens one of them.
pub fn open_tool(tool: Tool) {
    OPEN.with(|open| open.set(Some(tool)));
}

/// Opens the filter with a condition on a field, which waits to be completed.
pub fn open_filter_of(field: &str) {
    ASKED.set(Some(field.to_owned()));
    open_tool(Tool::Filter);
}

#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    pub query: ListQuery,
    /// What the documents look like; `None` until that is known.
    pub shape: Option<Rc<Shape>>,
    /// The table that it is; none for a board, which has its order and its groups in its layout.
    #[prop_or_default]
    pub table: Option<Laid>,
}

/// How a table is laid out.
#[derive(Clone, PartialEq)]
pub struct Laid {
    pub layout: TableLayout,
    pub columns: Columns,
}

/// The buttons, and what the open one shows.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let open = use_signal(OPEN.with(Signal::clone));
    let node = use_node_ref();
    // A press closes what is open before the click comes.
    let pressed = use_mut_ref(|| None::<Tool>);
    let Some(shape) = &props.shape else { return html! {} };
    let tools = match &props.table {
        Some(_) => &TOOLS[..],
        None => &TOOLS[..1],
    };
    let each = |tool: &Tool| {
        let tool = *tool;
        let onpointerdown = {
            let pressed = pressed.clone();
            move |_: PointerEvent| _ = pressed.replace(OPEN.with(Signal::get))
        };
        let onclick = {
            let pressed = pressed.clone();
            move |_: MouseEvent| {
                let was_open = pressed.take() == Some(tool);
                OPEN.with(|open| open.set((!was_open).then_some(tool)));
            }
        };
        let (icon, name) = (tool.icon(), tool.name());
        let said = said(tool, props, shape);
        html! {
            <button
                class={classes!("button", "button-quiet", said.is_some().then_some("button-on"))}
                data-tool={name}
                title={name}
                aria-haspopup="dialog"
                aria-expanded={(open == Some(tool)).to_string()}
                {onpointerdown}
                {onclick}
            >
                { icon }
                <span class="tool-name">{ name }</span>
                { for said.map(|said| html! { <span class="tool-said">{ said }</span> }) }
            </button>
        }
    };
    let anchor = |tool: Tool| {
        let place = tools.iter().position(|other| *other == tool)?;
        node.cast::<Element>()?.children().item(u32::try_from(place).ok()?)
    };
    let on_close = Callback::from(|()| OPEN.with(|open| open.set(None)));
    let shown = open.and_then(|tool| Some((tool, anchor(tool)?, content(tool, props, shape)?)));
    let shown = shown.map(|(tool, anchor, content)| {
        let label = tool.name();
        html! { <Popover key={label} {anchor} {label} class="tool" {on_close}>{ content }</Popover> }
    });
    html! {
        <>
            <div ref={node} class="tools" role="toolbar" aria-label="View">{ for tools.iter().map(each) }</div>
            { shown.unwrap_or_default() }
        </>
    }
}

/// What the open tool shows.
fn content(tool: Tool, props: &ToolsProps, shape: &Rc<Shape>) -> Option<Html> {
    let query = props.query.clone();
    Some(match (tool, props.table.clone()) {
        (Tool::Filter, _) => html! { <FilterTool {query} shape={shape.clone()} asked={ASKED.take()} /> },
        (Tool::Sort, Some(Laid { columns, .. })) => html! { <SortTool {query} {columns} /> },
        (Tool::Group, Some(Laid { layout, columns })) => html! { <GroupTool {layout} {columns} /> },
        (Tool::Columns, Some(Laid { layout, columns })) => html! { <ColumnsTool {layout} {columns} /> },
        (_, None) => return None,
    })
}

/// What the button says of what is chosen, if anything is.
fn said(tool: Tool, props: &ToolsProps, shape: &Shape) -> Option<String> {
    let counted = |count: usize| (count > 0).then(|| count.to_string());
    let layout = props.table.as_ref().map(|table| &table.layout);
    match tool {
        Tool::Filter if props.query.takes_all() => None,
        Tool::Filter => {
            Some(filter::count(&props.query, shape).map_or_else(|| "on".into(), |count| count.to_string()))
        }
        Tool::Sort => match props.query.sort.as_slice() {
            [(path, _)] => Some(path.to_string()),
            sort => counted(sort.len()),
        },
        Tool::Group => layout?.group.as_ref().map(|group| group.path.to_string()),
        Tool::Columns => {
            let hidden = layout?.columns.iter().filter(|column| column.hidden).count();
            counted(hidden).map(|count| format!("{count} hidden"))
        }
    }
}
