//! Files of clients, and trees of them.

use super::*;

const ACME: &str = "\
client_ref: ACME
name: Acme Supply Inc.
effective_on: 2026-01-01
policy:
  currency: USD
  remit_method: net
  offset_consent_on: 2025-12-01
  fee_schedule:
    rates:
      tiered:
        tier_mode: marginal
        tier_base: collected_to_date
        brackets: [{up_to: 300000, rate: \"0.25\"}, {rate: \"0.18\"}]
  hold_days: {cheque: 10}
";

#[test]
fn a_client_is_read_with_its_policy() {
    let [entry] = parse(ACME).unwrap().try_into().unwrap();
    let policy = entry.policy().unwrap();
    assert_eq!(entry.client_ref, "ACME");
    assert_eq!(commission(&policy_to_wire(&policy)), "0.25 up to 3,000.00 USD, then 0.18");
}

#[test]
fn a_list_of_clients_is_read_too() {
    let indented = ACME.replace('\n', "\n  ");
    let list = format!("# ours\n- {indented}\n- {}", indented.replace("ACME", "BOLT"));
    let refs: Vec<String> = parse(&list).unwrap().into_iter().map(|e| e.client_ref).collect();
    assert_eq!(refs, ["ACME", "BOLT"]);
}

#[test]
fn a_misspelt_key_and_a_policy_that_cannot_be_are_named() {
    let said = format!("{:#}", parse(&ACME.replace("remit_method", "remit")).unwrap_err());
    assert!(said.contains("remit"), "{said}");
    let gross = ACME.replace("remit_method: net", "remit_method: gross");
    let said = format!("{:#}", parse(&gross).unwrap()[0].policy().unwrap_err());
    assert!(said.contains("the policy of ACME"), "{said}");
}

#[test]
fn a_tree_is_a_client_and_everything_under_it() {
    let id = |n: u8| ClientId::from_uuid(uuid::Uuid::from_u128(n.into())).to_string();
    let client = |n: u8, parent: u8| Client {
        client_id: id(n),
        client_ref: format!("C{n}"),
        parent_client_id: if parent == 0 { String::new() } else { id(parent) },
        ..Client::default()
    };
    let all = [client(4, 3), client(3, 1), client(1, 0), client(2, 0)];
    let tree: Vec<String> =
        subtree(&all, &["C1"]).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(tree, [id(1), id(3), id(4)]);
    let said = subtree(&all, &["C9"]).unwrap_err().to_string();
    assert!(said.contains("there is no client C9"), "{said}");
}
