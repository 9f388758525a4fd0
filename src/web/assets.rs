//! Serves the built files; their names change with their bytes, so that a copy is good for ever.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::views::assets::Asset;

/// A year, and no asking in between.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `GET /assets/{name}`: the file, or 404 when no file of this build has the name.
pub async fn show(Path(name): Path<String>) -> Response {
    let Some(asset) = Asset::by_name(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}
