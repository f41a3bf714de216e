//! What comes of a letter.

use duly_domain::{Channel, HitKind, ReturnReason};

use crate::{
    debtor::{Act, Debtor, Reaction},
    rates::RETURNED_OF_MOVED,
};

/// How a piece left the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Piece {
    /// By post.
    Mail,
    /// By e-mail.
    Email,
}

/// Days by post (United States Postal Service: First-Class Mail, one to five days).
const POST_DAYS: (u32, u32) = (2, 5);

/// Days until the post has brought a letter back. Plausible.
const RETURN_DAYS: (u32, u32) = (8, 16);

impl Debtor {
    /// A piece to it left the house: what comes of it, in days from then.
    pub fn on_letter(&mut self, piece: Piece) -> Vec<Reaction> {
        self.letters += 1;
        let mut dice = self.dice("letter", self.letters);
        match piece {
            Piece::Mail => {
                let back = |dice: &mut crate::dice::Dice, reason| Reaction {
                    after_days: dice.between(RETURN_DAYS.0, RETURN_DAYS.1),
                    act: Act::SendsBack(reason),
                };
                if self.traits.blocked_by == Some(HitKind::Deceased) {
                    return vec![back(&mut dice, ReturnReason::Deceased)];
                }
                if self.traits.moved && !self.address_found {
                    let returned = dice.per_mille(RETURNED_OF_MOVED);
                    let reason = *dice.pick(&[ReturnReason::Moved, ReturnReason::Undeliverable]);
                    return Vec::from_iter(returned.then(|| back(&mut dice, reason)));
                }
                let days = dice.between(POST_DAYS.0, POST_DAYS.1);
                delayed(self.hears(), days)
            }
            Piece::Email if self.traits.email_bounces => {
                vec![Reaction::at_once(Act::SendsBack(ReturnReason::Bounced))]
            }
            Piece::Email => {
                let mut reactions = delayed(self.hears(), dice.between(0, 2));
                if self.traits.opts_out_of_email && !self.opted_out {
                    self.opted_out = true;
                    reactions.push(Reaction { after_days: 1, act: Act::OptsOut(Channel::Email) });
                }
                reactions
            }
        }
    }
}

fn delayed(reactions: Vec<Reaction>, days: u32) -> Vec<Reaction> {
    let delay =
        |reaction: Reaction| Reaction { after_days: reaction.after_days + days, ..reaction };
    reactions.into_iter().map(delay).collect()
}
