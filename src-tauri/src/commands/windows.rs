//! Commands about windows.

use lockstep_model::{
    Failure,
    contract::{Nothing, Opened, View, command},
};

use super::{Call, Serve};

impl Serve for command::OpenWindow {
    async fn serve(call: Call<'_>, view: View) -> Result<Opened, Failure> {
        call.windows.open(call.app, view).map(|label| Opened { label })
    }
}

impl Serve for command::RememberView {
    async fn serve(call: Call<'_>, view: View) -> Result<Nothing, Failure> {
        call.windows.remember(call.app, call.label, view);
        Ok(Nothing {})
    }
}
