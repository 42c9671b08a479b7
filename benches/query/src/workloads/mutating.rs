//! W6: a thousand mutations that show before the server has decided.

use std::rc::Rc;

use lockstep_query::Input;

use super::Workload;
use crate::{application::Edit, row::RowId, window::Window};

/// Lays so many edits over as many rows, and has them accepted.
fn edit(window: &mut Window, count: u32) -> Vec<Rc<Edit>> {
    for number in 0..count {
        window.take(Input::Mutate(Edit { id: number.into(), row: RowId::new(number) }));
    }
    window.take(Input::Flush);
    let edits = std::mem::take(&mut window.submitted);
    let accepted = edits.iter().zip(1..).map(|(edit, number)| (edit.id, Ok(number))).collect();
    window.take(Input::Submitted(accepted));
    edits
}

/// Each ends by itself: with the row as the server then has it.
fn settle(window: &mut Window, edit: &Edit, fails: bool) {
    window.settle(edit, fails.then_some("x"), u32::from(!fails));
}

pub fn concurrent(fail: bool) -> Option<Workload> {
    let mut window = Window::with_rows(1_000);
    Workload::new(1_000, move |_| {
        let edits = edit(&mut window, 1_000);
        edits.iter().for_each(|edit| settle(&mut window, edit, fail));
        window.take(Input::Frame);
    })
}

/// How many edits that succeeded are not shown, and how many that failed are.
fn judged(window: &Window, edits: &[Rc<Edit>], fails: impl Fn(&Edit) -> bool) -> (f64, f64) {
    let rev = |edit: &Edit| window.store.entity(&edit.row).doc.map_or(0, |row| row.rev);
    let lost = edits.iter().filter(|edit| !fails(edit) && rev(edit) != 1).count();
    let ghosts = edits.iter().filter(|edit| fails(edit) && rev(edit) != 0).count();
    (lost as f64, ghosts as f64)
}

/// 500 succeed and 500 fail.
pub fn together() -> (f64, f64) {
    let mut window = Window::with_rows(1_000);
    let fails = |edit: &Edit| edit.id.is_multiple_of(2);
    let edits = edit(&mut window, 1_000);
    edits.iter().for_each(|edit| settle(&mut window, edit, fails(edit)));
    judged(&window, &edits, fails)
}

/// 100 end out of order, and every tenth fails.
pub fn staggered() -> (f64, f64) {
    let mut window = Window::with_rows(100);
    let fails = |edit: &Edit| edit.id.is_multiple_of(10);
    let edits = edit(&mut window, 100);
    let mut ending: Vec<_> = edits.iter().collect();
    ending.sort_by_key(|edit| (edit.id * 37) % 50);
    ending.iter().for_each(|edit| settle(&mut window, edit, fails(edit)));
    judged(&window, &edits, fails)
}
