//! The colours that people, boards and columns may have.

use std::fmt;

use super::Invalid;

macro_rules! colors {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// One of the nine colours of the palette; its name is the value of `data-color`.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash,
            serde::Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema,
        )]
        #[serde(rename_all = "lowercase")]
        #[sqlx(type_name = "text", rename_all = "lowercase")]
        pub enum Color {
            $(
                #[doc = concat!("The colour `", $name, "`.")]
                $variant,
            )*
        }

        impl Color {
            /// Every colour, in the order in which they are given out.
            pub const ALL: &'static [Color] = &[$(Color::$variant),*];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Color::$variant => $name),* }
            }
        }
    };
}

colors! {
    Stone "stone", Lake "lake", Ochre "ochre", Moss "moss", Heather "heather",
    Clay "clay", Slate "slate", Lichen "lichen", Rowan "rowan",
}

impl Color {
    /// Takes a colour by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such colour.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .iter()
            .copied()
            .find(|color| color.as_str() == text)
            .ok_or_else(|| Invalid::because("There is no such colour."))
    }

    /// The colour of the nth thing of a row, so that neighbours differ.
    pub fn nth(n: usize) -> Self {
        Self::ALL[n % Self::ALL.len()]
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
