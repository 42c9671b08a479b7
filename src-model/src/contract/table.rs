// The table of all commands. It stands in a file of its own, and has no `//!`, since the host's build script includes
// it to make the permission list.

/// Calls the macro `$with` with every command: `name Type: Class(Request) -> Reply;`.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            /// The window listens: what it missed, and what it shows.
            attach Attach: Window(AttachRequest) -> AttachReply;
            /// Which keys the window has begun and ceased to watch.
            watch Watch: Window(Watching) -> Nothing;
            /// The feed from a number on, after a gap or for a batch that was announced only.
            feed_since FeedSince: Window(Since) -> Missed;
            /// How far the window has applied the feed.
            acknowledge Acknowledge: Window(Since) -> Nothing;
            /// How the host and the database stand to each other.
            sync_status Status: Window(Nothing) -> SyncStatus;
            /// What a person keeps of the connection on this machine.
            workspace GetWorkspace: Window(Nothing) -> Workspace;
            /// Changes that: it is on disk when this returns, and in all windows.
            change_workspace ChangeWorkspace: Settings(WorkspaceChange) -> Nothing;
            /// Opens a window with a view, or raises the one that shows it.
            open_window OpenWindow: Window(View) -> Opened;
            /// The same, and that window has one half of the screen then, and the one that calls the other.
            open_beside OpenBeside: Window(View) -> Opened;
            /// What the window shows now, to be back at the next start.
            remember_tabs RememberTabs: Window(Tabs) -> Nothing;
            /// Shows a view in a tab of the main window, and raises that.
            open_in_main OpenInMain: Window(View) -> Nothing;
            /// Closes the window that calls.
            close_window CloseWindow: Window(Nothing) -> Nothing;
            /// Shows the window that calls larger or smaller.
            set_zoom SetZoom: Window(ZoomRequest) -> Nothing;
            /// Keeps in the log what ended the page of the window that calls.
            log_fault LogFault: Window(FaultyPlace) -> Nothing;
            /// All connections: the servers that a person works on.
            connections Connections: Window(Nothing) -> ConnectionList;
            /// Opens the windows of a connection, or raises one of them.
            open_connection OpenConnection: Window(ConnectionRequest) -> Nothing;
            /// Makes a connection, or changes it.
            save_connection SaveConnection: Settings(SaveConnectionRequest) -> SavedConnection;
            /// Forgets a connection, its password, and what was kept for it on this machine.
            remove_connection RemoveConnection: Settings(ConnectionRequest) -> Nothing;
            /// Tries this password with the window's connection.
            enter_password EnterPassword: Settings(PasswordRequest) -> SavedConnection;
            /// The collections of the connection.
            collections Collections: Read(Nothing) -> CollectionList;
            /// Ids in order, by filter and sort.
            list List: Read(ListRequest) -> ListPage;
            /// Counts, sums and the like, by group.
            figures GetFigures: Read(FiguresRequest) -> Figures;
            /// Documents by id, without their large fields.
            rows Rows: Read(RowsRequest) -> Snapshots;
            /// One document, without its large fields.
            document GetDocument: Read(DocumentRequest) -> Snapshots;
            /// One field of a document, however large.
            field Field: Read(FieldRequest) -> FieldValue;
            /// What the validator says and what a sample of the documents is, and the indexes.
            schema Schema: Read(SchemaRequest) -> CollectionSchema;
            /// Accepts mutations: from the reply on, they are never lost.
            mutate Mutate: Write(MutateRequest) -> MutateReply;
            /// Gives up a mutation that failed, or one that waits to be sent.
            discard Discard: Settings(DiscardRequest) -> Nothing;
            /// Writes all edits that wait, and all that failed, to a file for the person.
            export_outbox ExportOutbox: Read(Nothing) -> Exported;
            /// All imports and exports.
            jobs Jobs: Window(Nothing) -> JobList;
            /// Asks the person for a file.
            choose_file ChooseFile: Window(FileChoice) -> ChosenFile;
            /// Writes documents to a file.
            start_export StartExport: Read(ExportRequest) -> ExportReply;
            /// Looks at a file before it is imported.
            preview_import PreviewImport: Read(PreviewRequest) -> Preview;
            /// Reads documents from a file into a collection.
            start_import StartImport: Write(ImportRequest) -> StartedJob;
            /// Goes on with an import from where it stopped.
            resume_import ResumeImport: Write(JobRequest) -> Nothing;
            /// Ends a job; an import can go on later.
            cancel_job CancelJob: Settings(JobRequest) -> Nothing;
            /// Puts away a job that has ended.
            forget_job ForgetJob: Settings(JobRequest) -> Nothing;
            /// The first rows that an import refused.
            read_report ReadReport: Read(JobRequest) -> RefusedRows;
            /// Makes trouble on purpose on the way to the database, for all windows, or ends it.
            disturb Disturb: Settings(Disturbance) -> Nothing;
            /// Begins or ends the simulated colleague on the sample workspace.
            call_colleague CallColleague: Write(ColleagueRequest) -> Nothing;
        }
    };
}
