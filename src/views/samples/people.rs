//! The pages about people and the account, with made-up data.

use maud::Markup;

use crate::domain::invitations::Waiting;
use crate::domain::sign_ins::SignIn;
use crate::domain::tokens::Token;
use crate::domain::users::User;
use crate::values::id::{InvitationId, SignInId, TokenId, UserId};
use crate::values::{Color, Email, Role, Scope, clock};
use crate::views::members::Members;
use crate::views::{Form, Page, erasures, members, profile, settings, tokens};

/// A text that would be a script if it were not taken as text.
pub(super) const SHARP: &str = "\"><script>alert('x')</script>";

/// Each page by its name; `wrong` is a form that was refused.
pub(super) fn pages(page: &Page, wrong: &Form) -> Vec<(&'static str, Markup)> {
    let blank = Form::default();
    let mut by_member = page.clone();
    by_member.viewer.as_mut().expect("somebody looks").role = Role::Member;
    let users = [user("Olive Marsh", Role::Owner), user(SHARP, Role::Member)];
    let waiting = [waiting()];
    let link = Some("https://cairn.example/northfold/invitations/abc");
    let fine = Members {
        users: &users,
        waiting: &[],
        former: &[],
        invite: &blank,
        change: &blank,
        link: None,
    };
    let (waiting, former) = (&waiting[..], &users[1..]);
    let full = Members { waiting, former, invite: wrong, change: wrong, link, ..fine };
    vec![
        ("members", members::show(page, &full)),
        ("members-read", members::show(&by_member, &fine)),
        ("member-removal", members::confirm_removal(page, &users[1])),
        ("member-erasure", erasures::confirm(page, &users[1])),
        ("settings", settings::show(page, &blank)),
        ("settings-read", settings::show(&by_member, &blank)),
        ("tokens", tokens::index(page, &[token()], &blank, Some("cairn_abc"))),
        ("profile", profile::show(page, &[sign_in()], &blank, &blank, true)),
    ]
}

fn user(name: &str, role: Role) -> User {
    User { id: UserId::new(), name: name.to_owned(), role, color: Color::Moss }
}

fn waiting() -> Waiting {
    Waiting {
        id: InvitationId::new(),
        email: Email::parse("rowan@example.com").expect("an address"),
        role: Role::Admin,
        created_at: clock::now(),
        expires_at: clock::now(),
    }
}

fn token() -> Token {
    Token {
        id: TokenId::new(),
        user_id: UserId::new(),
        holder: SHARP.to_owned(),
        name: SHARP.to_owned(),
        scope: Scope::Write,
        created_at: clock::now(),
        last_used_at: None,
    }
}

fn sign_in() -> SignIn {
    SignIn {
        id: SignInId::new(),
        created_at: clock::now(),
        last_seen_at: clock::now(),
        address: Some("192.0.2.7".to_owned()),
        user_agent: SHARP.to_owned(),
    }
}
