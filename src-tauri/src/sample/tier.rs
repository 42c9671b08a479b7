//! How large the sample workspace is.

use std::{fmt, str::FromStr};

/// How many customers the sample has, whatever its tier.
pub(super) const CUSTOMERS: u32 = 500;

/// A size of the sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tier {
    /// 100 offers, 500 activities: for tests.
    Small,
    /// 10,000 offers, 50,000 activities: what a person sees at first start.
    #[default]
    Standard,
    /// 1,000,000 offers, 5,000,000 activities: for measurements.
    Large,
}

impl Tier {
    /// How many offers it has.
    pub fn offers(self) -> u32 {
        match self {
            Self::Small => 100,
            Self::Standard => 10_000,
            Self::Large => 1_000_000,
        }
    }

    /// How many activities it has: five for each offer.
    pub fn activities(self) -> u32 {
        self.offers() * 5
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "small",
            Self::Standard => "standard",
            Self::Large => "large",
        })
    }
}

impl FromStr for Tier {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Small, Self::Standard, Self::Large]
            .into_iter()
            .find(|tier| tier.to_string() == text)
            .ok_or_else(|| format!("small, standard or large, not `{text}`"))
    }
}
