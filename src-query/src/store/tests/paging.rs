//! A list page by page: further pages in both directions, all pages anew, and where rows stand that change meanwhile.

use std::num::NonZeroUsize;

use super::*;
use crate::Direction;

/// So many rows are on a page.
const SIZE: usize = 2;

fn at_most(pages: usize) -> Options {
    Options { max_pages: NonZeroUsize::new(pages), ..Options::DEFAULT }
}

/// Ids with their priorities, as the server has them.
type Rows<'a> = &'a [(u32, i32)];

const SEVEN: Rows<'static> = &[(1, 10), (2, 20), (3, 30), (4, 40), (5, 50), (6, 60), (7, 70)];

impl Window {
    /// Answers the page that is asked for, as a server that has these rows; returns which page that was.
    fn page_of(&mut self, stamp: u64, rows: Rows<'_>) -> Option<Page> {
        let at = self.flying.iter().position(|fetch| fetch.key == PAGED).expect("a page is asked for");
        let Fetch { ticket, page, .. } = self.flying.remove(at);
        let mut rows: Vec<Row> = rows.iter().map(|(id, priority)| ((*priority, *id), *id)).collect();
        rows.sort_unstable();
        let (rows, previous, next) = cut(&rows, page, SIZE);
        let docs =
            rows.iter().map(|((priority, id), _)| document(*id, task("t", *priority), stamp)).collect();
        self.take(Input::Fetched(ticket, Ok(Answer::List { rows, docs, previous, next, stamp })));
        page
    }

    fn next(&mut self) {
        self.take(Input::FetchNextPage(PAGED));
    }

    fn previous(&mut self) {
        self.take(Input::FetchPreviousPage(PAGED));
    }

    /// Whether there is more before and behind, around the number of pages.
    fn extent(&mut self) -> (bool, usize, bool) {
        let view = self.view(PAGED);
        (view.has_previous_page, view.page_count, view.has_next_page)
    }
}

/// With that many pages of seven rows, read at stamp 1.
fn with_pages(pages: usize, options: Options) -> Window {
    let mut window = Window::new();
    window.mount_with(1, PAGED, options);
    window.page_of(1, SEVEN);
    for _ in 1..pages {
        window.next();
        window.page_of(1, SEVEN);
    }
    window
}

#[test]
fn a_next_page_joins_behind_the_last_until_there_is_none() {
    let mut window = with_pages(1, Options::DEFAULT);
    assert_eq!((window.rows(PAGED), window.extent()), ("1 2".into(), (false, 1, true)));

    window.next();
    let view = window.view(PAGED);
    assert!(view.is_fetching_next_page() && !view.is_refetching() && !view.is_fetching_previous_page());
    assert_eq!(window.rows(PAGED), "1 2", "what is there stays while it is on its way");
    assert_eq!(window.page_of(1, SEVEN), Some(Page::After((20, 2))));
    assert_eq!((window.rows(PAGED), window.extent()), ("1 2 3 4".into(), (false, 2, true)));
    assert!(!window.view(PAGED).is_fetching());

    window.next();
    window.page_of(1, SEVEN);
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!((window.rows(PAGED), window.extent()), ("1 2 3 4 5 6 7".into(), (false, 4, false)));
    window.next();
    window.previous();
    assert!(window.flying.is_empty(), "nothing is beyond the ends");
}

#[test]
fn asking_twice_for_a_page_fetches_it_once() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    window.next();
    assert_eq!(window.flying.len(), 1);
    window.page_of(1, SEVEN);
    assert!(window.flying.is_empty());
    assert_eq!(window.rows(PAGED), "1 2 3 4");
}

#[test]
fn without_data_a_next_page_is_the_first() {
    let mut window = Window::new();
    window.mount_with(1, PAGED, Options { enabled: false, ..Options::DEFAULT });
    window.next();
    assert_eq!(window.page_of(1, SEVEN), None);
    assert_eq!(window.rows(PAGED), "1 2");
}

#[test]
fn where_pages_are_limited_the_one_at_the_other_end_goes_and_can_be_read_again() {
    let mut window = with_pages(3, at_most(2));
    assert_eq!((window.rows(PAGED), window.extent()), ("3 4 5 6".into(), (true, 2, true)));
    window.previous();
    assert!(window.view(PAGED).is_fetching_previous_page());
    assert_eq!(window.page_of(1, SEVEN), Some(Page::Before((30, 3))));
    assert_eq!((window.rows(PAGED), window.extent()), ("1 2 3 4".into(), (false, 2, true)));
}

