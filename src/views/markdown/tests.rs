//! Markdown as pages show it, and the tricks that must do no harm.

use super::checker::{complaint, words};
use super::render;
use proptest::prelude::*;

fn rendered(text: &str) -> String {
    let html = render(text, 2).into_string();
    assert_eq!(complaint(&html), None, "{text:?} became {html}");
    html
}

#[test]
fn markdown_becomes_html() {
    for (text, html) in [
        (
            "Two *things*:\n\n- one\n- `two`",
            "<p>Two <em>things</em>:</p>\n<ul>\n<li>one</li>\n<li><code>two</code></li>\n</ul>\n",
        ),
        ("~~gone~~ **here**", "<p><del>gone</del> <strong>here</strong></p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("# Big\n\n###### Small", "<h3>Big</h3>\n<h6>Small</h6>\n"),
        ("- [x] done\n- [ ] to do", "<ul>\n<li>☑ done</li>\n<li>☐ to do</li>\n</ul>\n"),
        ("3. three", "<ol start=\"3\">\n<li>three</li>\n</ol>\n"),
        ("```rust\nlet a = 1 < 2;\n```", "<pre><code>let a = 1 &lt; 2;\n</code></pre>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        (
            "a | b\n:-: | -\n1 | 2",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table>\n",
        ),
    ] {
        assert_eq!(rendered(text), html, "{text}");
    }
}

#[test]
fn links_say_little_of_who_follows_them() {
    let link = |to: &str, words: &str| {
        format!("<p><a href=\"{to}\" rel=\"noopener noreferrer nofollow\">{words}</a></p>\n")
    };
    for (text, to, words) in [
        ("[x](https://example.org/?a=1&b=2 \"title\")", "https://example.org/?a=1&amp;b=2", "x"),
        ("https://example.org/a_b", "https://example.org/a_b", "https://example.org/a_b"),
        ("<https://example.org/>", "https://example.org/", "https://example.org/"),
        ("<olive@example.org>", "mailto:olive@example.org", "olive@example.org"),
        ("![a picture](https://example.org/p.png)", "https://example.org/p.png", "a picture"),
        (
            "![](https://example.org/p.png)",
            "https://example.org/p.png",
            "https://example.org/p.png",
        ),
        (
            "[![alt](https://example.org/p.png)](https://example.org/)",
            "https://example.org/",
            "alt",
        ),
    ] {
        assert_eq!(rendered(text), link(to, words), "{text}");
    }
    assert_eq!(rendered("[x](/northfold) ![p](data:image/png,x)"), "<p>x p</p>\n");
    assert_eq!(rendered("`https://example.org`"), "<p><code>https://example.org</code></p>\n");
}

#[test]
fn raw_html_stands_there_as_it_was_typed() {
    for text in ["<b>bold</b>", "a <br> b", "<!-- hidden -->", "<?php ?>", "<![CDATA[x]]>"] {
        assert_eq!(words(&rendered(text)).trim(), text);
    }
    let block = rendered("<div\nstyle='x'>\n\nafter");
    assert_eq!(block, "<p>&lt;div<br />\nstyle='x'&gt;</p>\n<p>after</p>\n");
}

#[test]
fn known_tricks_do_no_harm() {
    for text in TRICKS {
        rendered(text);
    }
}

/// Tricks that have got through filters of Markdown and HTML elsewhere.
const TRICKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<body onload=alert(1)>",
    "<base href=//elsewhere.example>",
    "<form action=//elsewhere.example><input name=password>",
    "<meta http-equiv=refresh content=0;url=//elsewhere.example>",
    "<style>@import '//elsewhere.example'</style>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<b\nonclick=alert(1)>x</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java\\script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](<\u{1} javascript:alert(1)>)",
    "[x](%6Aavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](https://example.org\" onmouseover=\"alert(1))",
    "[x](https://example.org '\" onmouseover=\"alert(1)')",
    "[x](mailto:a\"onmouseover=alert(1)<b>@example.org)",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](https://example.org/p.png)",
    "![<script>alert(1)</script>](https://example.org/p.png)",
    "[a ![b [c](https://c.example)](https://b.example)](https://a.example)",
    "<javascript:alert(1)>",
    "<https://example.org/\"onmouseover=\"alert(1)>",
    "https://example.org/\"onmouseover=\"alert(1)",
    "https://example.org/<script>alert(1)</script>",
    "https://javascript:alert(1)@example.org",
    "```\" onmouseover=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "# x {#id .class onclick=alert(1)}",
    "<a|b>|c\n-|-\n<script>|alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "$$<script>alert(1)</script>$$",
    "> [!NOTE]\n> <script>alert(1)</script>",
];

/// Texts of what means something in Markdown or HTML.
fn lively() -> impl Strategy<Value = String> {
    let mut parts: Vec<String> = TRICKS.iter().map(|trick| (*trick).to_owned()).collect();
    let marks = [
        "*",
        "_",
        "~~",
        "`",
        "```",
        "#",
        ">",
        "- ",
        "1. ",
        "- [x] ",
        "|",
        "\n",
        "\n\n",
        "    ",
        "[",
        "](",
        ")",
        "![",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "\\",
        "a",
        "https://a.example",
        "<b>",
        "</b>",
        "|-|-|\n",
        "[x](https://a.example)",
        "<!--",
        "-->",
        "---\n",
        "\u{0}",
        "é",
    ];
    parts.extend(marks.map(str::to_owned));
    proptest::collection::vec(proptest::sample::select(parts), 0..24)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn whatever_is_written_becomes_harmless_html(text in prop_oneof![lively(), any::<String>()]) {
        rendered(&text);
    }
}
