//! The charts, drawn here as SVG with classes; each has its figures beside it as a table.

use maud::{Markup, html};

use super::figures::grouped;
use super::shown::Shown;
use crate::domain::Actor;
use crate::tracking::insights::{BoardCounts, DayCounts, Hours};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Where the lines of a chart of days lie, in units of its box.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 710.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 184.0;

/// How many boards are drawn.
const BOARDS: usize = 8;

/// What every chart has: its name, a way to its figures as a file, the drawing, a line, the table.
fn figure(
    name: &str,
    id: &str,
    csv: &str,
    legend: &Markup,
    drawing: &Markup,
    table: &Markup,
) -> Markup {
    html! {
        figure.panel.chart {
            figcaption.panel__head { h2 id=(id) { (name) } div.row { (legend) a.small href=(csv) data-turbo="false" { "As CSV" } } }
            (drawing)
            details { summary { "As a table" } div.table-wrap tabindex="0" role="region" aria-label={ (name) ", as a table" } { (table) } }
        }
    }
}

/// Pages seen a day, over those of the span before.
pub(super) fn days(shown: &Shown<'_>, csv: &str) -> Markup {
    let days = &shown.insights.days;
    let legend = html! {
        ul.legend {
            li { svg viewBox="0 0 24 12" aria-hidden="true" { path.chart__now d="M1 6H23" {} } "This span" }
            li { svg viewBox="0 0 24 12" aria-hidden="true" { path.chart__before d="M1 6H23" {} } "The one before" }
        }
    };
    let drawing = html! {
        div.chart__scroll tabindex="0" role="region" aria-label="Chart of pages seen" { (lines(&days.now, &days.before)) }
        p.small.soft id="days_about" { (best_day(&days.now)) }
    };
    let table = html! {
        table.table {
            thead { tr { th scope="col" { "Day" } th.figure scope="col" { "Seen" } th.figure scope="col" { "Before" } th.figure scope="col" { "People" } th.figure scope="col" { "Links" } th.figure scope="col" { "Forms" } } }
            tbody {
                @for (now, before) in days.now.iter().zip(&days.before).rev() {
                    tr {
                        th scope="row" { (now.day.in_words()) }
                        td.figure { (grouped(now.counts.page_views)) }
                        td.figure { (grouped(before.counts.page_views)) }
                        td.figure { @if let Some(visitors) = now.visitors { (grouped(visitors)) } @else { "–" } }
                        td.figure { (grouped(now.counts.link_clicks)) }
                        td.figure { (grouped(now.counts.form_submits)) }
                    }
                }
            }
        }
    };
    figure("Pages seen a day", "days_name", csv, &legend, &drawing, &table)
}

fn best_day(days: &[DayCounts]) -> String {
    match days.iter().max_by_key(|day| day.counts.page_views) {
        Some(best) if best.counts.page_views > 0 => {
            format!(
                "The best day was {} with {}.",
                best.day.in_words(),
                grouped(best.counts.page_views)
            )
        }
        _ => "Nobody opened a page in this span.".to_owned(),
    }
}

fn lines(now: &[DayCounts], before: &[DayCounts]) -> Markup {
    let most = now.iter().chain(before).map(|day| day.counts.page_views).max().unwrap_or(0);
    let step = step(most);
    let scale = Scale { most: step * 3, days: now.len() };
    let (line, line_before) = (scale.line(now), scale.line(before));
    let last = now.last();
    html! {
        svg viewBox="0 0 720 210" role="img" aria-labelledby="days_name days_about" {
            @for level in 0..=3 {
                @let y = scale.y(level * step);
                line.chart__grid x1=(LEFT) x2=(RIGHT) y1=(y) y2=(y) {}
                text x="26" y=(y + 4.0) text-anchor="end" { (grouped(level * step)) }
            }
            path.chart__ground d={ "M" (line) " L" (RIGHT) " " (BOTTOM) " L" (LEFT) " " (BOTTOM) " Z" } {}
            path.chart__before d={ "M" (line_before) } {}
            path.chart__now d={ "M" (line) } {}
            @if let Some(last) = last {
                @let y = scale.y(last.counts.page_views);
                circle.chart__stone cx=(scale.x(now.len() - 1)) cy=(y) r="5" {}
                text.label x=(RIGHT) y=(y - 11.0) text-anchor="end" { (grouped(last.counts.page_views)) }
            }
            @for (place, anchor) in ticks(now.len()) {
                text x=(scale.x(place)) y="204" text-anchor=(anchor) { (now[place].day.in_short()) }
            }
        }
    }
}

