//! Markdown that people wrote, as HTML that can do no harm.
//!
//! The parser's events go through a gate that names what may pass; whatever it does not name has
//! no way into the page. Raw HTML is passed as the words that it is, so there is nothing to clean
//! afterwards.

#[cfg(test)]
mod checker;
mod links;
#[cfg(test)]
mod tests;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream, html,
};
use url::Url;

use links::Part;

/// Renders Markdown that stands below a heading of this level, 1 to 6: its own headings are
/// smaller ones. Line breaks stay as they were typed.
pub fn render(text: &str, below: usize) -> Markup {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut gate = Gate { below, ..Gate::default() };
    TextMergeStream::new(Parser::new_ext(text, options)).for_each(|event| gate.take(event));
    let mut html = String::new();
    html::push_html(&mut html, gate.passed.into_iter());
    PreEscaped(html)
}

/// What has passed so far, and where in the text it stands.
#[derive(Default)]
struct Gate<'a> {
    passed: Vec<Event<'a>>,
    /// The level of the heading above it all.
    below: usize,
    /// Whether it is in a block of code.
    code: bool,
    /// The links and pictures it is in, and where each leads: one leads somewhere at the most.
    links: Vec<Option<Url>>,
}

impl<'a> Gate<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text),
            Event::Html(text) | Event::InlineHtml(text) => self.as_typed(&text),
            Event::SoftBreak | Event::HardBreak => self.passed.push(Event::HardBreak),
            Event::Code(_) | Event::Rule => self.passed.push(event),
            Event::TaskListMarker(done) => {
                self.passed.push(Event::Text(if done { "☑ " } else { "☐ " }.into()));
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        let tag = match tag {
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                return self.start_link(&format!("mailto:{dest_url}"));
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                return self.start_link(&dest_url);
            }
            Tag::CodeBlock(_) => {
                self.code = true;
                Tag::CodeBlock(CodeBlockKind::Indented)
            }
            Tag::Heading { level, .. } => {
                let (level, id, classes, attrs) = (self.level(level), None, vec![], vec![]);
                Tag::Heading { level, id, classes, attrs }
            }
            // Alignments would be `style` attributes, which the content security policy refuses.
            Tag::Table(_) => Tag::Table(Vec::new()),
            Tag::BlockQuote(_) => Tag::BlockQuote(None),
            Tag::HtmlBlock => Tag::Paragraph,
            Tag::Paragraph
            | Tag::List(_)
            | Tag::Item
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough => tag,
            _ => return,
        };
        self.passed.push(Event::Start(tag));
    }

    fn end(&mut self, tag: TagEnd) {
        let tag = match tag {
            TagEnd::Link | TagEnd::Image => return self.end_link(),
            TagEnd::CodeBlock => {
                self.code = false;
                tag
            }
            TagEnd::Heading(level) => TagEnd::Heading(self.level(level)),
            TagEnd::HtmlBlock => {
                self.passed.pop_if(|last| matches!(last, Event::HardBreak));
                TagEnd::Paragraph
            }
            TagEnd::BlockQuote(_) => TagEnd::BlockQuote(None),
            TagEnd::Paragraph
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough => tag,
            _ => return,
        };
        self.passed.push(Event::End(tag));
    }

    /// A picture becomes a link to it: a page that loaded it would tell others who reads it.
    fn start_link(&mut self, destination: &str) {
        let url = links::destination(destination).filter(|_| !self.in_link());
        self.passed.extend(url.as_ref().map(links::start));
        self.links.push(url);
    }

    /// A link without a word would not be seen: its address stands for them.
    fn end_link(&mut self) {
        let Some(url) = self.links.pop().flatten() else { return };
        if matches!(self.passed.last(), Some(Event::InlineHtml(_))) {
            self.passed.push(Event::Text(String::from(url).into()));
        }
        self.passed.push(links::end());
    }

    fn in_link(&self) -> bool {
        self.links.iter().any(Option::is_some)
    }

    fn text(&mut self, text: CowStr<'a>) {
        if self.code || self.in_link() {
            return self.passed.push(Event::Text(text));
        }
        for part in links::parts(&text) {
            match part {
                Part::Words(words) => self.passed.push(Event::Text(words.to_owned().into())),
                Part::Address(words, url) => self.passed.extend([
                    links::start(&url),
                    Event::Text(words.to_owned().into()),
                    links::end(),
                ]),
            }
        }
    }

    /// Raw HTML as the words that somebody typed, line by line.
    fn as_typed(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            self.passed.push(Event::Text(line.trim_end_matches('\n').to_owned().into()));
            self.passed.extend(line.ends_with('\n').then_some(Event::HardBreak));
        }
    }

    fn level(&self, level: HeadingLevel) -> HeadingLevel {
        (level as usize + self.below).min(6).try_into().unwrap_or(HeadingLevel::H6)
    }
}
