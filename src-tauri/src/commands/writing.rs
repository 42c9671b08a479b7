//! Commands that change the database, give up changes that were not made, or tell of them.

use lockstep_model::{
    Failure,
    contract::{DiscardRequest, Exported, MutateReply, MutateRequest, Nothing, command},
};

use super::{Call, Serve};

impl Serve for command::Mutate {
    async fn serve(call: Call<'_>, request: MutateRequest) -> Result<MutateReply, Failure> {
        call.host.mutate(request.mutations).await
    }
}

impl Serve for command::Discard {
    async fn serve(call: Call<'_>, request: DiscardRequest) -> Result<Nothing, Failure> {
        call.host.discard(request).await.map(|()| Nothing {})
    }
}

impl Serve for command::ExportOutbox {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<Exported, Failure> {
        call.host.export_outbox().await
    }
}
