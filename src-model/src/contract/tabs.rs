//! The tabs of a window: views side by side, of which one is on the screen.

use serde::{Deserialize, Serialize};

use super::view::View;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Tells it from the others of its window, wherever it is moved.
    pub id: u32,
    /// What it shows.
    pub view: View,
}

/// All tabs of a window, from left to right. There is always one, and one of them is active: it is the one on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Tabs {
    tabs: Vec<Tab>,
    active: usize,
}

/// As it travels and is kept.
#[derive(Clone, Serialize, Deserialize)]
struct Parts {
    tabs: Vec<Tab>,
    active: u32,
}

impl From<Tabs> for Parts {
    fn from(Tabs { tabs, active }: Tabs) -> Self {
        Self { tabs, active: u32::try_from(active).unwrap_or_default() }
    }
}

impl TryFrom<Parts> for Tabs {
    type Error = &'static str;

    fn try_from(Parts { tabs, active }: Parts) -> Result<Self, Self::Error> {
        match usize::try_from(active) {
            Ok(active) if active < tabs.len() => Ok(Self { tabs, active }),
            _ => Err("a window has at least one tab, and one of them is active"),
        }
    }
}

impl Tabs {
    /// A window with this view only.
    pub fn of(view: View) -> Self {
        Self { tabs: vec![Tab { id: 1, view }], active: 0 }
    }

    /// All tabs, from left to right.
    pub fn iter(&self) -> impl Iterator<Item = &Tab> {
        self.tabs.iter()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.tabs.len()
    }

    /// The one on the screen.
    pub fn active(&self) -> &Tab {
        &self.tabs[self.active]
    }

    /// Shows another view in the active tab.
    pub fn show(&mut self, view: View) {
        self.tabs[self.active].view = view;
    }

    /// What a tab shows is otherwise now. Does nothing where there is no such tab.
    pub fn set(&mut self, id: u32, view: View) {
        if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.id == id) {
            tab.view = view;
        }
    }

    /// Opens a tab right of the active one, and brings it on the screen.
    pub fn open(&mut self, view: View) {
        let id = self.tabs.iter().map(|tab| tab.id).max().unwrap_or_default() + 1;
        self.active += 1;
        self.tabs.insert(self.active, Tab { id, view });
    }

    /// Brings a tab on the screen. Does nothing where there is no such tab.
    pub fn activate(&mut self, id: u32) {
        self.active = self.place(id).unwrap_or(self.active);
    }

    /// Brings the next tab on the screen, or that many further; negative is to the left. Behind the last comes the first.
    pub fn step(&mut self, by: isize) {
        let count = self.tabs.len() as isize;
        self.active = (self.active as isize + by).rem_euclid(count) as usize;
    }

    /// Takes a tab away, and the one right of it, or else left, comes on the screen. The last one gives way to
    /// [`View::Home`].
    pub fn close(&mut self, id: u32) {
        let Some(at) = self.place(id) else { return };
        if self.tabs.len() == 1 {
            return self.show(View::Home);
        }
        self.tabs.remove(at);
        if at < self.active || self.active == self.tabs.len() {
            self.active -= 1;
        }
    }

    /// Moves a tab to that place, from 0. The same tab stays on the screen.
    pub fn move_to(&mut self, id: u32, to: usize) {
        let Some(from) = self.place(id) else { return };
        let active = self.active().id;
        let tab = self.tabs.remove(from);
        self.tabs.insert(to.min(self.tabs.len()), tab);
        self.activate(active);
    }

    fn place(&self, id: u32) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Namespace,
        contract::{decode, encode},
    };

    /// Tabs of collections `a`, `b`, …, and which is active; `a` has the id 1.
    fn tabs(count: u8, active: u32) -> Tabs {
        let view = |at: u8| View::table(Namespace::new("d", &char::from(b'a' + at).to_string()));
        let mut tabs = Tabs::of(view(0));
        (1..count).for_each(|at| tabs.open(view(at)));
        tabs.activate(active);
        tabs
    }

    fn ids(tabs: &Tabs) -> (Vec<u32>, u32) {
        (tabs.iter().map(|tab| tab.id).collect(), tabs.active().id)
    }

    #[test]
    fn tabs_open_beside_the_active_one_and_close_to_the_next() {
        let mut opened = tabs(3, 1);
        opened.open(View::Home);
        assert_eq!(ids(&opened), (vec![1, 4, 2, 3], 4));
        for (active, closed, expected) in [
            (2, 2, (vec![1, 3], 3)),
            (3, 3, (vec![1, 2], 2)),
            (3, 1, (vec![2, 3], 3)),
            (1, 3, (vec![1, 2], 1)),
            (1, 9, (vec![1, 2, 3], 1)),
        ] {
            let mut tabs = tabs(3, active);
            tabs.close(closed);
            assert_eq!(ids(&tabs), expected, "{active} active, {closed} closed");
        }
        let mut last = tabs(1, 1);
        last.close(1);
        assert_eq!((last.count(), &last.active().view), (1, &View::Home));
    }

    #[test]
    fn a_moved_tab_stays_on_the_screen() {
        for (id, to, expected) in [(1, 2, vec![2, 3, 1]), (3, 0, vec![3, 1, 2]), (2, 9, vec![1, 3, 2])] {
            let mut tabs = tabs(3, 2);
            tabs.move_to(id, to);
            assert_eq!(ids(&tabs), (expected, 2), "{id} to {to}");
        }
    }

    #[test]
    fn behind_the_last_comes_the_first() {
        for (from, by, to) in [(1, 1, 2), (3, 1, 1), (1, -1, 3), (2, -1, 1)] {
            let mut tabs = tabs(3, from);
            tabs.step(by);
            assert_eq!(tabs.active().id, to, "{by} from {from}");
        }
    }

    #[test]
    fn tabs_without_an_active_one_are_refused() {
        let good = tabs(2, 2);
        assert_eq!(decode::<Tabs>(&encode(&good).unwrap()), Ok(good));
        for bad in
            [Parts { tabs: Vec::new(), active: 0 }, Parts { tabs: Parts::from(tabs(2, 1)).tabs, active: 2 }]
        {
            assert!(decode::<Tabs>(&encode(&bad).unwrap()).is_err());
        }
    }
}
