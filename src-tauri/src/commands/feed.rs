//! Commands about the feed: how a window begins, and how it stays in step.

use lockstep_model::{
    Failure,
    contract::{AttachReply, AttachRequest, Attached, Missed, Nothing, Since, SyncStatus, Watching, command},
};
use lockstep_sync::host::Attachment;

use super::{Call, Serve};

impl Serve for command::Attach {
    async fn serve(call: Call<'_>, request: AttachRequest) -> Result<AttachReply, Failure> {
        let tabs = call.windows.tabs(call.label);
        let view = &tabs.active().view;
        let mut keys = view.first_keys(&call.session.workspace.now());
        let attached = call.host.attach(call.label, request.page, &keys);
        let Attachment { boot, seq, pending, reviews, numbered, first, status } = match attached {
            Ok(attachment) => attachment,
            Err(page) => return Ok(AttachReply::Outdated(page)),
        };
        keys.retain(|key| first.iter().all(|(known, _)| known != key));
        let cached = call.host.cached(view.clone(), keys).await;
        let attached = Attached { boot, seq, tabs, pending, reviews, numbered, first, cached, status };
        Ok(AttachReply::Attached(Box::new(attached)))
    }
}

impl Serve for command::Watch {
    async fn serve(call: Call<'_>, watching: Watching) -> Result<Nothing, Failure> {
        call.host.watch(call.label, watching);
        Ok(Nothing {})
    }
}

impl Serve for command::FeedSince {
    async fn serve(call: Call<'_>, since: Since) -> Result<Missed, Failure> {
        Ok(call.host.feed_since(call.label, since))
    }
}

impl Serve for command::Acknowledge {
    async fn serve(call: Call<'_>, since: Since) -> Result<Nothing, Failure> {
        call.host.acknowledge(call.label, since);
        Ok(Nothing {})
    }
}

impl Serve for command::Status {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<SyncStatus, Failure> {
        Ok(call.host.status())
    }
}
