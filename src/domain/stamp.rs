//! The stamp: a digest of exactly what the model would read.

use serde::{Deserialize, Serialize};

/// BLAKE3 digest in lower-case hex of excerpt, contract, prompt version, engine and model.
/// Equal stamps mean that a new call could only repeat the old answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Stamp(pub String);

impl std::fmt::Display for Stamp {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// Digests parts so that no two lists of parts collide: each is preceded by its length.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn moving_a_byte_between_parts_changes_the_digest() {
        assert_ne!(digest([b"ab".as_slice(), b"c"]), digest([b"a".as_slice(), b"bc"]));
        assert_eq!(digest([b"ab".as_slice()]), digest([b"ab".as_slice()]));
    }
}
