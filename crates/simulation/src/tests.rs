use std::collections::BTreeMap;

use chrono::Weekday;
use duly_domain::{
    Channel, ClientAnswer, Currency, Date, DebtClass, DebtorKind, Disposition, HitKind, Money,
    PaymentMethod,
};

use super::*;

fn debtors(money: MoneyModel, count: u32) -> Vec<Debtor> {
    let of = |n: u32| {
        let account_ref = format!("A-{n}");
        let (class, kind) = if n.is_multiple_of(2) {
            (DebtClass::Commercial, DebtorKind::Business)
        } else {
            (DebtClass::Consumer, DebtorKind::Person)
        };
        let key = Key { client_ref: "NORTH", account_ref: &account_ref, position: 0 };
        Debtor::of(42, key, class, kind, money)
    };
    (0..count).map(of).collect()
}

fn day() -> Date {
    "2026-01-15".parse().unwrap()
}

/// Letters, calls and searches over some weeks.
fn live(debtor: &mut Debtor) -> Vec<(Disposition, Vec<Reaction>)> {
    let mut seen = vec![(Disposition::Sent, debtor.on_letter(Piece::Mail))];
    for (weekday, hour) in [(Weekday::Mon, 10), (Weekday::Wed, 13), (Weekday::Fri, 17)].repeat(4) {
        let call = Call { phone: "+12025550100", weekday, hour };
        let CallAnswer { disposition, reactions } = debtor.on_call(call);
        seen.push((disposition, reactions));
    }
    seen.push((Disposition::Sent, debtor.on_letter(Piece::Email)));
    seen
}

/// Within a quarter of the constant, or three cases of it.
fn assert_near(what: &str, seen: usize, of: usize, per_mille: u32) {
    let expected = of * usize::try_from(per_mille).unwrap() / 1_000;
    assert!(seen.abs_diff(expected) <= expected / 4 + 3, "{what}: {seen} of {of}, not {expected}");
}

#[test]
fn the_same_seed_gives_the_same_lives_in_any_order() {
    let (mut one, mut two) =
        (debtors(MoneyModel::Invented, 500), debtors(MoneyModel::Invented, 500));
    let first: Vec<_> = one.iter_mut().map(live).collect();
    two.reverse();
    let mut second: Vec<_> = two.iter_mut().map(live).collect();
    second.reverse();
    assert_eq!(first, second);
}

#[test]
fn another_seed_position_or_reference_is_another_debtor() {
    let base = Key { client_ref: "NORTH", account_ref: "A-1", position: 0 };
    let of = |seed, key| {
        let mut debtor =
            Debtor::of(seed, key, DebtClass::Consumer, DebtorKind::Person, MoneyModel::Invented);
        (live(&mut debtor), debtor.phone_found(), debtor.misnamed(1))
    };
    let others = [
        of(43, base),
        of(42, Key { position: 1, ..base }),
        of(42, Key { account_ref: "A-11", ..base }),
        of(42, Key { client_ref: "NORTHA", account_ref: "-1", position: 0 }),
    ];
    assert!(others.iter().all(|other| *other != of(42, base)));
}

#[test]
fn traits_are_as_frequent_as_their_rates_say() {
    let all = debtors(MoneyModel::Invented, 8_000);
    let count = |of: &dyn Fn(&Traits) -> bool| all.iter().filter(|d| of(d.traits())).count();
    assert_near("dead", count(&|t| t.line == Line::Dead), 8_000, rates::LINE_DEAD);
    assert_near(
        "somebody else's",
        count(&|t| t.line == Line::SomebodyElses),
        8_000,
        rates::LINE_OF_SOMEBODY_ELSE,
    );
    assert_near("moved", count(&|t| t.moved), 8_000, rates::MOVED);
    assert_near("voicemail", count(&|t| t.has_voicemail), 8_000, rates::HAS_VOICEMAIL);
    let bankrupt = count(&|t| t.blocked_by == Some(HitKind::Bankruptcy));
    assert_near("bankrupt", bankrupt, 8_000, rates::BANKRUPT);
    let dead = count(&|t| t.blocked_by == Some(HitKind::Deceased));
    assert_near("deceased", dead, 4_000, rates::DECEASED);
    let mut attitudes: BTreeMap<(bool, Attitude), usize> = BTreeMap::new();
    for (n, debtor) in all.iter().enumerate() {
        *attitudes.entry((n.is_multiple_of(2), debtor.traits().attitude)).or_default() += 1;
    }
    for (commercial, table) in
        [(true, rates::BUSINESS_ATTITUDES), (false, rates::CONSUMER_ATTITUDES)]
    {
        for (share, attitude) in table {
            let seen = attitudes[&(commercial, *attitude)];
            assert_near(&format!("{attitude:?}"), seen, 4_000, *share);
        }
    }
}

