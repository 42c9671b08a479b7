//! Copying and pasting cells, as spreadsheets do; and filling a selection from its first row.

use std::{cell::RefCell, rc::Rc, time::Duration};

use lockstep_model::{
    Action, Change, DocumentId, Edit, Expectation, Key, Path, Value,
    contract::{decode, encode},
    mutation::EDITS_MOST,
    reduce,
};
use lockstep_query::{EntityView, Input, Options};
use lockstep_sync::Lockstep;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, Element, MouseEvent};
use yew::{html::Scope, prelude::*};

use super::{
    super::{columns::Columns, selection::Selection, shown::Shown},
    Grid, GridProps, Message,
    moving::cursor_at,
};
use crate::{
    browser::{self, Listening, Timer},
    edit::{
        cells,
        many::is_read,
        paste::{Refused, copied, edit_of_texts, edit_of_values},
        target,
    },
    hooks::Mutations,
    host,
    parts::{grouped, toast},
    store,
    views::insert::Blank,
};

const TEXT: &str = "text/plain";
const CELL: &str = "[role=gridcell]";

/// The edit of one row; `None` where it has all that already. Or the cell that is refused, and why.
type Edited = Result<Option<Edit>, Refused>;

/// The values themselves, beside their text: a window of Lockstep keeps their types.
const VALUES: &str = "application/x-lockstep-cells";

/// What is pasted.
#[derive(Debug)]
pub enum Pasted {
    /// From a window of Lockstep.
    Values(Vec<Vec<Option<Value>>>),
    /// From anywhere else.
    Texts(Vec<Vec<String>>),
}

impl Pasted {
    /// How many rows and columns it has.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Values(values) => size(values),
            Self::Texts(texts) => size(texts),
        }
    }
}

fn size<T>(block: &[Vec<T>]) -> (usize, usize) {
    (block.len(), block.iter().map(Vec::len).max().unwrap_or(0).max(1))
}

/// What is done to many cells at once.
#[derive(Clone, Debug)]
pub enum Bulk {
    /// They get what is pasted.
    Paste(Rc<Pasted>),
    /// They lose their values.
    Clear,
    /// They get what the first row has.
    FillDown,
}

/// What became of what is pasted.
const PASTED: &str = "pasted";

impl Bulk {
    fn word(&self) -> &'static str {
        match self {
            Self::Paste(_) => PASTED,
            Self::Clear => "cleared",
            Self::FillDown => "filled",
        }
    }
}

/// What waits for its rows to be read.
pub(super) struct Postponed {
    what: Bulk,
    covered: Selection,
    /// The documents that are covered: for others nothing was asked.
    documents: Vec<DocumentId>,
    since: Duration,
    _again: Option<Timer>,
}

/// How often is looked whether they are there, and for how long.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
const READ_WITHIN: Duration = Duration::from_secs(15);

/// What would be copied now.
pub(super) type Copyable = Rc<RefCell<Option<(Selection, Shown, Columns)>>>;

