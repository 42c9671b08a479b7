//! Commands that change how the host itself behaves.

use lockstep_model::{
    Failure,
    contract::{Disturbance, Nothing, command},
};

use super::{Call, Serve};

impl Serve for command::Disturb {
    async fn serve(call: Call<'_>, disturbance: Disturbance) -> Result<Nothing, Failure> {
        call.host.disturb(disturbance);
        Ok(Nothing {})
    }
}
