//! Draws that depend on what they are about, never on what was drawn before.

/// A short sequence of numbers, of its own for each seed and each sequence of names: the splitmix64
/// generator of Steele, Lea and Flood.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

/// Its step, 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    pub fn of<'a>(seed: u64, names: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut state = mix(seed.wrapping_add(STEP));
        for name in names {
            // FNV-1a, and mixed after each name, so that (`a`, `bc`) and (`ab`, `c`) differ.
            for byte in name {
                state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
            state = mix(state.wrapping_add(STEP));
        }
        Self(state)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// From 0 to `bound` - 1; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        let wide = u128::from(self.next()) * u128::from(bound);
        u32::try_from(wide >> 64).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a thousand cases.
    pub fn per_mille(&mut self, rate: u32) -> bool {
        self.below(1_000) < rate
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        &from[usize::try_from(at).unwrap_or_default()]
    }

    /// One of these, each as often as its weight in a thousand says; `None` for what is left of the
    /// thousand.
    pub fn mix<T: Copy>(&mut self, shares: &[(u32, T)]) -> Option<T> {
        let mut drawn = self.below(1_000);
        shares.iter().find_map(|(share, what)| {
            if drawn < *share {
                return Some(*what);
            }
            drawn -= share;
            None
        })
    }
}

fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        let mut dice = Dice(1_234_567);
        assert_eq!(
            [dice.next(), dice.next(), dice.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn names_are_kept_apart_and_numbers_stay_in_bounds() {
        let of = |names: [&'static str; 2]| Dice::of(1, names.map(str::as_bytes)).next();
        assert_ne!(of(["a", "bc"]), of(["ab", "c"]));
        let mut dice = Dice::of(7, []);
        let drawn: Vec<u32> = (0..1_000).map(|_| dice.between(3, 5)).collect();
        assert!((3..=5).all(|wanted| drawn.contains(&wanted)));
        assert!(drawn.iter().all(|drawn| (3..=5).contains(drawn)));
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.mix::<u8>(&[]), None);
        assert_eq!(dice.mix(&[(1_000, 'x')]), Some('x'));
    }
}
