//! How it looks: functions from data to HTML.
