//! What tokens cost, as far as it is known.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::brief::Usage;

/// US dollars per 1,000,000 tokens.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Price {
    pub input: f64,
    /// Of the part of the prompt that the provider had cached.
    pub cached_input: f64,
    pub output: f64,
}

impl Price {
    /// US dollars for these tokens.
    pub fn of(&self, usage: &Usage) -> f64 {
        let cached = usage.cached_prompt_tokens.min(usage.prompt_tokens);
        let fresh = usage.prompt_tokens - cached;
        let millionths = fresh as f64 * self.input + cached as f64 * self.cached_input;
        (millionths + usage.completion_tokens as f64 * self.output) / 1e6
    }
}

#[derive(Deserialize)]
struct Listed {
    #[serde(flatten)]
    price: Price,
    reasoning: bool,
}

/// The listed price of a model, with or without a date behind its name.
pub(super) fn listed(model: &str) -> Option<Price> {
    find(model).map(|listed| listed.price)
}

/// Whether a model reasons before it answers, and so refuses `temperature`. `None`: not listed.
pub(super) fn reasons(model: &str) -> Option<bool> {
    find(model).map(|listed| listed.reasoning)
}

fn find(model: &str) -> Option<Listed> {
    let list: BTreeMap<String, Listed> = toml::from_str(include_str!("prices.toml")).unwrap_or_default();
    let mut list = list;
    list.remove(model).or_else(|| list.remove(without_date(model)?))
}

/// `gpt-6-luna-2026-08-01` → `gpt-6-luna`.
fn without_date(model: &str) -> Option<&str> {
    let (name, date) = model.split_at_checked(model.len().checked_sub("-2026-08-01".len())?)?;
    date.strip_prefix('-')?.parse::<jiff::civil::Date>().ok().map(|_| name)
}

#[cfg(test)]
mod tests {
    use super::{Price, listed, reasons};
    use crate::domain::brief::Usage;

    #[test]
    fn cached_tokens_cost_less_and_unknown_models_cost_nobody_knows_what() {
        let usage = Usage { prompt_tokens: 3_000_000, cached_prompt_tokens: 1_000_000, completion_tokens: 500_000 };
        let price = listed("gpt-6-luna").unwrap();
        assert!((price.of(&usage) - (2.0 * 0.1 + 0.01 + 0.25)).abs() < 1e-9);
        assert_eq!(listed("gpt-6-luna-2026-08-01"), Some(price));
        assert_eq!(listed("gpt-6-luna-preview"), None);
        assert_eq!((reasons("gpt-6-luna"), reasons("gpt-4o-mini"), reasons("qwen3")), (Some(true), Some(false), None));
    }

    #[test]
    fn a_provider_that_counts_more_cached_than_sent_tokens_does_no_harm() {
        let price = Price { input: 1.0, cached_input: 0.5, output: 0.0 };
        let usage = Usage { prompt_tokens: 10, cached_prompt_tokens: 90, completion_tokens: 0 };
        assert!((price.of(&usage) - 5e-6).abs() < 1e-12);
    }
}