/// The height of a third of the chart: a round number.
fn step(most: i64) -> i64 {
    let third = (most + 2) / 3;
    let mut unit = 1;
    loop {
        for round in [1, 2, 3, 4, 5, 6, 8] {
            if unit * round >= third {
                return unit * round;
            }
        }
        unit *= 10;
    }
}

/// The days that are named below the chart, and how their names lie.
fn ticks(days: usize) -> Vec<(usize, &'static str)> {
    if days < 2 {
        return (0..days).map(|day| (day, "start")).collect();
    }
    let parts = (days - 1).min(4);
    let place = |part: usize| part * (days - 1) / parts;
    let anchor = |part: usize| match part {
        0 => "start",
        part if part == parts => "end",
        _ => "middle",
    };
    (0..=parts).map(|part| (place(part), anchor(part))).collect()
}

/// How numbers and days become places.
struct Scale {
    most: i64,
    days: usize,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "places in a drawing need no more")]
    fn y(&self, value: i64) -> f64 {
        rounded(BOTTOM - (BOTTOM - TOP) * value as f64 / self.most.max(1) as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "places in a drawing need no more")]
    fn x(&self, day: usize) -> f64 {
        match self.days {
            0 | 1 => RIGHT,
            days => rounded(LEFT + (RIGHT - LEFT) * day as f64 / (days - 1) as f64),
        }
    }

    fn line(&self, days: &[DayCounts]) -> String {
        let point = |(place, day): (usize, &DayCounts)| {
            format!("{} {}", self.x(place), self.y(day.counts.page_views))
        };
        let points: Vec<String> = days.iter().enumerate().map(point).collect();
        match points.as_slice() {
            // A line of one day goes all the way, level.
            [_] => format!("{LEFT} {0} L{RIGHT} {0}", self.y(days[0].counts.page_views)),
            _ => points.join(" L"),
        }
    }
}

