//! Commands about windows.

use lockstep_model::{
    Failure,
    contract::{FaultyPlace, Nothing, Opened, Tabs, View, ZoomRequest, command},
};

use super::{Call, Serve};

impl Serve for command::OpenWindow {
    async fn serve(call: Call<'_>, view: View) -> Result<Opened, Failure> {
        call.windows.open(call.app, view).map(|label| Opened { label })
    }
}

impl Serve for command::OpenBeside {
    async fn serve(call: Call<'_>, view: View) -> Result<Opened, Failure> {
        call.windows.open_beside(call.app, call.label, view).map(|label| Opened { label })
    }
}

impl Serve for command::RememberTabs {
    async fn serve(call: Call<'_>, tabs: Tabs) -> Result<Nothing, Failure> {
        call.windows.remember(call.app, call.label, tabs);
        Ok(Nothing {})
    }
}

impl Serve for command::OpenInMain {
    async fn serve(call: Call<'_>, view: View) -> Result<Nothing, Failure> {
        call.windows.open_in_main(call.app, view)?;
        Ok(Nothing {})
    }
}

impl Serve for command::CloseWindow {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<Nothing, Failure> {
        call.windows.close(call.app, call.label)?;
        Ok(Nothing {})
    }
}

impl Serve for command::SetZoom {
    async fn serve(call: Call<'_>, ZoomRequest { percent }: ZoomRequest) -> Result<Nothing, Failure> {
        call.windows.zoom(call.app, call.label, percent)?;
        Ok(Nothing {})
    }
}

impl Serve for command::LogFault {
    async fn serve(call: Call<'_>, FaultyPlace { place }: FaultyPlace) -> Result<Nothing, Failure> {
        log::error!("a fault in {place} ended the page of {}", call.label);
        Ok(Nothing {})
    }
}
