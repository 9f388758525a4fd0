//! What browsers report: page views, link clicks and form submits.
