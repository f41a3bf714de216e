//! The mappings of `demo/`, on made-up files with the columns of the real ones.

use duly_domain::{Currency, Money};

use crate::{day, records, scan};

const INVOICES: &str = include_str!("../../../../demo/ar-highradius.yaml");
const SETTLED: &str = include_str!("../../../../demo/ar-ibm.yaml");

#[test]
fn customers_of_each_company_with_an_invoice_sixty_days_overdue_are_placed_whole() {
    let csv = "business_code,cust_number,name_customer,buisness_year,doc_id,posting_date,due_in_date,baseline_create_date,cust_payment_terms,converted_usd\n\
        U1,0100,ACME us,2020,90,2020-03-01,2020-05-01,2020-03-01,N1,100.10\n\
        U2,0100,ACME ,2020,91,2020-03-01,2020-05-01,2020-03-01,N1,7.00\n\
        U1,0200,BETA co,2020,92,2020-03-01,2020-05-02,2020-03-01,N1,50.00\n\
        U1,0100,ACME llc,2020,93,2020-05-01,2020-07-01,2020-05-01,N1,20.20\n\
        U1,0100,ACME llc,2020,94,2020-05-02,2020-07-02,2020-05-02,N1,0.03\n";
    let mut scan = scan(csv, INVOICES, "2020-06-30");
    let totals = scan.totals().clone();
    assert_eq!((totals.all.placements, totals.all.items, totals.all.items_max), (2, 4, 3));
    assert_eq!(totals.claims_not_overdue, 1);
    assert_eq!(totals.all.sums[&Currency::USD], Money::new(12_733, Currency::USD));
    assert_eq!(scan.clients(), ["U1", "U2"]);
    let placement = records(&mut scan).remove(0).outcome.unwrap();
    assert_eq!(placement.account_ref, "0100");
    assert_eq!(placement.parties[0].name.expose(), "ACME llc");
}

#[test]
fn customers_with_an_overdue_invoice_are_placed_with_all_open_ones_and_pay_them_later() {
    let csv = "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n\
        1,AA-1,1/1/2012,1,8/3/2012,9/2/2012,10.5,Yes,9/6/2012,Paper,34,4\n\
        1,AA-1,1/1/2012,2,9/4/2012,10/4/2012,20.25,No,10/1/2012,Paper,27,0\n\
        1,AA-1,1/1/2012,3,7/3/2012,8/2/2012,40,No,9/4/2012,Paper,63,33\n\
        1,AA-1,1/1/2012,4,9/5/2012,10/5/2012,80,No,10/4/2012,Paper,29,0\n\
        1,BB-2,1/1/2012,5,8/5/2012,9/4/2012,160,No,9/5/2012,Paper,31,1\n";
    let mut scan = scan(csv, SETTLED, "2012-09-04");
    assert_eq!((scan.totals().all.placements, scan.totals().all.items), (1, 2));
    assert_eq!(scan.totals().all.sums[&Currency::USD], Money::new(3_075, Currency::USD));
    let paid: Vec<_> = scan
        .payments()
        .unwrap()
        .map(Result::unwrap)
        .map(|payment| (payment.item_number, payment.on, payment.amount.minor()))
        .collect();
    assert_eq!(
        paid,
        [
            (Some("1".to_owned()), day("2012-09-06"), 1_050),
            (Some("2".to_owned()), day("2012-10-01"), 2_025),
        ]
    );
    let placement = records(&mut scan).remove(0).outcome.unwrap();
    let disputed: Vec<_> = placement.items.iter().map(|item| item.disputed_amount).collect();
    assert_eq!(disputed, [Some(Money::new(1_050, Currency::USD)), None]);
}