#[test]
fn calls_are_answered_as_often_as_their_hour_says() {
    let mut all = debtors(MoneyModel::Invented, 8_000);
    let (mut best, mut reached) = (0, 0);
    for debtor in &mut all {
        let traits = debtor.traits().clone();
        if traits.line != Line::Own || traits.blocked_by.is_some() {
            continue;
        }
        let call = Call { phone: "+12025550100", weekday: Weekday::Wed, hour: traits.best_hours.0 };
        best += 1;
        let answered = matches!(
            debtor.on_call(call).disposition,
            Disposition::Reached | Disposition::ThirdParty
        );
        reached += usize::from(answered);
    }
    assert_near("answered", reached, best, rates::ANSWERS_IN_BEST_HOURS);
}

#[test]
fn everything_that_can_happen_happens_in_two_thousand_lives() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for debtor in &mut debtors(MoneyModel::Invented, 2_000) {
        for (disposition, reactions) in live(debtor) {
            *seen.entry(disposition.as_str()).or_default() += 1;
            for Reaction { act, .. } in reactions {
                let name = match act {
                    Act::Pays(Payment { via: Via::Creditor, .. }) => "pays the creditor",
                    Act::Pays(Payment { via: Via::AgencyUnnamed, .. }) => "misnames",
                    Act::Pays(Payment { returned_after: Some(_), .. }) => "bounces",
                    Act::Pays(Payment { percent: 101.., .. }) => "too much",
                    Act::Pays(_) => "pays",
                    Act::Promises(Promise { kept: Kept::After(_), .. }) => "keeps",
                    Act::Promises(Promise { kept: Kept::Part { .. }, .. }) => "keeps in part",
                    Act::Promises(Promise { kept: Kept::Not, .. }) => "breaks",
                    Act::Disputes { scope: Scope::Whole, .. } => "disputes all",
                    Act::Disputes { scope: Scope::Item(_), .. } => "disputes an item",
                    Act::HiresAttorney => "attorney",
                    Act::Ceases => "ceases",
                    Act::OptsOut(Channel::Email) => "no e-mails",
                    Act::OptsOut(_) => "no calls",
                    Act::TurnsOut(_) => "turns out",
                    Act::SendsBack(_) => "sent back",
                };
                *seen.entry(name).or_default() += 1;
            }
        }
    }
    for name in [
        "reached",
        "third_party",
        "no_answer",
        "busy",
        "voicemail",
        "not_in_service",
        "wrong_number",
        "pays the creditor",
        "misnames",
        "bounces",
        "too much",
        "pays",
        "keeps",
        "keeps in part",
        "breaks",
        "disputes all",
        "disputes an item",
        "attorney",
        "ceases",
        "no e-mails",
        "no calls",
        "turns out",
        "sent back",
    ] {
        assert!(seen.contains_key(name), "`{name}` never happens: {seen:?}");
    }
}

#[test]
fn promised_money_that_is_kept_comes_in_time() {
    for debtor in &mut debtors(MoneyModel::Invented, 2_000) {
        for (_, reactions) in live(debtor) {
            for Reaction { act, .. } in reactions {
                let Act::Promises(Promise { percent, due_in, kept, .. }) = act else { continue };
                assert!((1..=100).contains(&percent) && due_in > 0);
                match kept {
                    Kept::After(after) => assert!(after <= due_in),
                    Kept::Part { percent, after } => assert!(after <= due_in && percent < 100),
                    Kept::Not => {}
                }
            }
        }
    }
}

#[test]
fn who_is_followed_pays_the_whole_first_demand_whatever_was_drawn() {
    for debtor in debtors(MoneyModel::Invented, 2_000) {
        let mut debtor = debtor.followed();
        let reactions = debtor.on_letter(Piece::Mail);
        let [Reaction { after_days: 3..=6, act: Act::Pays(payment) }] = reactions[..] else {
            panic!("{reactions:?}");
        };
        assert_eq!((payment.percent, payment.via), (100, Via::Agency));
        assert_eq!((payment.method, payment.returned_after), (PaymentMethod::Wire, None));
        assert_eq!(debtor.on_letter(Piece::Mail), []);
        assert_eq!(debtor.on_scrub(day()), None);
    }
}

