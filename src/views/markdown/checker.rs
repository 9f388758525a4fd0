//! For tests: whether HTML is balanced and made of nothing but what comments may have.

/// The elements that comments may have, with their attributes.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "rel"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("em", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("li", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("strong", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &[]),
    ("th", &[]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

const REL: &str = "noopener noreferrer nofollow";

/// What is wrong with the HTML; none when nothing is.
pub(super) fn complaint(html: &str) -> Option<String> {
    check(html).err()
}

/// The text that the HTML shows.
pub(super) fn words(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text = parts.collect::<String>().replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

fn check(html: &str) -> Result<(), String> {
    let (before, tags) = html.split_once('<').unwrap_or((html, ""));
    check_text(before)?;
    let mut open = Vec::new();
    for part in tags.split('<').filter(|_| html.contains('<')) {
        let (tag, text) = part.split_once('>').ok_or("a tag does not end")?;
        check_tag(tag, &mut open)?;
        check_text(text)?;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

fn check_text(text: &str) -> Result<(), String> {
    if text.contains('>') {
        return Err(format!("a raw > in {text:?}"));
    }
    let entities = ["amp;", "lt;", "gt;", "quot;"];
    let raw =
        text.split('&').skip(1).find(|rest| !entities.iter().any(|name| rest.starts_with(name)));
    raw.map_or(Ok(()), |rest| Err(format!("a raw & before {rest:?}")))
}

fn check_tag<'a>(tag: &'a str, open: &mut Vec<&'a str>) -> Result<(), String> {
    if let Some(name) = tag.strip_prefix('/') {
        return match open.pop() {
            Some(opened) if opened == name => Ok(()),
            other => Err(format!("</{name}> ends {other:?}")),
        };
    }
    if matches!(tag, "br /" | "hr /") {
        return Ok(());
    }
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let known = ELEMENTS.iter().find(|(known, _)| *known == name);
    let (_, allowed) = known.ok_or_else(|| format!("the element <{tag}>"))?;
    if open.contains(&"a") && name == "a" {
        return Err("a link in a link".to_owned());
    }
    open.push(name);
    check_attributes(attributes, allowed)
}

fn check_attributes(mut rest: &str, allowed: &[&str]) -> Result<(), String> {
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"").ok_or_else(|| format!("{rest:?}"))?;
        let (value, after) = value.split_once('"').ok_or("a value does not end")?;
        let fits = match name {
            "href" => ["http://", "https://", "mailto:"].iter().any(|way| value.starts_with(way)),
            "rel" => value == REL,
            "start" => value.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if !fits || !allowed.contains(&name) {
            return Err(format!("the attribute {name}={value:?}"));
        }
        check_text(value)?;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Ok(())
}

#[test]
fn harm_is_found() {
    for harm in [
        "<script>",
        "<p>",
        "</p>",
        "<p><em></p></em>",
        "<p onclick=\"x\"></p>",
        "<a href=\"javascript:x\"></a>",
        "<a href=\"https://a.example\" style=\"x\"></a>",
        "<a><a></a></a>",
        "<br onclick=\"x\">",
        "<img />",
        "a > b",
        "a & b",
        "<",
    ] {
        assert!(complaint(harm).is_some(), "{harm} passed");
    }
    let fine = "<p>a &amp; <a href=\"https://a.example/\" rel=\"noopener noreferrer nofollow\">b</a><br /></p>";
    assert_eq!(complaint(fine), None);
}
