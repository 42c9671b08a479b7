//! What an import and an export decide: how a row of a file becomes a document and back, and where an import stands.
//!
//! Pure: the files and the database are the shell's.
//!
//! | module | idea |
//! | --- | --- |
//! | [`cell`] | a cell of CSV as a value, and back |
//! | [`columns`] | which field and type a column is for |
//! | [`row`] | a row as a document, with an `_id` that it keeps |
//! | [`json`] | Extended JSON: where a document ends, and what it is |
//! | [`checkpoint`] | how far an import has come, so that it can go on |

pub mod cell;
pub mod checkpoint;
pub mod columns;
pub mod json;
pub mod row;
