//! The ids of a list in order, in pieces that copies share: a row that moves copies two pieces and the table of pieces,
//! not the list, and who holds an older copy keeps it as it was.
//!
//! Not why a row stands where it does: that is decided in [`crate::store`].

use std::{fmt, rc::Rc};

/// A piece holds so many rows when it is made, and at most twice as many.
const PIECE: usize = 128;

type Piece<O, Id> = Rc<Vec<(O, Id)>>;

/// Ids in order. Cheap to clone; two are equal when they have the same ids in the same places.
pub struct Rows<O, Id> {
    pieces: Rc<Vec<Piece<O, Id>>>,
    /// The index of each piece's first row.
    starts: Rc<Vec<usize>>,
}

impl<O, Id> Clone for Rows<O, Id> {
    fn clone(&self) -> Self {
        Self { pieces: self.pieces.clone(), starts: self.starts.clone() }
    }
}

impl<O, Id> Default for Rows<O, Id> {
    fn default() -> Self {
        Self { pieces: Rc::default(), starts: Rc::default() }
    }
}

impl<O: PartialEq, Id: PartialEq> PartialEq for Rows<O, Id> {
    fn eq(&self, other: &Self) -> bool {
        if Rc::ptr_eq(&self.pieces, &other.pieces) {
            return true;
        }
        let same = |(a, b): (&Piece<O, Id>, &Piece<O, Id>)| Rc::ptr_eq(a, b) || a == b;
        self.len() == other.len()
            && if self.starts == other.starts {
                self.pieces.iter().zip(&*other.pieces).all(same)
            } else {
                self.pairs().eq(other.pairs())
            }
    }
}

/// Of rows that are in their order already.
impl<O: PartialEq, Id: PartialEq> FromIterator<(O, Id)> for Rows<O, Id> {
    fn from_iter<I: IntoIterator<Item = (O, Id)>>(rows: I) -> Self {
        let mut rows = rows.into_iter().peekable();
        let mut pieces = Vec::new();
        while rows.peek().is_some() {
            pieces.push(Rc::new(rows.by_ref().take(PIECE).collect()));
        }
        Self::of(pieces)
    }
}

impl<O, Id: fmt::Debug> fmt::Debug for Rows<O, Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<O, Id> Rows<O, Id> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.last().zip(self.pieces.last()).map_or(0, |(start, piece)| start + piece.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The id at an index.
    pub fn get(&self, index: usize) -> Option<&Id> {
        let at = self.starts.partition_point(|start| *start <= index).checked_sub(1)?;
        self.pieces.get(at)?.get(index - self.starts.get(at)?).map(|(_, id)| id)
    }

    /// Whether it is the very same, not just equal to it.
    pub fn is(&self, other: &Self) -> bool {
        self.pieces.len() == other.pieces.len()
            && self.pieces.iter().zip(&*other.pieces).all(|(a, b)| Rc::ptr_eq(a, b))
    }

    /// All rows with their places, in order.
    pub fn pairs(&self) -> impl Iterator<Item = &(O, Id)> {
        self.pieces.iter().flat_map(|piece| piece.iter())
    }

    /// The first row's place.
    pub(crate) fn first(&self) -> Option<&O> {
        self.pieces.first()?.first().map(|(order, _)| order)
    }

    /// The last row's place.
    pub(crate) fn last(&self) -> Option<&O> {
        self.pieces.last()?.last().map(|(order, _)| order)
    }

    /// These rows, and behind them the others, in the pieces that both have.
    pub(crate) fn followed_by(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => Self::of(self.pieces.iter().chain(&*other.pieces).cloned().collect()),
        }
    }

    fn of(pieces: Vec<Piece<O, Id>>) -> Self {
        let starts = pieces.iter().scan(0, |next, piece| {
            let start = *next;
            *next += piece.len();
            Some(start)
        });
        Self { starts: Rc::new(starts.collect()), pieces: Rc::new(pieces) }
    }

    /// The rows of those pieces that the other has not in the same place.
    pub(crate) fn not_shared_with(&self, other: &Self) -> impl Iterator<Item = &(O, Id)> {
        let own = self.pieces.iter().enumerate();
        let own =
            own.filter(|(at, piece)| other.pieces.get(*at).is_none_or(|other| !Rc::ptr_eq(piece, other)));
        own.flat_map(|(_, piece)| &***piece)
    }

    /// All ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Id> {
        self.pieces.iter().flat_map(|piece| piece.iter().map(|(_, id)| id))
    }
}

impl<O: Ord + Clone, Id: PartialEq + Clone> Rows<O, Id> {
    /// As somebody else has ordered them. What is the same as in `old` keeps its identity.
    pub(crate) fn new(rows: Vec<(O, Id)>, old: Option<&Self>) -> Self {
        if let Some(old) = old.filter(|old| old.len() == rows.len() && old.pairs().eq(&rows)) {
            return old.clone();
        }
        let mut pieces = Vec::with_capacity(rows.len() / PIECE + 1);
        let mut rest = rows.into_iter().peekable();
        while rest.peek().is_some() {
            // Where the old pieces' edges still fit, they are taken, so that pieces can be compared.
            let old = old.and_then(|old| old.pieces.get(pieces.len()));
            let piece: Vec<_> = rest.by_ref().take(old.map_or(PIECE, |old| old.len())).collect();
            pieces.push(match old {
                Some(old) if **old == piece => old.clone(),
                _ => Rc::new(piece),
            });
        }
        Self::of(pieces)
    }