/// Copies and pastes, as long as this is kept, while a cell of the grid has the focus. The browser tells that to the document,
/// since nothing is selected in its own sense; and it does so only where somebody says before that it can be done.
pub(super) fn listen(grid: &Element, copyable: &Copyable, link: &Scope<Grid>) -> Vec<Listening> {
    let on = |name: &'static str, act: Box<dyn Fn(&ClipboardEvent)>| {
        let grid = grid.clone();
        Listening::new(browser::document().into(), name, move |event| {
            let active = browser::document().active_element();
            let is_here =
                active.is_some_and(|cell| cell.matches(CELL).unwrap_or(false) && grid.contains(Some(&cell)));
            if let Some(event) = event.dyn_ref::<ClipboardEvent>().filter(|_| is_here) {
                event.prevent_default();
                act(event);
            }
        })
    };
    let (copyable, cut, released, cleared, link) =
        (copyable.clone(), copyable.clone(), link.clone(), link.clone(), link.clone());
    vec![
        Listening::new(browser::window().into(), "mouseup", move |_| {
            released.send_message(Message::Released)
        }),
        Listening::new(browser::window().into(), "mousemove", {
            let (grid, link) = (grid.clone(), link.clone());
            move |event| {
                if let Some(event) = event.dyn_ref::<MouseEvent>().filter(|event| event.buttons() == 1) {
                    let (rows, columns) = beyond(&grid, event);
                    link.send_message(Message::Beyond(rows, columns));
                }
            }
        }),
        on("beforecopy", Box::new(|_| {})),
        on("beforepaste", Box::new(|_| {})),
        on("beforecut", Box::new(|_| {})),
        on("copy", Box::new(move |event| _ = copy(&copyable, event))),
        on(
            "cut",
            Box::new(move |event| {
                if copy(&cut, event) {
                    cleared.send_message(Message::Bulk(Bulk::Clear));
                }
            }),
        ),
        on(
            "paste",
            Box::new(move |event| {
                let pasted = event.clipboard_data().and_then(|clipboard| pasted(&clipboard));
                let bulk = pasted.map(|pasted| Message::Bulk(Bulk::Paste(Rc::new(pasted))));
                link.send_message_batch(bulk.into_iter().collect());
            }),
        ),
    ]
}

/// On which side of the grid the pointer is, if it is not in it.
fn beyond(grid: &Element, event: &MouseEvent) -> (isize, isize) {
    let rect = grid.get_bounding_client_rect();
    let side =
        |at: i32, low: f64, high: f64| isize::from(f64::from(at) > high) - isize::from(f64::from(at) < low);
    (side(event.client_y(), rect.top(), rect.bottom()), side(event.client_x(), rect.left(), rect.right()))
}

/// The clipboard can be written only while the event is told. Returns whether it was.
fn copy(copyable: &Copyable, event: &ClipboardEvent) -> bool {
    let copyable = copyable.borrow();
    let (Some(clipboard), Some((selection, rows, columns))) = (event.clipboard_data(), &*copyable) else {
        return false;
    };
    match values_of(selection, rows, columns) {
        Ok(values) => {
            let _ = clipboard.set_data(TEXT, &text_of(&values));
            if let Ok(bytes) = encode(&values) {
                let _ = clipboard.set_data(VALUES, &host::encode_base64(&bytes));
            }
            true
        }
        Err(reason) => {
            toast::show(&format!("Not copied: {reason}."));
            false
        }
    }
}

fn pasted(clipboard: &DataTransfer) -> Option<Pasted> {
    let values = clipboard.get_data(VALUES).ok().filter(|values| !values.is_empty());
    let values = values.and_then(|values| decode(&host::decode_base64(&values).ok()?).ok());
    // Any program can put something by that name there.
    let values = values.filter(|values: &Vec<_>| !values.is_empty());
    // A picture has no text, and is no reason to empty what is selected.
    let text = || clipboard.get_data(TEXT).ok().filter(|text| !text.is_empty());
    values.map(Pasted::Values).or_else(|| Some(Pasted::Texts(cells::parse(&text()?))))
}

impl Grid {
    /// Reads those of the selected rows that are `wanted`, also where they were never on the screen.
    pub(super) fn read_selected(&self, ctx: &Context<Self>, wanted: impl Fn(usize) -> bool) {
        let Some(selection) = self.selection() else { return };
        self.read(ctx, selection.rows.take(EDITS_MOST).filter(|row| wanted(*row)));
    }

    fn read(&self, ctx: &Context<Self>, rows: impl Iterator<Item = usize>) {
        for row in rows {
            let Some(id) = ctx.props().rows.get(row) else { return };
            if store::entity(id).doc.is_none() {
                store::dispatch(Input::Ensure(Key::Document(id.clone()), Options::default()));
            }
        }
    }

    /// Does it to what is selected; a little later where not all of its rows were read into this window yet.
    pub(super) fn bulk(&mut self, ctx: &Context<Self>, what: Bulk) {
        self.drop_postponed("something else was begun");
        let Some(covered) = self.covered(&what) else { return };
        if let Some(reason) = refusal(ctx.props(), &covered) {
            return toast::show(&format!("Not {}: {reason}.", what.word()));
        }
        self.read(ctx, covered.rows.clone());
        let documents = ids(&ctx.props().rows, &covered).cloned().collect();
        let since = browser::since_beginning();
        self.bulk_when_read(ctx, Postponed { what, covered, documents, since, _again: None });
    }

