//! Commands that read the database.

use lockstep_model::{
    Failure, Figures,
    contract::{
        CollectionList, CollectionSchema, DocumentRequest, FieldRequest, FieldValue, FiguresRequest,
        ListPage, ListRequest, Nothing, RowsRequest, SchemaRequest, Snapshots, command,
    },
};
use lockstep_sync::host::Read;

use super::{Call, Serve};

impl Serve for command::Collections {
    async fn serve(call: Call<'_>, _: Nothing) -> Result<CollectionList, Failure> {
        call.host.collections(call.label).await
    }
}

impl Serve for command::List {
    async fn serve(call: Call<'_>, request: ListRequest) -> Result<ListPage, Failure> {
        call.host.list(call.label, Read::List(request)).await
    }
}

impl Serve for command::GetFigures {
    async fn serve(call: Call<'_>, request: FiguresRequest) -> Result<Figures, Failure> {
        call.host.figures(call.label, Read::Figures(request.namespace, request.query)).await
    }
}

impl Serve for command::Rows {
    async fn serve(call: Call<'_>, request: RowsRequest) -> Result<Snapshots, Failure> {
        call.host.rows(call.label, request).await
    }
}

impl Serve for command::GetDocument {
    async fn serve(call: Call<'_>, request: DocumentRequest) -> Result<Snapshots, Failure> {
        call.host.document(call.label, Read::Document(request.id)).await
    }
}

impl Serve for command::Field {
    async fn serve(call: Call<'_>, request: FieldRequest) -> Result<FieldValue, Failure> {
        call.host.field(call.label, Read::Field(request.id, request.field)).await
    }
}

impl Serve for command::Schema {
    async fn serve(call: Call<'_>, request: SchemaRequest) -> Result<CollectionSchema, Failure> {
        call.host.schema(call.label, Read::Schema(request)).await
    }
}
