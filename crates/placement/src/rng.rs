//! Seeded numbers without state outside: the same seed and names give the same numbers anywhere.

/// The splitmix64 generator of Steele, Lea and Flood.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

/// Its step, 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Rng {
    /// Numbers of their own for each seed and each sequence of names.
    pub fn of(seed: u64, names: &[&[u8]]) -> Self {
        let mut state = mix(seed.wrapping_add(STEP));
        for name in names {
            // FNV-1a, and mixed after each name, so that (`a`, `bc`) and (`ab`, `c`) differ.
            for byte in *name {
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
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(from.len()).unwrap_or(u64::MAX));
        &from[usize::try_from(at).unwrap_or_default()]
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
        let mut rng = Rng(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn names_are_kept_apart_and_numbers_stay_in_bounds() {
        assert_ne!(Rng::of(1, &[b"a", b"bc"]).next(), Rng::of(1, &[b"ab", b"c"]).next());
        let mut rng = Rng::of(7, &[]);
        let drawn: Vec<u64> = (0..1_000).map(|_| rng.between(3, 5)).collect();
        assert!((3..=5).all(|wanted| drawn.contains(&wanted)));
        assert!(drawn.iter().all(|drawn| (3..=5).contains(drawn)));
        assert_eq!(rng.below(0), 0);
    }
}
