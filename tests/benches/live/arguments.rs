//! What a command line asks for, such as `rounds=1 watchers=100,1000 boards=0 cut=0 idle=0`.

/// How much is run; naught leaves a part out.
#[derive(Debug, Clone)]
pub(super) struct Sizes {
    /// Runs of ours and of the limit, by turns; the median counts.
    pub(super) rounds: usize,
    /// How many watch the busy board, one after the other.
    pub(super) watchers: Vec<usize>,
    /// How many boards have five watchers each.
    pub(super) boards: usize,
    /// How many watchers are cut again and again.
    pub(super) cut: usize,
    /// How many watchers of a board on which nothing happens.
    pub(super) idle: usize,
}

impl Sizes {
    /// All of it, where nothing else is said.
    pub(super) fn of(arguments: &[String]) -> Self {
        let mut sizes = Self {
            rounds: 5,
            watchers: vec![100, 1_000, 5_000],
            boards: 1_000,
            cut: 1_000,
            idle: 10_000,
        };
        for argument in arguments {
            let (name, value) = argument.split_once('=').expect("name=value");
            let figures: Vec<usize> =
                value.split(',').map(|figure| figure.parse().expect("a figure")).collect();
            match name {
                "rounds" => sizes.rounds = figures[0],
                "watchers" => sizes.watchers = figures,
                "boards" => sizes.boards = figures[0],
                "cut" => sizes.cut = figures[0],
                "idle" => sizes.idle = figures[0],
                _ => panic!("{name} is none of rounds, watchers, boards, cut and idle"),
            }
        }
        sizes.watchers.retain(|watchers| *watchers > 0);
        sizes
    }

    /// The most sockets that are open at once.
    pub(super) fn most_sockets(&self, watchers_of_a_board: usize) -> usize {
        let of_one_board = self.watchers.iter().copied().max().unwrap_or(0);
        let of_many = self.boards * watchers_of_a_board;
        of_one_board.max(of_many).max(self.cut).max(self.idle)
    }
}
