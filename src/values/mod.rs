//! The words of the business: parsed once, valid for ever; no I/O.
