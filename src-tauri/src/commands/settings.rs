//! Commands that change how the host itself behaves.

use lockstep_model::{
    Failure, Workspace, WorkspaceChange,
    contract::{ColleagueRequest, Disturbance, Nothing, command},
};

use super::{Call, Serve};

impl Serve for command::Disturb {
    async fn serve(call: Call<'_>, disturbance: Disturbance) -> Result<Nothing, Failure> {
        call.host.disturb(disturbance);
        Ok(Nothing {})
    }
}

impl Serve for command::GetWorkspace {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<Workspace, Failure> {
        Ok(call.session.workspace.now())
    }
}

impl Serve for command::ChangeWorkspace {
    async fn serve(call: Call<'_>, change: WorkspaceChange) -> Result<Nothing, Failure> {
        let tell = |workspace| call.host.keep_workspace(workspace);
        call.session.workspace.change(change, tell).map(|()| Nothing {})
    }
}

impl Serve for command::CallColleague {
    async fn serve(call: Call<'_>, request: ColleagueRequest) -> Result<Nothing, Failure> {
        call.host.set_colleague(request.per_second)?;
        Ok(Nothing {})
    }
}
