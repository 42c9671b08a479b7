//! The pending mutations, in the order in which they lie over the entities.
//!
//! Not the content that they make: that is the entity's view.

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use crate::{App, hashing::Map};

/// A layer's place: accepted ones by number, then this window's own local ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Position {
    Accepted(u64),
    Local(u64),
}

#[derive(Debug)]
pub(crate) struct Layer<A: App> {
    pub mutation: Rc<A::Mutation>,
    /// It waits for the network.
    pub paused: bool,
    /// It was made here: if it is refused, somebody here has to know.
    pub own: bool,
    /// It is not submitted before that time.
    pub not_before: Duration,
}

impl Position {
    /// Whether nobody but this window knows of it yet.
    pub fn is_local(self) -> bool {
        matches!(self, Self::Local(_))
    }
}

#[derive(Debug)]
pub(crate) struct Layers<A: App> {
    by_position: BTreeMap<Position, Layer<A>>,
    positions: Map<A::MutationId, Position>,
    locals_made: u64,
}

impl<A: App> Layers<A> {
    pub fn new() -> Self {
        Self { by_position: BTreeMap::new(), positions: Map::default(), locals_made: 0 }
    }

    pub fn len(&self) -> usize {
        self.by_position.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Position, &Layer<A>)> {
        self.by_position.iter()
    }

    pub fn get(&self, position: Position) -> Option<&Layer<A>> {
        self.by_position.get(&position)
    }

    pub fn get_mut(&mut self, id: &A::MutationId) -> Option<&mut Layer<A>> {
        self.by_position.get_mut(self.positions.get(id)?)
    }

    pub fn position(&self, id: &A::MutationId) -> Option<Position> {
        self.positions.get(id).copied()
    }

    /// Lays a new one on top.
    pub fn push_local(&mut self, mutation: Rc<A::Mutation>) -> Position {
        self.locals_made += 1;
        let position = Position::Local(self.locals_made);
        self.insert(position, Layer { mutation, paused: false, own: true, not_before: Duration::ZERO });
        position
    }

    pub fn insert(&mut self, position: Position, layer: Layer<A>) {
        self.positions.insert(A::mutation_id(&layer.mutation), position);
        self.by_position.insert(position, layer);
    }

    pub fn remove(&mut self, id: &A::MutationId) -> Option<(Position, Layer<A>)> {
        let position = self.positions.remove(id)?;
        self.by_position.remove(&position).map(|layer| (position, layer))
    }

    /// Those that nobody but this window knows of yet, in order.
    pub fn locals(&self) -> impl Iterator<Item = &Layer<A>> {
        self.by_position.range(Position::Local(0)..).map(|(_, layer)| layer)
    }
}
