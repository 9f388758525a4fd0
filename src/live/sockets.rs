//! The sockets that are open in this process: how many somebody may have, and ending those of a
//! sign-in that was revoked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Credential;
use crate::values::id::SignInId;

/// How many sockets one sign-in or one token may have open in one process: many tabs, no flood.
const MOST_SOCKETS: usize = 512;

/// The open sockets by what they were opened with.
#[derive(Debug, Default)]
pub struct Sockets(Arc<Mutex<HashMap<Credential, Vec<Open>>>>);

#[derive(Debug)]
struct Open {
    bell: Arc<Notify>,
    is_revoked: Arc<AtomicBool>,
}

/// A socket that is open, until this is dropped.
#[derive(Debug)]
pub struct Socket {
    sockets: Arc<Mutex<HashMap<Credential, Vec<Open>>>>,
    credential: Credential,
    is_revoked: Arc<AtomicBool>,
}

impl Sockets {
    /// Notes a socket that is being opened; none when whoever opens it has too many.
    pub fn open(&self, credential: &Credential, bell: &Arc<Notify>) -> Option<Socket> {
        let mut sockets = lock(&self.0);
        let open = sockets.entry(credential.clone()).or_default();
        if open.len() >= MOST_SOCKETS {
            return None;
        }
        let is_revoked = Arc::<AtomicBool>::default();
        open.push(Open { bell: Arc::clone(bell), is_revoked: Arc::clone(&is_revoked) });
        metrics::gauge!("cairn_live_sockets").increment(1);
        Some(Socket { sockets: Arc::clone(&self.0), credential: credential.clone(), is_revoked })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        lock(&self.0).values().map(Vec::len).sum()
    }

    /// The sign-ins that have any.
    pub(super) fn sign_ins(&self) -> Vec<SignInId> {
        let sockets = lock(&self.0);
        let sign_ins = sockets.keys().filter_map(|credential| match credential {
            Credential::SignIn(id) => Some(*id),
            Credential::Token(_) => None,
        });
        sign_ins.collect()
    }

    /// Ends those of a credential that is good no more.
    pub fn revoke(&self, credential: &Credential) {
        for open in lock(&self.0).get(credential).into_iter().flatten() {
            open.is_revoked.store(true, Ordering::Release);
            open.bell.notify_one();
        }
    }
}

impl Socket {
    /// Whether what it was opened with was revoked since.
    pub fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Acquire)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        metrics::gauge!("cairn_live_sockets").decrement(1);
        let mut sockets = lock(&self.sockets);
        let Some(open) = sockets.get_mut(&self.credential) else { return };
        open.retain(|open| !Arc::ptr_eq(&open.is_revoked, &self.is_revoked));
        if open.is_empty() {
            sockets.remove(&self.credential);
        }
    }
}

fn lock(
    sockets: &Mutex<HashMap<Credential, Vec<Open>>>,
) -> MutexGuard<'_, HashMap<Credential, Vec<Open>>> {
    sockets.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_has_so_many_sockets_and_loses_them_all_at_once() {
        let (sockets, bell) = (Sockets::default(), Arc::default());
        let (olive, tomas) = (SignInId::new(), SignInId::new());
        let (olive, tomas) = (Credential::SignIn(olive), Credential::SignIn(tomas));
        let open: Vec<Socket> =
            (0..MOST_SOCKETS).filter_map(|_| sockets.open(&olive, &bell)).collect();
        assert_eq!(open.len(), MOST_SOCKETS);
        assert!(sockets.open(&olive, &bell).is_none());
        let other = sockets.open(&tomas, &bell).expect("a socket of another person");
        sockets.revoke(&olive);
        assert!(open.iter().all(Socket::is_revoked) && !other.is_revoked());
        drop(open);
        assert_eq!(sockets.count(), 1);
    }
}
