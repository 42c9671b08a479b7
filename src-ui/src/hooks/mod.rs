//! What a component uses to read and to change shared data.
//!
//! Nothing here knows what is drawn; nothing in a component knows how data comes.

mod activity;
mod colleague;
mod connections;
mod disturb;
mod document;
mod figures;
mod held;
mod infinite_query;
mod is_fetching;
mod is_mutating;
mod mutation;
mod news;
mod prefetch;
mod queries;
mod query;
mod thrown;
mod transfer;
mod workspace;

pub use activity::{turn, undo, use_activity, watch_activity};
pub use colleague::{COLLEAGUE_PER_SECOND, use_colleague};
pub use connections::{
    enter_password, list_connections, open_connection, remove_connection, save_connection,
};
pub use disturb::use_disturb;
pub use document::{Fetched, use_document};
pub use figures::use_figures;
pub use held::use_held_while;
pub use infinite_query::use_infinite_query;
pub use is_fetching::use_is_fetching;
pub use is_mutating::use_is_mutating;
pub use mutation::{Mutations, is_made_here, use_mutation};
pub use news::use_news;
pub use prefetch::{Prefetch, use_prefetch};
pub use queries::use_queries;
pub use query::{use_observer, use_query, use_selected};
pub use thrown::use_thrown;
pub use transfer::{act_on_job, ask, choose_file, use_jobs};
pub use workspace::{change_workspace, change_workspace_then, new_name, use_of_workspace};