#[test]
fn of_several_observers_the_one_that_wants_most_pages_counts() {
    let mut window = with_pages(1, at_most(1));
    window.mount_with(2, PAGED, at_most(2));
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!(window.rows(PAGED), "1 2 3 4");
    window.unmount(2);
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!(window.rows(PAGED), "5 6");
}

#[test]
fn all_pages_anew_are_read_one_after_the_other_and_change_the_list_in_one_step() {
    let mut window = with_pages(3, Options::DEFAULT);
    window.take(Input::invalidate(vec![]));
    let newer: Rows<'_> = &[(8, 5), (1, 10), (2, 20), (4, 40), (5, 50), (6, 60), (7, 70)];
    assert_eq!(window.page_of(2, newer), None);
    assert_eq!(window.rows(PAGED), "1 2 3 4 5 6", "nobody sees half of it");
    assert!(window.view(PAGED).is_refetching());
    assert_eq!(window.page_of(2, newer), Some(Page::After((10, 1))), "as the page before it says now");
    assert_eq!(window.page_of(2, newer), Some(Page::After((40, 4))));
    assert_eq!((window.rows(PAGED), window.extent()), ("8 1 2 4 5 6".into(), (false, 3, true)));
    assert!(window.flying.is_empty());
}

#[test]
fn a_list_that_got_shorter_has_fewer_pages() {
    let mut window = with_pages(3, Options::DEFAULT);
    window.take(Input::invalidate(vec![]));
    let shorter = &SEVEN[..3];
    window.page_of(2, shorter);
    window.page_of(2, shorter);
    assert!(window.flying.is_empty(), "there is no third page to ask for");
    assert_eq!((window.rows(PAGED), window.extent()), ("1 2 3".into(), (false, 2, false)));
}

#[test]
fn anew_begins_where_the_kept_pages_begin() {
    let mut window = with_pages(3, at_most(2));
    window.take(Input::invalidate(vec![]));
    assert_eq!(window.page_of(2, SEVEN), Some(Page::After((20, 2))));
    assert_eq!(window.page_of(2, SEVEN), Some(Page::After((40, 4))));
    assert_eq!((window.rows(PAGED), window.extent()), ("3 4 5 6".into(), (true, 2, true)));
}

#[test]
fn a_refetch_gives_way_to_a_next_page_and_is_made_up_for() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.take(Input::invalidate(vec![]));
    window.next();
    assert_eq!(window.flying.len(), 1, "the refetch is given up");
    assert_eq!(window.page_of(1, SEVEN), Some(Page::After((20, 2))));
    assert_eq!(window.rows(PAGED), "1 2 3 4");
    assert_eq!(window.page_of(2, SEVEN), None, "and made up for");
    window.page_of(2, SEVEN);
    assert!(window.flying.is_empty());
}

#[test]
fn an_invalidation_between_two_pages_of_a_refetch_is_not_lost() {
    let mut window = with_pages(2, Options::DEFAULT);
    window.take(Input::invalidate(vec![]));
    window.page_of(2, SEVEN);
    window.take(Input::invalidate(vec![]));
    window.page_of(2, SEVEN);
    assert_eq!(window.fetching(), [PAGED], "what the first page has may be older");
    window.page_of(3, SEVEN);
    window.page_of(3, SEVEN);
    assert!(window.flying.is_empty());
}

#[test]
fn a_page_that_fails_leaves_the_others_and_can_be_asked_for_again() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    window.fail(PAGED, Failure::Rejected);
    let view = window.view(PAGED);
    assert!(view.is_fetch_next_page_error() && !view.is_refetch_error());
    assert_eq!((view.status, window.rows(PAGED)), (Status::Success, "1 2".into()));
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!(window.rows(PAGED), "1 2 3 4");
    assert_eq!(window.view(PAGED).error, None);
}

#[test]
fn a_refetch_that_fails_on_the_way_leaves_the_list_as_it_was() {
    let mut window = with_pages(2, Options::DEFAULT);
    window.take(Input::invalidate(vec![]));
    window.page_of(2, &SEVEN[1..]);
    window.fail(PAGED, Failure::Rejected);
    assert_eq!(window.rows(PAGED), "1 2 3 4");
    assert!(window.view(PAGED).is_refetch_error());
}

#[test]
fn a_cancelled_page_changes_nothing() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    window.take(Input::Cancel(crate::Filter::exact(&PAGED)));
    assert!(window.flying.is_empty());
    assert_eq!((window.rows(PAGED), window.view(PAGED).direction), ("1 2".into(), None));
}

#[test]
fn a_row_that_moved_between_two_reads_is_there_once() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    let moved: Rows<'_> = &[(1, 10), (2, 35), (3, 30), (4, 40)];
    window.page_of(2, moved);
    assert_eq!(window.rows(PAGED), "1 3 2");
}

