//! Commands about imports and exports.

use lockstep_model::{
    Failure,
    contract::{
        ChosenFile, ExportReply, ExportRequest, FileChoice, ImportRequest, JobList, JobRequest, Nothing,
        Preview, PreviewRequest, RefusedRows, StartedJob, command,
    },
};
use tauri::Manager;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::{Call, Serve};

impl Serve for command::Jobs {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<JobList, Failure> {
        Ok(call.host.jobs())
    }
}

impl Serve for command::ChooseFile {
    async fn serve(call: Call<'_>, choice: FileChoice) -> Result<ChosenFile, Failure> {
        let mut dialog = call.app.dialog().file();
        if let Some(window) = call.app.get_webview_window(call.label) {
            dialog = dialog.set_parent(&window);
        }
        let (chosen, path) = oneshot::channel();
        let choose = move |path| drop(chosen.send(path));
        match choice.save {
            true => dialog.set_file_name(choice.name).save_file(choose),
            false => dialog.pick_file(choose),
        }
        let path = path.await.ok().flatten();
        let path =
            path.map(tauri_plugin_dialog::FilePath::into_path).transpose().map_err(Failure::invalid)?;
        Ok(ChosenFile { path: path.map(|path| path.display().to_string()) })
    }
}

impl Serve for command::StartExport {
    async fn serve(call: Call<'_>, request: ExportRequest) -> Result<ExportReply, Failure> {
        call.host.start_export(request).await
    }
}

impl Serve for command::PreviewImport {
    async fn serve(call: Call<'_>, request: PreviewRequest) -> Result<Preview, Failure> {
        call.host.preview_import(request).await
    }
}

impl Serve for command::StartImport {
    async fn serve(call: Call<'_>, request: ImportRequest) -> Result<StartedJob, Failure> {
        call.host.start_import(request).await.map(|id| StartedJob { id })
    }
}

impl Serve for command::ResumeImport {
    async fn serve(call: Call<'_>, request: JobRequest) -> Result<Nothing, Failure> {
        call.host.resume_import(&request.id).await.map(|()| Nothing {})
    }
}

impl Serve for command::CancelJob {
    async fn serve(call: Call<'_>, request: JobRequest) -> Result<Nothing, Failure> {
        call.host.cancel_job(&request.id).map(|()| Nothing {})
    }
}

impl Serve for command::ForgetJob {
    async fn serve(call: Call<'_>, request: JobRequest) -> Result<Nothing, Failure> {
        call.host.forget_job(&request.id).map(|()| Nothing {})
    }
}

impl Serve for command::ReadReport {
    async fn serve(call: Call<'_>, request: JobRequest) -> Result<RefusedRows, Failure> {
        call.host.read_report(&request.id).await
    }
}
