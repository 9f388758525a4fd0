//! What the bench of commits compares with follows the verbs by hand: it runs on the tables as they are.

use sqlx::Executor as _;

use crate::support::TestDatabase;

/// What stands for the variables of the script, in the order in which they are put in.
const VARIABLES: [(&str, &str); 6] =
    [(":account", "1"), (":event", "7"), (":card", "1"), (":left", "1"), (":to", "2"), (":i", "7")];

#[tokio::test]
async fn the_statements_that_moves_are_compared_with_run() {
    let database = TestDatabase::new().await;
    let seed = include_str!("../benches/commit/seed.sql");
    let mut connection = database.acquire().await.expect("a connection");
    connection.execute(sqlx::raw_sql(seed)).await.expect("the state before the first move");
    let script = include_str!("../benches/commit/move.sql").lines();
    let statements = script.filter(|line| !line.starts_with(['\\', '-']));
    let moved = statements.map(|statement| {
        VARIABLES.iter().fold(statement.to_owned(), |text, (name, value)| {
            text.replace(&format!("{name}::"), &format!("{value}::"))
        })
    });
    for statement in moved {
        let done = connection.execute(sqlx::raw_sql(&statement)).await;
        done.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    let owed = "select count(*) from webhook_deliveries d join notifications n using (event_id)";
    let owed: i64 = sqlx::query_scalar(owed).fetch_one(&mut *connection).await.expect("a count");
    assert_eq!(owed, 1, "a move is owed to the endpoint and told to whoever follows the card");
    let reset = include_str!("../benches/commit/reset.sql");
    connection.execute(sqlx::raw_sql(reset)).await.expect("the state before the first move");
}