#[test]
fn nobody_pays_where_payments_are_on_record() {
    for debtor in &mut debtors(MoneyModel::Recorded, 2_000) {
        for (_, reactions) in live(debtor) {
            assert!(
                !reactions.iter().any(|r| matches!(r.act, Act::Pays(_) | Act::Promises(_))),
                "{reactions:?}"
            );
        }
    }
    for n in 0..200 {
        let creditor = Creditor::of(1, "NORTH", &format!("A-{n}"), MoneyModel::Recorded);
        assert_eq!(creditor.on_question(1).answer, ClientAnswer::Stands);
        assert_eq!(creditor.by_itself(90), None);
    }
}

#[test]
fn a_traced_number_is_the_debtors_own() {
    let mut all = debtors(MoneyModel::Invented, 4_000);
    let (mut asked, mut phones, mut addresses) = (0, 0, 0);
    for debtor in all.iter_mut().filter(|debtor| debtor.traits().line == Line::Dead) {
        asked += 1;
        let found = debtor.on_trace();
        addresses += usize::from(found.address.is_some());
        let Some(phone) = found.phone else { continue };
        phones += 1;
        assert!(phone.parse::<duly_domain::Phone>().is_ok(), "{phone}");
        let call = |phone| Call { phone, weekday: Weekday::Tue, hour: 10 };
        let answer = debtor.on_call(call(&phone));
        assert_ne!(answer.disposition, Disposition::NotInService);
        let answer = debtor.on_call(call("+12025550100"));
        assert_eq!(answer.disposition, Disposition::NotInService);
    }
    assert_near("phones", phones, asked, rates::TRACE_FINDS_PHONE);
    assert_near("addresses", addresses, asked, rates::TRACE_FINDS_ADDRESS);
}

#[test]
fn a_letter_to_one_who_moved_comes_back_until_he_is_found() {
    let mut moved = debtors(MoneyModel::Invented, 8_000);
    moved.retain(|debtor| debtor.traits().moved && debtor.traits().blocked_by.is_none());
    let came_back = |reactions: &[Reaction]| {
        reactions.iter().any(|reaction| matches!(reaction.act, Act::SendsBack(_)))
    };
    let of = moved.len();
    let back = moved.iter().filter(|d| came_back(&(*d).clone().on_letter(Piece::Mail))).count();
    assert_near("returned", back, of, rates::RETURNED_OF_MOVED);
    for debtor in &mut moved {
        if debtor.on_trace().address.is_some() {
            assert!(!came_back(&debtor.on_letter(Piece::Mail)));
        }
    }
}

#[test]
fn a_scrub_finds_what_blocks_and_nothing_of_others() {
    let all = debtors(MoneyModel::Invented, 8_000);
    let blocked: Vec<_> = all.iter().filter(|d| d.traits().blocked_by.is_some()).collect();
    let found: Vec<_> = blocked.iter().filter_map(|d| d.on_scrub(day())).collect();
    assert_near("hits", found.len(), blocked.len(), rates::SCRUB_FINDS);
    for hit in found {
        assert!(hit.since < day());
        assert_eq!(hit.chapter > 0, hit.kind == HitKind::Bankruptcy);
    }
    assert!(all.iter().all(|d| d.traits().blocked_by.is_some() || d.on_scrub(day()).is_none()));
}

#[test]
fn creditors_answer_and_act_as_often_as_their_rates_say() {
    let all = (0..6_000)
        .map(|n| Creditor::of(7, "NORTH", &format!("A-{n}"), MoneyModel::Invented))
        .collect::<Vec<_>>();
    let answers = |wanted| all.iter().filter(|c| c.on_question(1).answer == wanted).count();
    assert_near("credits", answers(ClientAnswer::Credit), 6_000, rates::CREDITOR_CREDITS);
    assert_near("parts", answers(ClientAnswer::Part), 6_000, rates::CREDITOR_CREDITS_PART);
    let recalls = all
        .iter()
        .filter_map(|creditor| creditor.by_itself(90))
        .inspect(|(on, _)| assert!((1..90).contains(on)))
        .filter(|(_, act)| *act == CreditorAct::Recalls)
        .count();
    assert_near("recalls", recalls, 6_000, rates::CREDITOR_RECALLS);
    assert!(all.iter().all(|creditor| creditor.on_question(1).after_days < 10));
}

#[test]
fn shares_are_at_least_a_cent_and_too_much_is_more_than_all() {
    let money = |minor| Money::new(minor, Currency::USD);
    assert_eq!(Debtor::share(50, money(1_001)), money(500));
    assert_eq!(Debtor::share(1, money(5)), money(1));
    assert_eq!(Debtor::share(101, money(5)), money(6));
    assert_eq!(Debtor::share(100, money(i64::MAX)), money(i64::MAX));
}
