//! [`Shape`]: a look at the bytes of a line that costs next to nothing.

/// What one look at the bytes of a line says: most lines are told from a header by it, before any pattern is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(u8);

impl Shape {
    const DIGIT: u8 = 1;
    const AT: u8 = 2;
    const COLON: u8 = 4;
    const OPENING: u8 = 8;
    const WIDE: u8 = 16;

    pub(super) fn of(line: &str) -> Self {
        // A longer line is no header, but may begin with one.
        let window = &line.as_bytes()[..line.len().min(WINDOW)];
        Self(window.iter().fold(0, |seen, byte| seen | Self::CLASSES[usize::from(*byte)]))
    }

    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            classes[byte] = match byte as u8 {
                b'0'..=b'9' => Self::DIGIT,
                b'@' => Self::AT,
                b':' | b'|' => Self::COLON,
                b'<' | b'"' => Self::OPENING,
                0xd8.. => Self::WIDE,
                _ => 0,
            };
            byte += 1;
        }
        classes
    };

    fn has(self, any: u8) -> bool {
        self.0 & any != 0
    }

    pub(super) fn may_be_field(self) -> bool {
        self.has(Self::COLON | Self::WIDE)
    }

    /// The first line of a wrapped attribution names a day, a time or an address, or quotes a name.
    pub(super) fn may_begin(self) -> bool {
        self.has(Self::DIGIT | Self::AT | Self::OPENING | Self::WIDE)
    }

    pub(super) fn may_share(self) -> bool {
        self.has(Self::DIGIT) && self.has(Self::COLON | Self::AT)
    }
}

/// Bytes of a line that are looked at.
const WINDOW: usize = 600;

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn most_lines_need_no_pattern() {
        let plain = Shape::of("We take all of the seats, as we said.");
        assert!(!plain.may_be_field() && !plain.may_begin() && !plain.may_share());
        assert!(Shape::of("From: Dana").may_be_field() && Shape::of("发件人：Dana").may_be_field());
        assert!(Shape::of("On 4 May 2026 Dana wrote:").may_share());
    }
}
