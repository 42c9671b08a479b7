//! Commands about connections.

use lockstep_model::{
    Failure,
    contract::{
        ConnectionList, ConnectionRequest, Nothing, PasswordRequest, SaveConnectionRequest, SavedConnection,
        command,
    },
};

use super::{Call, Serve};
use crate::windows::connection_of;

impl Serve for command::Connections {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<ConnectionList, Failure> {
        Ok(call.connections.list(call.app, &connection_of(call.label)))
    }
}

impl Serve for command::OpenConnection {
    async fn serve(call: Call<'_>, request: ConnectionRequest) -> Result<Nothing, Failure> {
        call.connections.open(call.app, &request.id).map(|()| Nothing {})
    }
}

impl Serve for command::SaveConnection {
    async fn serve(call: Call<'_>, request: SaveConnectionRequest) -> Result<SavedConnection, Failure> {
        let (id, not_kept) = call.connections.save(call.app, request).await?;
        Ok(SavedConnection { id, not_kept })
    }
}

impl Serve for command::RemoveConnection {
    async fn serve(call: Call<'_>, request: ConnectionRequest) -> Result<Nothing, Failure> {
        call.connections.remove(call.app, &request.id).await.map(|()| Nothing {})
    }
}

impl Serve for command::EnterPassword {
    async fn serve(call: Call<'_>, request: PasswordRequest) -> Result<SavedConnection, Failure> {
        let id = connection_of(call.label);
        let not_kept = call.connections.enter_password(&id, request.password).await?;
        Ok(SavedConnection { id, not_kept })
    }
}
