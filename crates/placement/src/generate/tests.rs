use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use duly_domain::{Address, AddressParts, Phone, Ssn, Zone};

use super::*;
use crate::{Code, GENERATED_MAPPING, Mapping, Scan};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn file(portfolio: Portfolio) -> Vec<u8> {
    let mut file = Vec::new();
    portfolio.write_csv(&mut file).unwrap();
    file
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let as_of = day("2026-03-01");
    assert_eq!(file(generate(200, 7, as_of)), file(generate(200, 7, as_of)));
    assert_ne!(file(generate(200, 7, as_of)), file(generate(200, 8, as_of)));
    // More accounts are the same accounts and more of them.
    let (short, long) = (file(generate(200, 7, as_of)), file(generate(300, 7, as_of)));
    assert!(long.starts_with(&short));
}

#[test]
fn the_file_takes_the_road_of_a_real_one_and_only_flawed_claims_are_refused() {
    let portfolio = generate(900, 11, day("2026-03-01"));
    let mapping = Mapping::parse(GENERATED_MAPPING).unwrap();
    let mut scan = Scan::open(Cursor::new(file(portfolio)), &mapping, portfolio.as_of()).unwrap();
    let mut codes: BTreeMap<Code, u64> = BTreeMap::new();
    let mut claims = portfolio.claims();
    for record in scan.records().unwrap() {
        let (record, claim) = (record.unwrap(), claims.next().unwrap());
        assert_eq!(record.client_ref.as_deref(), Some(claim.client_ref));
        assert_eq!(record.account_ref.as_deref(), Some(claim.account_ref.as_str()));
        let unreadable = claim.flaw.is_some_and(Flaw::unreadable);
        assert_eq!(record.outcome.is_err(), unreadable, "{:?}", claim.flaw);
        let placement = match record.outcome {
            Ok(placement) => placement,
            Err(error) => {
                *codes.entry(error.code).or_default() += 1;
                continue;
            }
        };
        let off = placement.amount.sub(claim.amount()).unwrap().minor();
        assert_eq!(off, if claim.flaw == Some(Flaw::ItemsDoNotSum) { 100 } else { 0 });
        assert_eq!(placement.items.len(), claim.items.len());
        for (item, made) in placement.items.iter().zip(&claim.items) {
            assert_eq!((item.kind, item.open_amount), (made.kind, made.open_amount));
            assert_eq!(
                (item.item_date, item.due_date),
                (Some(made.item_date), Some(made.due_date))
            );
        }
        assert_eq!(placement.parties.len(), 1 + usize::from(claim.guarantor.is_some()));
        assert_eq!(placement.known_facts.len(), usize::from(claim.known_fact.is_some()));
        assert_eq!(placement.contacts.len(), usize::from(claim.contact_name.is_some()));
        assert_eq!(
            placement.parties[0].birth_date.clone().map(duly_domain::Pii::into_inner),
            claim.debtor.birth_date
        );
    }
    assert_eq!(claims.next(), None);
    let three = [Code::InvalidAmount, Code::NoSuchDate, Code::UnknownCurrency, Code::MissingValue];
    assert_eq!(codes, three.into_iter().map(|code| (code, 3)).collect());
}

#[test]
fn every_flaw_stands_once_in_each_three_hundred_claims() {
    for seed in 0..20 {
        let portfolio = generate(300, seed, day("2026-03-01"));
        let claims: Vec<_> = portfolio.claims().collect();
        let flaws: Vec<_> = claims.iter().filter_map(|claim| claim.flaw).collect();
        assert_eq!(flaws, Flaw::ALL);
        for pair in claims.windows(2) {
            assert!(pair[0].flaw.is_none() || pair[1].flaw.is_none());
            let same = pair[0].account_ref == pair[1].account_ref;
            assert_eq!(same, pair[1].flaw == Some(Flaw::DuplicateReference));
        }
    }
}

#[test]
fn all_that_is_made_is_valid() {
    let mut zones = BTreeSet::new();
    let mut credits = 0;
    let mut clients = BTreeSet::new();
    for claim in generate(2_000, 3, day("2026-03-01")).claims() {
        assert!(claim.amount().is_positive());
        assert!((1..=40).contains(&claim.items.len()));
        credits += claim.items.iter().filter(|item| item.open_amount.is_negative()).count();
        clients.insert(claim.client_ref);
        for party in [Some(&claim.debtor), claim.guarantor.as_ref()].into_iter().flatten() {
            zones.insert(party.place.zone);
            let phone: Phone = party.phone.parse().unwrap();
            assert_eq!(phone.nanp_area_code(), Some(party.place.area_code));
            let parts = AddressParts {
                lines: vec![party.street.clone()],
                city: party.place.city.to_owned(),
                region: party.place.state.to_owned(),
                postal_code: party.place.zip.to_owned(),
                country: "US".to_owned(),
            };
            assert!(Address::try_from(parts).is_ok(), "{}", party.place.city);
            if !party.national_id.is_empty() {
                assert!(party.national_id.parse::<Ssn>().is_ok());
            }
        }
    }
    assert!(zones.len() >= 8 && zones.iter().all(|zone| zone.parse::<Zone>().is_ok()));
    assert!(credits > 20);
    let placing: BTreeSet<_> =
        CLIENTS.iter().filter(|client| client.places.is_some()).map(|c| c.client_ref).collect();
    assert_eq!(clients, placing);
    for (at, client) in CLIENTS.iter().enumerate() {
        let above = &CLIENTS[..at];
        assert!(client.parent_ref.is_none_or(|up| above.iter().any(|c| c.client_ref == up)));
    }
}
