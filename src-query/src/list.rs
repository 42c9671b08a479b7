//! A list: its rows in order, and where the read had those that stand elsewhere now.
//!
//! Not why a row stands where it does: that is decided in [`crate::store`].

use crate::{App, Rows, hashing::Map};

#[derive(Debug)]
pub(crate) struct List<A: App> {
    rows: Rows<A::Order, A::Id>,
    orders: Map<A::Id, A::Order>,
    /// Where the read had the rows that stand elsewhere now.
    moved: Map<A::Id, Option<A::Order>>,
    /// When the server read it.
    pub stamp: A::Stamp,
}

impl<A: App> List<A> {
    /// As the server sent it, in its order; what is the same as before keeps its identity.
    pub fn new(rows: Vec<(A::Order, A::Id)>, stamp: A::Stamp, old: Option<&Self>) -> Self {
        let orders = rows.iter().map(|(order, id)| (id.clone(), order.clone())).collect();
        Self { rows: Rows::new(rows, old.map(|old| &old.rows)), orders, moved: Map::default(), stamp }
    }

    pub fn order(&self, id: &A::Id) -> Option<&A::Order> {
        self.orders.get(id)
    }

    pub fn contains(&self, id: &A::Id) -> bool {
        self.orders.contains_key(id)
    }

    /// Whether the row stands elsewhere than the server had it.
    pub fn is_moved(&self, id: &A::Id) -> bool {
        self.moved.contains_key(id)
    }

    /// Whether the server had just these rows, and all stand where it had them.
    pub fn was_read_as(&self, rows: &[(A::Order, A::Id)]) -> bool {
        self.moved.is_empty() && self.rows.len() == rows.len() && self.rows.pairs().eq(rows)
    }

    /// Where the server had the row when it read the list.
    pub fn as_read(&self, id: &A::Id) -> Option<&A::Order> {
        self.moved.get(id).map_or_else(|| self.order(id), Option::as_ref)
    }

    /// Puts the row at its place, moves it there, or takes it out. Returns whether anything changed.
    pub fn set(&mut self, id: &A::Id, order: Option<A::Order>) -> bool {
        let old = self.orders.get(id).cloned();
        if old == order {
            return false;
        }
        if let Some(old) = &old {
            self.rows.remove(old, id);
        }
        if *self.moved.entry(id.clone()).or_insert(old) == order {
            self.moved.remove(id);
        }
        match order {
            None => {
                self.orders.remove(id);
            }
            Some(order) => {
                self.rows.insert(order.clone(), id.clone());
                self.orders.insert(id.clone(), order);
            }
        }
        true
    }

    /// As the server had them when it read the list.
    pub fn rows_as_read(&self) -> Vec<(A::Order, A::Id)> {
        let stays = |(_, id): &(A::Order, A::Id)| !self.moved.contains_key(id);
        let mut rows: Vec<_> = self.rows.pairs().filter(|row| stays(row)).cloned().collect();
        for (id, order) in &self.moved {
            if let Some(order) = order {
                let at = rows.partition_point(|(other, _)| other < order);
                rows.insert(at, (order.clone(), id.clone()));
            }
        }
        rows
    }

    pub fn rows(&self) -> &Rows<A::Order, A::Id> {
        &self.rows
    }
}
