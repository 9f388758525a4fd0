//! The list of jobs and the runner that keeps them running.
