//! The app as people get it: real windows over a real database, each scenario with servers and folders of its own.
//!
//! | module | idea |
//! | --- | --- |
//! | [`editing`] | an edit shows in every window, first as a layer and then saved |
//! | [`refusal`] | what is refused rolls back, and says why where it was made |
//! | [`conflict`] | a colleague's change is never overwritten unseen |
//! | [`colleague`] | the simulated colleague, by a click and as another program |
//! | [`outside`] | what other programs do appears |
//! | [`reload`] | a window that begins again has lost nothing |
//! | [`durability`] | killed servers and killed apps lose nothing |
//! | [`first_start`] | no set-up, and all of ten thousand rows |
//! | [`documents`] | insert and delete |
//! | [`opening`] | windows of their own for tables and documents |
//! | [`keyboard`] | all without a mouse |
//! | [`flood`] | somebody writes very much at once |
//! | [`exporting`] | what is filtered and sorted, in a file |
//! | [`importing`] | files of rows into a collection, each row once |
//! | [`schemaless`] | a collection of which nothing is known but its documents |
//! | [`schemas`] | what documents are, beside what the validator says |
//! | [`many`] | many documents are changed, or deleted, at once |
//! | [`hostile`] | odd documents are data |
//! | [`connection`] | a server that cannot be had |
//! | [`connections`] | several servers, each with windows and an outbox of its own, and their passwords |
//! | [`inspector`] | what the query inspector shows, and trouble on purpose |
//! | [`dates`] | dates, typed or chosen from a calendar |
//! | [`board`] | cards move between columns |
//! | [`boundary`] | a zone that fails leaves the rest alive |
//! | [`pages`] | a list that is longer than what is read of it at once |
//! | [`warm_start`] | what was on the screen is on the screen, before the database answers |
//! | [`polling`] | many windows that ask again and again are one to the server |
//! | [`security`] | what a script in a window cannot do |
//! | [`table`] | which rows and columns a table shows, and in which order |
//! | [`tabs`] | several views in one window, and the command palette |
//! | [`accessibility`] | what axe-core says of each view |
//! | [`json`] | documents and arrays as text |
//! | [`saved_views`] | views with a name, how new tables begin, and the document beside a table |
//! | [`prefetch`] | what a person is about to open is there already |

mod accessibility;
mod activity;
mod batches;
mod board;
mod boundary;
mod cells;
mod colleague;
mod conflict;
mod connection;
mod connections;
mod dashboard;
mod dates;
mod documents;
mod durability;
mod editing;
mod exporting;
mod first_start;
mod flood;
mod hostile;
mod importing;
mod inspector;
mod json;
mod keyboard;
mod look_up;
mod many;
mod offers;
mod opening;
mod outbox;
mod outside;
mod pages;
mod polling;
mod prefetch;
mod refusal;
mod reload;
mod saved_views;
mod schemaless;
mod schemas;
mod security;
mod table;
mod tabs;
mod transfers;
mod undo;
mod warm_start;