    /// The rows of what was postponed may be there by now.
    pub(super) fn bulk_again(&mut self, ctx: &Context<Self>) {
        let Some(postponed) = self.postponed.take() else { return };
        let covered = self.covered(&postponed.what);
        let word = postponed.what.word();
        if covered.as_ref() != Some(&postponed.covered) {
            toast::show(&format!("Not {word}: something else was selected before its rows were read."));
        } else if !ids(&ctx.props().rows, &postponed.covered).eq(&postponed.documents) {
            toast::show(&format!(
                "Not {word}: other rows came in between before these were read. Try again."
            ));
        } else {
            self.bulk_when_read(ctx, postponed);
        }
    }

    fn bulk_when_read(&mut self, ctx: &Context<Self>, bulk: Postponed) {
        if bulk.documents.iter().all(|id| is_read(&store::entity(id))) {
            return match &bulk.what {
                Bulk::Paste(pasted) => self.paste(ctx, &bulk.covered, pasted),
                Bulk::Clear => self.clear(ctx, &bulk.covered),
                Bulk::FillDown => self.fill_down(ctx, &bulk.covered),
            };
        }
        if browser::since_beginning().saturating_sub(bulk.since) > READ_WITHIN {
            let word = bulk.what.word();
            return toast::show(&format!("Not {word}: not all of its rows could be read. Try again."));
        }
        let link = ctx.link().clone();
        let again = Timer::after(LOOK_AGAIN, move || link.send_message(Message::BulkAgain));
        self.postponed = Some(Postponed { _again: Some(again), ..bulk });
    }

    /// What still waits is not done, and a person is told so.
    pub(super) fn drop_postponed(&mut self, reason: &str) {
        if let Some(Postponed { what, .. }) = self.postponed.take() {
            toast::show(&format!("Not {}: {reason} before its rows were read.", what.word()));
        }
    }

    /// The cells to which it would be done now, some of them perhaps below the last row.
    fn covered(&self, what: &Bulk) -> Option<Selection> {
        let selection = self.selection()?;
        match what {
            Bulk::Paste(pasted) => Some(selection.covered_by(pasted.size())),
            Bulk::Clear => Some(selection),
            // The first row is where the values come from.
            Bulk::FillDown => {
                Some(selection).filter(|selection| selection.rows.start() < selection.rows.end())
            }
        }
    }

    fn paste(&mut self, ctx: &Context<Self>, covered: &Selection, pasted: &Pasted) {
        let shape = ctx.props().columns.shape().clone();
        match pasted {
            Pasted::Values(values) => self.paste_block(
                ctx,
                covered,
                values,
                |id, view, cells| {
                    edit_of_values(id, view, &shape, cells.map(|(path, value)| (path, value.clone())))
                },
                |path, value| New { path, text: copied(value.as_ref()), value: value.clone() },
            ),
            Pasted::Texts(texts) => self.paste_block(
                ctx,
                covered,
                texts,
                |id, view, cells| edit_of_texts(id, view, &shape, cells.map(|(path, text)| (path, &**text))),
                |path, text| New { path, text: text.clone(), value: None },
            ),
        }
    }

    /// Takes the value out of each cell, as its editor does with an empty text.
    fn clear(&mut self, ctx: &Context<Self>, covered: &Selection) {
        let GridProps { columns, .. } = ctx.props();
        self.change(ctx, covered, Bulk::Clear.word(), |_, target| {
            let Some((id, view)) = target else { return Ok(None) };
            let columns_of = covered.columns.clone().filter_map(|column| Some(&columns.get(column)?.path));
            edit_of_texts(id, view, columns.shape(), columns_of.map(|path| (path, "")))
        });
    }

