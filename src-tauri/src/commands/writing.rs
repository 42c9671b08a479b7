//! Commands that change the database, decide on a change that failed, or tell of those that were not made yet.

use lockstep_model::{
    Failure,
    contract::{Exported, MutateReply, MutateRequest, Nothing, ReviewRequest, command},
};

use super::{Call, Serve};

impl Serve for command::Mutate {
    async fn serve(call: Call<'_>, request: MutateRequest) -> Result<MutateReply, Failure> {
        call.host.mutate(request.mutations).await
    }
}

impl Serve for command::Discard {
    async fn serve(call: Call<'_>, request: ReviewRequest) -> Result<Nothing, Failure> {
        call.host.discard(request.mutation).await.map(|()| Nothing {})
    }
}

impl Serve for command::ExportOutbox {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<Exported, Failure> {
        call.host.export_outbox().await
    }
}