#[test]
fn an_edit_that_carries_a_row_beyond_the_loaded_end_takes_it_out_until_that_is_read() {
    let mut window = with_pages(2, Options::DEFAULT);
    window.mutate(edit(7, 1, Change::Priority(65)));
    assert_eq!(window.rows(PAGED), "2 3 4");
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!(window.rows(PAGED), "2 3 4 5 6");
    window.next();
    window.page_of(1, SEVEN);
    assert_eq!(window.rows(PAGED), "2 3 4 5 6 1 7");
}

#[test]
fn what_others_insert_shows_where_it_was_read_and_not_beyond() {
    let mut window = with_pages(2, Options::DEFAULT);
    let inserted = [document(8, task("t", 25), 2), document(9, task("t", 45), 2)];
    window.feed(vec![changed(inserted.into())]);
    assert_eq!(window.rows(PAGED), "1 2 8 3 4");
    window.next();
    let now: Rows<'_> = &[(1, 10), (2, 20), (8, 25), (3, 30), (4, 40), (9, 45), (5, 50), (6, 60)];
    window.page_of(2, now);
    assert_eq!(window.rows(PAGED), "1 2 8 3 4 9 5");
}

#[test]
fn what_is_older_than_its_page_changes_nothing_though_another_page_is_older_still() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    window.page_of(5, SEVEN);
    // 3 is on the page of stamp 5, and 2 on that of stamp 1
    window.feed(vec![changed(vec![document(3, task("t", 15), 4)])]);
    assert_eq!(window.rows(PAGED), "1 2 3 4");
    window.feed(vec![changed(vec![document(2, task("t", 5), 4)])]);
    assert_eq!(window.rows(PAGED), "2 1 3 4");
}

#[test]
fn an_answer_that_nobody_asked_for_does_not_shorten_a_list() {
    let mut window = with_pages(2, Options::DEFAULT);
    let (rows, previous, next) = cut(&[((11, 1), 1), ((20, 2), 2), ((30, 3), 3)], None, SIZE);
    let docs = vec![document(1, task("new", 11), 2)];
    window.feed(vec![Entry::Answer(PAGED, Answer::List { rows, docs, previous, next, stamp: 2 })]);
    assert_eq!((window.rows(PAGED), window.shows(1)), ("1 2 3 4".into(), "new/11".into()));
}

#[test]
fn a_rollback_brings_a_row_back_to_its_page() {
    let mut window = with_pages(2, Options::DEFAULT);
    window.mutate(edit(7, 4, Change::Priority(1)));
    assert_eq!(window.rows(PAGED), "4 1 2 3");
    window.refuse(7);
    assert_eq!(window.rows(PAGED), "1 2 3 4");
}

#[test]
fn rows_that_came_from_elsewhere_go_with_the_page_that_they_stood_on() {
    let mut window = with_pages(1, at_most(1));
    window.mutate(edit(7, 6, Change::Priority(15)));
    window.mutate(edit(8, 6, Change::title("six")));
    assert_eq!(window.rows(PAGED), "1 2", "nothing is known of 6");
    window.feed(vec![changed(vec![document(6, task("t", 15), 2)])]);
    assert_eq!(window.rows(PAGED), "1 6 2");
    window.next();
    window.page_of(2, &[(1, 10), (6, 15), (2, 20)]);
    assert_eq!((window.rows(PAGED), window.extent()), (String::new(), (true, 1, false)));
    window.previous();
    window.page_of(2, &[(1, 10), (6, 15), (2, 20)]);
    assert_eq!(window.rows(PAGED), "6 2");
}

#[test]
fn the_direction_is_told_until_a_refetch_begins() {
    let mut window = with_pages(1, Options::DEFAULT);
    window.next();
    assert_eq!(window.view(PAGED).direction, Some(Direction::Forward));
    window.fail(PAGED, Failure::Rejected);
    assert_eq!(window.view(PAGED).direction, Some(Direction::Forward));
    window.take(Input::invalidate(vec![]));
    assert_eq!(window.view(PAGED).direction, None);
}

#[test]
fn pages_survive_a_restart() {
    let mut window = with_pages(3, at_most(2));
    let saved = window.store.take_unsaved();
    let mut next = Window::unattached();
    next.take(Input::Hydrate(saved, Duration::ZERO));
    assert_eq!((next.rows(PAGED), next.extent()), ("3 4 5 6".into(), (true, 2, true)));
    next.attached(|_| {});
    next.mount_with(1, PAGED, at_most(2));
    assert_eq!(next.page_of(2, SEVEN), Some(Page::After((20, 2))));
}
