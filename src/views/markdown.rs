//! Markdown that people wrote, as HTML that can do no harm.

use std::collections::HashSet;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Options, Parser, html};

/// Renders Markdown; raw HTML, pictures from elsewhere and unknown links are left out.
pub fn render(text: &str) -> Markup {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, Parser::new_ext(text, options));
    PreEscaped(cleaner().clean(&unsafe_html).to_string())
}

fn cleaner() -> ammonia::Builder<'static> {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .rm_tags(["img", "map", "area"])
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn markdown_becomes_html() {
        let html = render("Two *things*:\n\n- one\n- `two`").into_string();
        assert!(html.contains("<em>things</em>") && html.contains("<code>two</code>"), "{html}");
    }

    #[test]
    fn nothing_that_runs_or_calls_home_gets_through() {
        let text = "<script>alert(1)</script>\n\n<b onclick=x style=\"color:red\">b</b> \
                    [x](javascript:alert) ![p](https://example.org/p.png)";
        let html = render(text).into_string();
        for bad in ["<script", "onclick", "style", "javascript", "<img"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }
}