fn rounded(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

/// Pages seen on each board.
pub(super) fn boards(shown: &Shown<'_>, csv: &str) -> Markup {
    let boards = &shown.insights.boards;
    let (unit, about) = match shown.filter.person {
        Some(_) => ("Days", "On how many days they opened a page there."),
        None => ("Seen", "Pages of a board, its cards and their comments. "),
    };
    let drawing = html! {
        @if boards.seen.is_empty() { p.soft { "There is no board yet." } }
        @else { (bars(&boards.seen)) }
        p.small.soft { (about) @if boards.others > 0 { (grouped(boards.others)) " more on boards that you don’t see." } }
    };
    let table = html! {
        table.table {
            thead { tr { th scope="col" { "Board" } th.figure scope="col" { (unit) } th.figure scope="col" { "Before" } } }
            tbody { @for board in &boards.seen { tr { th scope="row" { (board.name) } td.figure { (grouped(board.count)) } td.figure { (grouped(board.before)) } } } }
        }
    };
    figure("By board", "boards_name", csv, &html! {}, &drawing, &table)
}

fn bars(boards: &[BoardCounts]) -> Markup {
    let boards = &boards[..boards.len().min(BOARDS)];
    let most = boards.iter().map(|board| board.count).max().unwrap_or(0).max(1);
    html! {
        svg viewBox={ "0 0 400 " (boards.len() * 38 - 4) } role="img" aria-labelledby="boards_name" {
            @for (place, board) in boards.iter().enumerate() {
                @let y = place * 38;
                text.label x="0" y=(y + 12) { (shortened(&board.name)) }
                text x="400" y=(y + 12) text-anchor="end" { (grouped(board.count)) }
                rect.chart__bar-ground x="0" y=(y + 18) width="400" height="8" rx="4" {}
                rect.chart__bar data-color=(board.color) x="0" y=(y + 18) width=(400 * board.count / most) height="8" rx="4" {}
            }
        }
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(44) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The hours of the week.
pub(super) fn hours(viewer: &Actor, shown: &Shown<'_>, csv: &str) -> Markup {
    let Some(hours) = &shown.insights.hours else {
        return html! {
            section.panel.stack aria-labelledby="hours_name" {
                header.panel__head { h2 id="hours_name" { "When you are here" } }
                p.soft { "Hours are counted for everybody on all boards." }
            }
        };
    };
    let legend = html! {
        p.legend.legend--scale {
            span { "quiet" }
            svg viewBox="0 0 88 12" aria-hidden="true" { @for (place, level) in [0, 1, 2, 3, 5].into_iter().enumerate() { rect.chart__cell data-level=(level) x=(place * 18) width="16" height="12" rx="3" {} } }
            span { "busy" }
        }
    };
    let drawing = html! {
        div.chart__scroll tabindex="0" role="region" aria-label="Chart of hours and weekdays" { (week(hours)) }
        p.small.soft id="hours_about" { (busiest(hours)) " Hours are those of " (viewer.account.zone) "." }
    };
    let table = html! {
        table.table {
            thead { tr { th scope="col" { "Hour" } @for day in WEEKDAYS { th.figure scope="col" { (day) } } } }
            tbody { @for hour in 0..24 { tr { th scope="row" { (format!("{hour:02}")) } @for day in &hours.0 { td.figure { (grouped(day[hour])) } } } } }
        }
    };
    figure("When you are here", "hours_name", csv, &legend, &drawing, &table)
}

fn busiest(hours: &Hours) -> String {
    let most = hours.most();
    let found = hours.0.iter().zip(WEEKDAYS).find_map(|(day, name)| {
        let hour = day.iter().position(|count| *count == most)?;
        Some(format!("The busiest hour is {name} at {hour:02}, with {} pages.", grouped(most)))
    });
    found.filter(|_| most > 0).unwrap_or_else(|| "Nobody was here in this span.".to_owned())
}

fn week(hours: &Hours) -> Markup {
    let most = hours.most().max(1);
    let level = |count: i64| if count == 0 { 0 } else { (count * 5 + most - 1) / most };
    html! {
        svg viewBox="0 0 688 176" role="img" aria-labelledby="hours_name hours_about" {
            @for (row, (day, name)) in hours.0.iter().zip(WEEKDAYS).enumerate() {
                text x="30" y=(row * 22 + 13) text-anchor="end" { (name) }
                @for (hour, count) in day.iter().enumerate() {
                    rect.chart__cell data-level=(level(*count)) x=(40 + hour * 27) y=(row * 22) width="24" height="18" rx="4" {
                        title { (name) " " (format!("{hour:02}")) ": " (grouped(*count)) }
                    }
                }
            }
            @for hour in (0..24).step_by(3) {
                text x=(52 + hour * 27) y="170" text-anchor="middle" { (format!("{hour:02}")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_the_chart_is_a_round_number() {
        let steps = [(0, 1), (3, 1), (4, 2), (63, 30), (126, 50), (300, 100), (301, 200)];
        for (most, expected) in steps {
            assert_eq!(step(most), expected, "{most}");
        }
    }

    #[test]
    fn some_days_are_named_the_first_and_the_last_among_them() {
        let places = |days| ticks(days).into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(places(0), Vec::<usize>::new());
        assert_eq!(places(1), [0]);
        assert_eq!(places(2), [0, 1]);
        assert_eq!(places(30), [0, 7, 14, 21, 29]);
    }
}
