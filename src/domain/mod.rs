//! Who may do what to what: verbs and reads of the business; SQL lives here.
