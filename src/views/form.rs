//! Forms: what was typed is kept, what is wrong is said beside its field.

use maud::{Markup, html};

use super::icon;
use crate::domain::FieldError;
use crate::values::Zone;

/// What stood in a form that comes back, and what is wrong with it; empty on first sight.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: Vec<(&'static str, String)>,
    errors: Vec<FieldError>,
}

impl Form {
    /// The same with a value.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        // HTML has no way to write a NUL; a refused text may have one.
        self.values.push((field, value.into().replace('\0', "\u{fffd}")));
        self
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn refused(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// What stands in a field.
    pub fn value(&self, field: &str) -> &str {
        let found = self.values.iter().rev().find(|(name, _)| *name == field);
        found.map_or("", |(_, value)| value)
    }

    /// Whether a field of several values has this one.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values.iter().any(|(name, held)| *name == field && held == value)
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        let found = self.errors.iter().find(|error| error.field == field);
        found.map(|error| error.message.as_str())
    }

    /// Whether anything is wrong.
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }

    /// What is wrong with fields that are not among these; said above the form.
    pub fn other_errors(&self, shown: &[&str]) -> Markup {
        let others = self.errors.iter().filter(|error| !shown.contains(&error.field));
        html! {
            @for error in others {
                p.field__error role="alert" { (icon::small("circle-alert")) (error.message) }
            }
        }
    }
}

/// One line to type in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// The name it is sent under, also its id.
    pub name: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// HTML's type; none is text.
    pub kind: Option<&'a str>,
    /// HTML's autocomplete.
    pub autocomplete: Option<&'a str>,
    /// A line that helps.
    pub help: Option<&'a str>,
    /// The most characters.
    pub maxlength: Option<usize>,
    /// Whether it stands ready to type in.
    pub autofocus: bool,
    /// Whether it may stay empty.
    pub optional: bool,
}

impl Input<'_> {
    /// The field with its label, its help and what is wrong. Passwords are never sent back.
    pub fn show(&self, form: &Form) -> Markup {
        let error = form.error(self.name);
        let value = (self.kind != Some("password")).then(|| form.value(self.name));
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                input.input id=(self.name) name=(self.name) type=(self.kind.unwrap_or("text"))
                    autocomplete=[self.autocomplete] maxlength=[self.maxlength]
                    required[!self.optional] autofocus[self.autofocus] value=[value] aria-invalid=[error.map(|_| "true")]
                    aria-describedby=[described_by(self.name, error, self.help)];
                (notes(self.name, error, self.help))
            }
        }
    }
}

/// A time zone to type in, with those there are to choose from.
pub fn zone(form: &Form, help: &str) -> Markup {
    let name = "time_zone";
    let error = form.error(name);
    html! {
        div.field {
            label for=(name) { "Time zone" }
            input.input id=(name) name=(name) type="text" list="time_zones" autocomplete="off" required
                value=(form.value(name)) aria-invalid=[error.map(|_| "true")]
                aria-describedby=[described_by(name, error, Some(help))];
            datalist id="time_zones" { @for zone in Zone::names() { option value=(zone) {} } }
            (notes(name, error, Some(help)))
        }
    }
}

/// A text of several lines with its label and what is wrong.
pub fn text_area(form: &Form, name: &str, label: &str, help: Option<&str>) -> Markup {
    let error = form.error(name);
    html! {
        div.field {
            label for=(name) { (label) }
            textarea.input.input--area id=(name) name=(name) rows="8"
                aria-invalid=[error.map(|_| "true")]
                aria-describedby=[described_by(name, error, help)] { (form.value(name)) }
            (notes(name, error, help))
        }
    }
}

/// What is wrong with a field, with the id that [`described_by`] names.
pub fn notes(name: &str, error: Option<&str>, help: Option<&str>) -> Markup {
    html! {
        @if let Some(error) = error {
            p.field__error id={ (name) "_error" } role="alert" { (icon::small("circle-alert")) (error) }
        }
        @if let Some(help) = help { p.field__help id={ (name) "_help" } { (help) } }
    }
}

/// The ids of what describes a field.
pub fn described_by(name: &str, error: Option<&str>, help: Option<&str>) -> Option<String> {
    let error = error.map(|_| format!("{name}_error"));
    let help = help.map(|_| format!("{name}_help"));
    let ids: Vec<String> = error.into_iter().chain(help).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The token against forged forms. In fragments, which are the same for everybody, it is empty
/// and the browser fills it in.
pub fn token(csrf_token: &str) -> Markup {
    html! {
        input type="hidden" name="authenticity_token" value=(csrf_token) data-controller="token" autocomplete="off";
    }
}

/// Says which method a POST stands for.
pub fn method(name: &str) -> Markup {
    html! { input type="hidden" name="_method" value=(name); }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_and_what_is_wrong_stands_beside_it() {
        let error = FieldError { field: "name", message: "It is <too> long.".to_owned() };
        let form = Form::default().with("name", "\"><b>").refused(vec![error]);
        let input = Input { name: "name", label: "Name", ..Input::default() };
        let html = input.show(&form).into_string();
        assert!(html.contains(r#"value="&quot;&gt;&lt;b&gt;""#), "{html}");
        assert!(html.contains(r#"aria-invalid="true" aria-describedby="name_error""#), "{html}");
        assert!(html.contains(r#"id="name_error" role="alert""#), "{html}");
        assert!(html.contains("It is &lt;too&gt; long."), "{html}");
    }

    #[test]
    fn passwords_are_not_sent_back() {
        let form = Form::default().with("password", "open sesame");
        let input = Input { name: "password", kind: Some("password"), ..Input::default() };
        assert!(!input.show(&form).into_string().contains("sesame"));
    }
}
