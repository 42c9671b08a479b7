//! Which column of a file fills which field, and as which type.

use std::rc::Rc;

use lockstep_model::{
    contract::transfer::{Column, ImportPlan},
    shape::Type,
};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The types that a cell can be of.
const TYPES: [Type; 11] = [
    Type::String,
    Type::Int,
    Type::Long,
    Type::Double,
    Type::Decimal,
    Type::Bool,
    Type::Date,
    Type::ObjectId,
    Type::Object,
    Type::Array,
    Type::Binary,
];

const LEFT_OUT: &str = "-";
const GUESSED: &str = "?";

#[derive(Properties, PartialEq)]
pub struct MappingProps {
    pub plan: Rc<ImportPlan>,
    /// The columns are to be these.
    pub on_change: Callback<Vec<Column>>,
}

/// One line for each column.
#[component]
pub fn Mapping(props: &MappingProps) -> Html {
    let set = |at: usize, change: fn(&mut Column, String)| {
        let (columns, on_change) = (props.plan.columns.clone(), props.on_change.clone());
        move |value: String| {
            let mut columns = columns.clone();
            change(&mut columns[at], value);
            on_change.emit(columns);
        }
    };
    html! {
        <div class="transfer-table mapping">
            <table aria-label="Columns">
                <thead><tr><th>{ "Column" }</th><th>{ "Field" }</th><th>{ "Type" }</th></tr></thead>
                <tbody>
                    { for props.plan.columns.iter().enumerate().map(|(at, column)| {
                        let set_path = set(at, |column, path| column.path = Some(path.trim().to_owned()));
                        let set_type = set(at, |column, chosen| match &*chosen {
                            LEFT_OUT => column.path = None,
                            of => {
                                column.path.get_or_insert_with(|| column.header.trim().to_owned());
                                column.of = Type::named(of).first().copied();
                            }
                        });
                        let onpath = move |event: Event| {
                            set_path(event.target_unchecked_into::<HtmlInputElement>().value());
                        };
                        let ontype = move |event: Event| {
                            set_type(event.target_unchecked_into::<HtmlSelectElement>().value());
                        };
                        let chosen = match (&column.path, column.of) {
                            (None, _) => LEFT_OUT,
                            (Some(_), None) => GUESSED,
                            (Some(_), Some(of)) => of.name(),
                        };
                        let option = |value: &'static str, words: &'static str| {
                            html! { <option {value} selected={value == chosen}>{ words }</option> }
                        };
                        html! {
                            <tr key={at} class={column.path.is_none().then_some("left-out")}>
                                <td class="mapping-header" title={column.header.clone()}>{ &column.header }</td>
                                <td>
                                    <input
                                        type="text"
                                        aria-label={format!("Field of {}", column.header)}
                                        value={column.path.clone().unwrap_or_default()}
                                        disabled={column.path.is_none()}
                                        onchange={onpath}
                                        autocomplete="off"
                                        spellcheck="false"
                                    />
                                </td>
                                <td>
                                    <select aria-label={format!("Type of {}", column.header)} onchange={ontype}>
                                        { for TYPES.map(|of| option(of.name(), of.label())) }
                                        { option(GUESSED, "each cell by itself") }
                                        { option(LEFT_OUT, "leave out") }
                                    </select>
                                </td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}
