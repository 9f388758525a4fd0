//! Where the server listens, and how its connections behave.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::Failure;

/// A peer that confirms nothing of what it was sent for so long has vanished. Pages are told
/// something more often than that.
const UNCONFIRMED: Duration = Duration::from_secs(30);

/// Takes the address, before anything else is begun.
///
/// # Errors
/// [`Failure`] says which variable names another address.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(format!("can’t listen on {address}: {error}; CAIRN_BIND sets another address"))
    })
}

/// Small messages go out at once, and a peer that has vanished is noticed, whatever is spoken.
pub(super) fn set_options(connection: &mut TcpStream) {
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "a connection gathers its small messages");
    }
    #[cfg(target_os = "linux")]
    {
        let socket = socket2::SockRef::from(&*connection);
        if let Err(error) = socket.set_tcp_user_timeout(Some(UNCONFIRMED)) {
            tracing::debug!(%error, "a connection outlives its peer");
        }
    }
}
