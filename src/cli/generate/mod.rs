//! `cairn generate`: writes what is the same for every kind of event. In debug builds only, since it
//! writes into a checkout of the program’s own source.

mod checkout;
mod field;
mod kind_file;
mod migration;
mod name;
mod shape;
mod words;

use crate::app::Failure;
use checkout::Checkout;
use field::Field;
use name::Name;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Write a new kind of event: its file, its migration and its line in the list.
    Event {
        /// What happened, its noun first, such as `card_pinned`.
        #[arg(value_parser = Name::parse)]
        name: Name,
        /// What it holds, as `name:type`; the types are board, card, color, column, number, role,
        /// text and user.
        #[arg(value_parser = Field::parse)]
        fields: Vec<Field>,
    },
}

impl Command {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let Self::Event { name, fields } = self;
        field::refuse_twins(fields).map_err(|error| Failure::new(error.to_string()))?;
        let checkout = Checkout::find()?;
        checkout.refuse_known(name)?;
        let file = checkout.write_kind(name, &kind_file::render(name, fields))?;
        let migration = checkout.write_migration(name, &migration::render(name, fields))?;
        checkout.add_to_list(name)?;
        checkout.prepare()?;
        println!("{file}\n{migration}");
        println!(
            "Until a verb records it, a release build refuses {name}. Say in its file how it reads, \
             whom it concerns and what it changes; record it; and set `recorded` to true."
        );
        Ok(())
    }
}