    /// Gives each cell its part of the block: by `edit` in a document that there is, as a `new` cell below the last.
    fn paste_block<'a, T: 'a>(
        &mut self,
        ctx: &'a Context<Self>,
        covered: &Selection,
        block: &'a [Vec<T>],
        edit: impl Fn(&DocumentId, &EntityView<Lockstep>, &mut dyn Iterator<Item = (&'a Path, &'a T)>) -> Edited,
        new: impl Fn(&'a Path, &'a T) -> New<'a>,
    ) {
        let (height, width) = size(block);
        let GridProps { columns, .. } = ctx.props();
        self.change(ctx, covered, PASTED, |row, target| {
            // A line may be shorter than the others: it says nothing of the cells behind its last one.
            let line = &block[(row - covered.rows.start()) % height];
            let mut cells = covered.columns.clone().filter_map(|column| {
                let cell = line.get((column - covered.columns.start()) % width)?;
                Some((&columns.get(column)?.path, cell))
            });
            match target {
                Some((id, view)) => edit(id, view, &mut cells),
                None => inserted(ctx.props(), cells.map(|(path, cell)| new(path, cell)).collect()),
            }
        });
    }

    fn fill_down(&mut self, ctx: &Context<Self>, covered: &Selection) {
        let GridProps { rows, columns, .. } = ctx.props();
        let first = *covered.rows.start();
        // It may be gone meanwhile.
        let Some(source) = rows.get(first).and_then(|id| store::entity(id).doc) else { return };
        self.change(ctx, covered, Bulk::FillDown.word(), |row, target| {
            let Some((id, view)) = target.filter(|_| row > first) else { return Ok(None) };
            let columns_of = covered.columns.clone().filter_map(|column| columns.get(column));
            let cells = columns_of.map(|column| (&column.path, source.value(&column.path)));
            edit_of_values(id, view, columns.shape(), cells)
        });
    }

    /// Changes what is covered, by one mutation: all of it, or nothing and why. `edit` is asked row by row, with the document
    /// that stands there; there is none below the last row.
    fn change(
        &mut self,
        ctx: &Context<Self>,
        covered: &Selection,
        word: &str,
        edit: impl Fn(usize, Option<(&DocumentId, &EntityView<Lockstep>)>) -> Edited,
    ) {
        let GridProps { rows, columns, .. } = ctx.props();
        let (mut edits, mut refused) = (Vec::new(), Vec::new());
        for row in covered.rows.clone() {
            let edited = match rows.get(row) {
                Some(id) => edit(row, Some((id, &store::entity(id)))),
                None => edit(row, None),
            };
            match edited {
                Ok(edit) => edits.extend(edit),
                Err((place, reason)) => refused.push((row, covered.columns.start() + place, reason)),
            }
        }
        if let Some((row, column, reason)) = refused.first() {
            let name = columns.get(*column).map_or("", |column| &*column.name);
            let more = match refused.len() {
                1 => String::new(),
                count => format!(" And {} more rows.", count - 1),
            };
            return toast::show(&format!("Not {word}. Row {}, {name}: {reason}.{more}", row + 1));
        }
        // What was changed is selected, from its first cell on.
        let (first, last) = (
            (*covered.rows.start(), *covered.columns.start()),
            (*covered.rows.end(), *covered.columns.end()),
        );
        if let Some(cursor) = cursor_at(rows, first.0, first.1) {
            self.go(cursor);
        }
        self.head = cursor_at(rows, last.0, last.1).filter(|head| self.cursor.as_ref() != Some(head));
        if !edits.is_empty() {
            Mutations.change_all(edits);
        }
    }
}

/// Why these cells cannot be changed, whatever is in them.
fn refusal(props: &GridProps, covered: &Selection) -> Option<String> {
    let GridProps { rows, columns, has_more, read_only, .. } = props;
    if let Some(reason) = read_only {
        return Some(format!("this collection cannot be edited: {reason}"));
    }
    if *covered.columns.end() >= columns.len() {
        return Some("there are not that many columns from here on".into());
    }
    if *has_more && rows.get(*covered.rows.end()).is_none() {
        return Some("not all rows were read yet: scroll to the end first".into());
    }
    too_many(covered)
}

