//! Whatever people do, in whatever order: what follows from the log is what the log says.
//!
//! Random verbs by random people of one account go through the domain, with the consequences that
//! the program has. A model of who sees what, and of what each endpoint asked for, stands beside.

mod proofs;
mod step;
mod verbs;
mod world;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use self::step::Step;
use self::world::World;

/// So many histories are tried; `CAIRN_CASES` asks for more.
const CASES: u32 = 8;

/// How many verbs a history has at the most.
const STEPS: usize = 120;

fn cases() -> u32 {
    std::env::var("CAIRN_CASES").map_or(CASES, |cases| cases.parse().expect("a number of cases"))
}

/// The same histories every time: a test that fails today fails tomorrow.
fn runner() -> TestRunner {
    let config = Config { max_shrink_iters: 60, ..Config::with_cases(cases()) };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config { failure_persistence: None, ..config }, rng)
}

/// Lives through a history, and proves what must hold at its end.
async fn live(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut world = World::new().await;
    for step in steps {
        world.take(step).await?;
    }
    world.prove().await
}

#[test]
fn what_follows_from_any_history_is_what_its_log_says() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let histories = proptest::collection::vec(step::step(), STEPS / 2..=STEPS);
    let outcome = runner().run(&histories, |steps| runtime.block_on(live(&steps)));
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
