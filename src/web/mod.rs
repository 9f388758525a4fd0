//! HTTP: pages, API and sockets.
