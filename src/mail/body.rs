//! What a letter says, once, and the two forms in which it goes out: plain text and simple HTML.

use std::fmt::Write as _;

/// The look of the HTML: the reader's own font and colours, so that it reads in the dark too.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px}\
    main{max-width:36rem}h2{font-size:17px;margin:24px 0 4px}p,ul{margin:0 0 12px}\
    ul{padding-left:20px}small{opacity:.7}";

/// What a letter says, block by block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body(Vec<Block>);

/// A piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Some sentences.
    Paragraph(String),
    /// A link that is what the letter is for.
    Button {
        /// What following it does.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// A thing that is told of, by its name and its address, and what is told of it.
    Section {
        /// Its name.
        title: String,
        /// Where it is.
        url: String,
        /// What happened to it.
        lines: Vec<String>,
    },
    /// Something said in a lower voice.
    Small(String),
}

impl Body {
    /// The same with some sentences more.
    #[must_use]
    pub fn paragraph(self, words: impl Into<String>) -> Self {
        self.with(Block::Paragraph(words.into()))
    }

    /// The same with the link that it is for.
    #[must_use]
    pub fn button(self, label: impl Into<String>, url: &str) -> Self {
        self.with(Block::Button { label: label.into(), url: url.to_owned() })
    }

    /// The same with something more in a lower voice.
    #[must_use]
    pub fn small(self, words: impl Into<String>) -> Self {
        self.with(Block::Small(words.into()))
    }

    /// The same with one more block.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.0.push(block);
        self
    }

    /// It as plain text.
    pub fn text(&self) -> String {
        let blocks: Vec<String> = self.0.iter().map(Block::text).collect();
        blocks.join("\n\n") + "\n"
    }

    /// It as HTML, without anything that is loaded from elsewhere.
    pub fn html(&self) -> String {
        let blocks: String = self.0.iter().map(Block::html).collect();
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"color-scheme\" content=\"light dark\"><style>{STYLE}</style></head>\
             <body><main>{blocks}</main></body></html>"
        )
    }
}

impl Block {
    fn text(&self) -> String {
        match self {
            Self::Paragraph(words) | Self::Small(words) => words.clone(),
            Self::Button { label, url } => format!("{label}:\n{url}"),
            Self::Section { title, url, lines } => {
                let lines: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
                format!("{title}\n{url}\n{}", lines.join("\n"))
            }
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Paragraph(words) => format!("<p>{}</p>", escape(words)),
            Self::Small(words) => format!("<p><small>{}</small></p>", escape(words)),
            Self::Button { label, url } => {
                let (label, url) = (escape(label), escape(url));
                format!("<p><a href=\"{url}\"><b>{label}</b></a></p><p><small>{url}</small></p>")
            }
            Self::Section { title, url, lines } => {
                let mut html =
                    format!("<h2><a href=\"{}\">{}</a></h2><ul>", escape(url), escape(title));
                for line in lines {
                    let _ = write!(html, "<li>{}</li>", escape(line));
                }
                html + "</ul>"
            }
        }
    }
}

/// A text as it stands in HTML, in an attribute too.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Body {
        Body::default()
            .paragraph("Olive & Tomas <3")
            .button("Join", "https://cairn.example/a?b=1&c=\"")
            .with(Block::Section {
                title: "7 Write the letter".to_owned(),
                url: "https://cairn.example/n/cards/7".to_owned(),
                lines: vec!["Olive commented: “<b>well</b>”".to_owned()],
            })
            .small("Bye.")
    }

    #[test]
    fn it_reads_as_plain_text() {
        assert_eq!(
            body().text(),
            "Olive & Tomas <3\n\nJoin:\nhttps://cairn.example/a?b=1&c=\"\n\n7 Write the letter\n\
             https://cairn.example/n/cards/7\n- Olive commented: “<b>well</b>”\n\nBye.\n"
        );
    }

    #[test]
    fn nothing_that_people_wrote_is_markup() {
        let html = body().html();
        assert!(html.contains("<p>Olive &amp; Tomas &lt;3</p>"), "{html}");
        assert!(html.contains("<li>Olive commented: “&lt;b&gt;well&lt;/b&gt;”</li>"), "{html}");
        assert!(html.contains("href=\"https://cairn.example/a?b=1&amp;c=&quot;\""), "{html}");
    }
}
