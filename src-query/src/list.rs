//! A list: ids in order, with the places by which they are ordered.
//!
//! Not why a row stands where it does: that is decided in [`crate::store`].

use std::{collections::HashMap, rc::Rc};

use crate::App;

#[derive(Debug)]
pub(crate) struct List<A: App> {
    rows: Vec<(A::Order, A::Id)>,
    orders: HashMap<A::Id, A::Order>,
    /// Where the read had the rows that stand elsewhere now.
    moved: HashMap<A::Id, Option<A::Order>>,
    /// The ids alone, made when somebody looks.
    ids: Option<Rc<[A::Id]>>,
    /// When the server read it.
    pub stamp: A::Stamp,
}

impl<A: App> List<A> {
    /// As the server sent it, in its order.
    pub fn new(rows: Vec<(A::Order, A::Id)>, stamp: A::Stamp) -> Self {
        let orders = rows.iter().map(|(order, id)| (id.clone(), order.clone())).collect();
        Self { rows, orders, moved: HashMap::new(), ids: None, stamp }
    }

    pub fn order(&self, id: &A::Id) -> Option<&A::Order> {
        self.orders.get(id)
    }

    pub fn contains(&self, id: &A::Id) -> bool {
        self.orders.contains_key(id)
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
        self.ids = None;
        if let Some(at) = old.as_ref().and_then(|old| self.index(id, old)) {
            self.rows.remove(at);
        }
        if *self.moved.entry(id.clone()).or_insert(old) == order {
            self.moved.remove(id);
        }
        match order {
            None => {
                self.orders.remove(id);
            }
            Some(order) => {
                let at = self.rows.partition_point(|(other, _)| *other < order);
                self.rows.insert(at, (order.clone(), id.clone()));
                self.orders.insert(id.clone(), order);
            }
        }
        true
    }

    /// The server's order may differ from ours in corners (a collation): then the row is searched for.
    fn index(&self, id: &A::Id, order: &A::Order) -> Option<usize> {
        let at = self.rows.partition_point(|(other, _)| other < order);
        match self.rows.get(at) {
            Some((_, found)) if found == id => Some(at),
            _ => self.rows.iter().position(|(_, other)| other == id),
        }
    }

    pub fn ids(&mut self) -> Rc<[A::Id]> {
        self.ids.get_or_insert_with(|| self.rows.iter().map(|(_, id)| id.clone()).collect()).clone()
    }

    /// The same ids in the same order keep their identity, so that nobody draws them again.
    pub fn share_ids(&mut self, old: &Self) {
        let shared = old.ids.as_ref().filter(|ids| ids.iter().eq(self.rows.iter().map(|(_, id)| id)));
        self.ids = self.ids.take().or_else(|| shared.cloned());
    }
}