    /// Puts a row at its place.
    pub(crate) fn insert(&mut self, order: O, id: Id) {
        let mut pieces = (*self.pieces).clone();
        let at = pieces.partition_point(|piece| piece.first().is_some_and(|(first, _)| *first < order));
        let at = at.saturating_sub(1);
        match pieces.get_mut(at).map(Rc::make_mut) {
            None => pieces.push(Rc::new(vec![(order, id)])),
            Some(piece) => {
                piece.insert(piece.partition_point(|(other, _)| *other < order), (order, id));
                if piece.len() > 2 * PIECE {
                    let behind = piece.split_off(PIECE);
                    pieces.insert(at + 1, Rc::new(behind));
                }
            }
        }
        *self = Self::of(pieces);
    }

    /// Takes a row out, which is expected at that place.
    pub(crate) fn remove(&mut self, order: &O, id: &Id) {
        let Some((at, within)) = self.place(order, id) else { return };
        let mut pieces = (*self.pieces).clone();
        if let Some(piece) = pieces.get_mut(at).map(Rc::make_mut) {
            piece.remove(within);
            if piece.is_empty() {
                pieces.remove(at);
            }
        }
        *self = Self::of(pieces);
    }

    /// Piece and place of a row. Somebody else's order may differ from ours in corners (a collation): then the row is
    /// searched for.
    fn place(&self, order: &O, id: &Id) -> Option<(usize, usize)> {
        let behind =
            self.pieces.partition_point(|piece| piece.first().is_some_and(|(first, _)| first <= order));
        let at = behind.saturating_sub(1);
        let within = self.pieces.get(at)?.partition_point(|(other, _)| other < order);
        let found = self.pieces.get(at)?.get(within).is_some_and(|(_, other)| other == id);
        if found {
            return Some((at, within));
        }
        let mut pieces = self.pieces.iter().enumerate();
        pieces.find_map(|(at, piece)| Some((at, piece.iter().position(|(_, other)| other == id)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::simulation::Random;

    fn rows(numbers: impl IntoIterator<Item = u32>) -> Rows<u32, String> {
        Rows::new(numbers.into_iter().map(|number| (number, number.to_string())).collect(), None)
    }

    fn shown(rows: &Rows<u32, String>) -> Vec<u32> {
        rows.iter().map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn rows_come_and_go_as_in_a_sorted_vector() {
        let mut random = Random::new(7);
        for size in [0, 1, PIECE as u32, 1_000] {
            let mut expected: Vec<u32> = (0..size).map(|number| number * 10).collect();
            let mut found = rows(expected.clone());
            for _ in 0..2_000 {
                let number = random.below(size as usize * 10 + 50) as u32;
                match expected.binary_search(&number) {
                    Ok(at) => {
                        expected.remove(at);
                        found.remove(&number, &number.to_string());
                    }
                    Err(at) => {
                        expected.insert(at, number);
                        found.insert(number, number.to_string());
                    }
                }
                assert_eq!(found.len(), expected.len());
                let at = random.below(expected.len() + 1);
                assert_eq!(found.get(at), expected.get(at).map(u32::to_string).as_ref());
            }
            assert_eq!(shown(&found), expected);
            assert_eq!(found, rows(expected));
        }
    }

    #[test]
    fn a_copy_stays_as_it_was_and_shares_what_is_the_same() {
        let mut moved = rows(0..10_000);
        let before = moved.clone();
        moved.remove(&5_000, &"5000".to_owned());
        assert_eq!((before.len(), moved.len()), (10_000, 9_999));
        assert_eq!(shown(&before), (0..10_000).collect::<Vec<_>>());
        let shared = before.pieces.iter().zip(&*moved.pieces).filter(|(a, b)| Rc::ptr_eq(a, b)).count();
        assert_eq!(shared, before.pieces.len() - 1);
        assert_ne!(before, moved);
    }

    #[test]
    fn the_same_rows_read_again_keep_their_identity() {
        let old = rows(0..1_000);
        let read = |numbers: Vec<u32>| {
            Rows::new(numbers.iter().map(|number| (*number, number.to_string())).collect(), Some(&old))
        };
        let same = read((0..1_000).collect());
        assert!(same.pieces.iter().zip(&*old.pieces).all(|(a, b)| Rc::ptr_eq(a, b)));
        let mut other: Vec<_> = (0..1_000).collect();
        other[500] = 5_000;
        let shared = read(other).pieces.iter().zip(&*old.pieces).filter(|(a, b)| Rc::ptr_eq(a, b)).count();
        assert_eq!(shared, old.pieces.len() - 1);
    }

    #[test]
    fn a_row_that_stands_elsewhere_is_found_by_its_id() {
        let mut rows = Rows::new([(3, 'c'), (1, 'a'), (2, 'b')].into(), None);
        rows.remove(&1, &'a');
        assert!(rows.iter().eq(&['c', 'b']));
        rows.remove(&9, &'c');
        rows.remove(&9, &'x');
        assert!(rows.iter().eq(&['b']));
    }
}