pub(super) fn ids<'a>(
    rows: &'a Shown,
    selection: &Selection,
) -> impl Iterator<Item = &'a DocumentId> + use<'a> {
    selection.rows.clone().map_while(|row| rows.get(row))
}

/// Why that is more than can be copied or changed at once, if so.
fn too_many(selection: &Selection) -> Option<String> {
    let (count, _) = selection.size();
    let (rows, most) = (grouped(count as u64), grouped(EDITS_MOST as u64));
    (count > EDITS_MOST).then(|| format!("{rows} rows, of which at most {most} can be at once"))
}

fn still_read(count: usize) -> String {
    format!("{count} of the rows are still being read. Try again in a moment")
}

fn text_of(values: &[Vec<Option<Value>>]) -> String {
    let texts = values.iter().map(|row| row.iter().map(|value| copied(value.as_ref())).collect());
    cells::format(&texts.collect::<Vec<_>>())
}

/// # Errors
/// Why it cannot be copied now.
fn values_of(
    selection: &Selection,
    rows: &Shown,
    columns: &Columns,
) -> Result<Vec<Vec<Option<Value>>>, String> {
    if let Some(reason) = too_many(selection) {
        return Err(reason);
    }
    let mut unread = 0;
    let values = ids(rows, selection)
        .map(|id| {
            let document = store::entity(id).doc;
            unread += usize::from(document.is_none());
            let columns = selection.columns.clone().filter_map(|column| columns.get(column));
            columns.map(|column| document.as_ref()?.value(&column.path)).collect()
        })
        .collect();
    match unread {
        0 => Ok(values),
        count => Err(still_read(count)),
    }
}

/// A cell of a row that there is not yet.
struct New<'a> {
    path: &'a Path,
    text: String,
    /// Where it is known to the byte.
    value: Option<Value>,
}

/// The insert of a new document with these cells, and with what a blank form has.
fn inserted(props: &GridProps, cells: Vec<New<'_>>) -> Edited {
    let blank = Blank::new(props.columns.shape().clone(), None);
    let fields = blank.fields.iter().map(|field| {
        let cell = cells.iter().find(|cell| *cell.path == field.path);
        cell.map_or_else(|| field.text.clone(), |cell| cell.text.clone())
    });
    let texts: Vec<_> = fields.collect();
    let document = blank.fill(&texts).map_err(|refused| {
        let at = refused.fields.iter().position(Option::is_some);
        let reason = at.and_then(|at| refused.fields[at].clone()).or(refused.whole).unwrap_or_default();
        let place = at.and_then(|at| cells.iter().position(|cell| *cell.path == blank.fields[at].path));
        match (at, place) {
            (_, Some(place)) => (place, reason),
            (Some(at), None) => (0, format!("{} {reason}", blank.fields[at].path)),
            (None, None) => (0, reason),
        }
    })?;
    let mut document = document;
    for (place, New { path, text, value }) in cells.iter().enumerate() {
        let is_filled = blank.fields.iter().any(|field| field.path == **path);
        // What is known to the byte takes the place of its text. A shape need not name all fields.
        let target = match value {
            _ if text.is_empty() || is_filled && value.is_none() => continue,
            _ if **path == Path::field("_id") && !is_filled => {
                return Err((place, "a new document gets an _id of its own".into()));
            }
            Some(value) => props.columns.shape().check(path, Some(value.get())).map(|()| Some(value.clone())),
            None => target(text, props.columns.shape(), path, None),
        };
        let target = target.map_err(|reason| (place, reason))?;
        let change = Change { path: (*path).clone(), target, expected: Expectation::Value(None) };
        document = reduce::apply(&document, &[change]);
    }
    let id = document.get("_id").ok().flatten().map(Value::from_ref);
    let id = id.ok_or_else(|| (0, "the new document has no _id".to_owned()))?;
    let document_id = DocumentId { namespace: props.namespace.clone(), id };
    Ok(Some(Edit { document: document_id, action: Action::Insert(document) }))
}
