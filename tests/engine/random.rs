//! Numbers that look random and are the same in every run.

/// A generator after the `splitmix64` algorithm, which is in the public domain.
pub struct Random(u64);

impl Random {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Up to `limit` bytes.
    pub fn bytes(&mut self, limit: usize) -> Vec<u8> {
        (0..self.below(limit + 1)).map(|_| self.next() as u8).collect()
    }

    /// A string of up to `limit` characters of all planes, often such that JSON treats specially.
    pub fn string(&mut self, limit: usize) -> String {
        const SPECIAL: [char; 16] = [
            '"',
            '\\',
            '/',
            '\0',
            '\n',
            '\u{1f}',
            '\u{7f}',
            '<',
            '>',
            '&',
            '\u{2028}',
            '\u{2029}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{ffff}',
            '\u{10ffff}',
        ];
        let character = |random: &mut Self| match random.below(4) {
            0 => *random.pick(&SPECIAL),
            1 => char::from(b'a' + random.below(4) as u8),
            2 => char::from_u32(random.below(0xd800) as u32).unwrap(),
            _ => char::from_u32(0xe000 + random.below(0x0010_2000) as u32).unwrap(),
        };
        (0..self.below(limit + 1)).map(|_| character(self)).collect()
    }

    /// The bytes with one thing changed: a bit, a byte more, a byte less, an end, a repetition.
    pub fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut mutated = bytes.to_vec();
        let (at, other) = (self.below(bytes.len()), self.below(bytes.len()));
        match self.below(6) {
            0 | 1 => mutated[at] ^= 1 << self.below(8),
            2 => mutated.insert(at, self.next() as u8),
            3 => drop(mutated.remove(at)),
            4 => mutated.truncate(at),
            _ => {
                let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 64));
                let again = bytes[from..to].to_vec();
                mutated.splice(from..from, again);
            }
        }
        mutated
    }
}
