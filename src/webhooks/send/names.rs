//! Looking up the names of hosts.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

/// What a look-up comes to; a failure is shared by all who waited for it.
pub type Found = Result<Vec<IpAddr>, Arc<io::Error>>;

/// Whoever knows where names lead.
pub trait Names: Send + Sync {
    /// The addresses of a host.
    fn look_up(&self, host: &str) -> BoxFuture<'static, Found>;
}

/// The machine's own resolver. It takes a thread for as long as it looks, so a name is looked up
/// once at a time, whoever asks: a host whose name servers never answer holds one thread and not
/// one for each try.
#[derive(Debug, Clone, Default)]
pub struct System(Arc<Mutex<HashMap<String, Looking>>>);

type Looking = Shared<BoxFuture<'static, Found>>;

impl Names for System {
    fn look_up(&self, host: &str) -> BoxFuture<'static, Found> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let looking = under_way.entry(host.to_owned());
        looking.or_insert_with(|| self.begin(host.to_owned())).clone().boxed()
    }
}

impl System {
    /// Looks in a task of its own, which goes on when whoever asked has given up.
    fn begin(&self, host: String) -> Looking {
        let under_way = Arc::clone(&self.0);
        let task = tokio::spawn(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&host);
            found.map(|found| found.map(|address| address.ip()).collect()).map_err(Arc::new)
        });
        let looked = task.map(|ended| ended.unwrap_or_else(|e| Err(Arc::new(io::Error::other(e)))));
        looked.boxed().shared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_looked_up_once_at_a_time() {
        let system = System::default();
        let both = [system.look_up("localhost"), system.look_up("localhost")];
        assert_eq!(system.0.lock().expect("nobody panics in here").len(), 1);
        let [one, other] = futures_util::future::join_all(both).await.try_into().expect("two");
        assert_eq!(one.expect("this machine"), other.expect("this machine"));
        assert!(system.0.lock().expect("nobody panics in here").is_empty());
    }
}
