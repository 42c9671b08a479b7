//! Commands that change the database, or decide on a change that failed.

use lockstep_model::{
    Failure,
    contract::{MutateReply, MutateRequest, Nothing, ReviewRequest, command},
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
