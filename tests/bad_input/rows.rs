//! Bad rows beside good ones: each record has its answer on its line, the good ones are placed, and no
//! value of a bad field is said again.

use duly_proto::{
    common::v1::{Date, Money},
    intake::v1::Acknowledgement,
};
use duly_testkit::{PlaceOpen, Placed, placement, usd};

use super::{
    program::run,
    world::{Counted, HEADER, MAPPING, World, row},
};

/// Values of bad fields, as planted in the file: nobody repeats them.
const PLANTED: [&str; 7] =
    ["9X7.11Q", "2025-02-30", "soon-77", "ZQX", "731.117", "Unsummed", "MMMMMMMMMMMMMMMM"];

/// Each bad row: what stands there, and the code and field of its answer.
fn bad_rows() -> Vec<(Vec<u8>, &'static str, &'static str)> {
    let megabyte = "M".repeat(1024 * 1024);
    let long = "M".repeat(5 * 1024);
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (text("ACME,B-01,USD,9X7.11Q,Bad One,I-1,2025-09-30,1.00"), "invalid_amount", "balance"),
        (text("ACME,B-02,USD,1.00,Bad Two,I-1,2025-02-30,1.00"), "no_such_date", "due"),
        (text("ACME,B-03,USD,1.00,Bad Three,I-1,soon-77,1.00"), "invalid_date", "due"),
        (text("ACME,B-04,ZQX,1.00,Bad Four,I-1,2025-09-30,1.00"), "unknown_currency", "currency"),
        (text("ACME,B-05,USD,1.00,,I-1,2025-09-30,1.00"), "missing_value", "name"),
        (
            text("ACME,R-00001,USD,1.00,Bad Six,I-1,2025-09-30,1.00"),
            "duplicate_in_batch",
            "client_account_ref",
        ),
        (text("ACME,B-07,USD,2.00,Unsummed,I-1,2025-09-30,1.00"), "items_sum", "items"),
        (
            text(&format!("ACME,B-08,USD,1.00,{megabyte},I-1,2025-09-30,1.00")),
            "row_too_long",
            "name",
        ),
        (text(&format!("ACME,B-09,USD,1.00,{long},I-1,2025-09-30,1.00")), "field_too_long", "name"),
        (
            b"ACME,B-10,USD,1.00,Bad \xff\xfe Ten,I-1,2025-09-30,1.00".to_vec(),
            "invalid_utf8",
            "name",
        ),
        (text("ACME,B-11,USD,1.00,Bad Eleven"), "wrong_field_count", ""),
        (
            text("ACME,B-12,USD,731.117,Bad Twelve,I-1,2025-09-30,1.00"),
            "amount_too_precise",
            "balance",
        ),
        (
            text("ACME,B-13,USD,-1.00,Bad Thirteen,I-1,2025-09-30,-1.00"),
            "amount_not_positive",
            "balance",
        ),
        (text(",B-14,USD,1.00,Bad Fourteen,I-1,2025-09-30,1.00"), "missing_value", "client"),
        (text("ACME,B-15,USD,1.00,\"Bad Fifteen,I-1,2025-09-30,1.00"), "invalid_quote", "name"),
    ]
}

/// Good and bad rows by turns; the first good one is on line 2.
fn file(good: usize) -> Vec<u8> {
    let mut bad = bad_rows().into_iter();
    let mut file = HEADER.as_bytes().to_vec();
    for n in 1..=good {
        let rows = [Some(row("ACME", n).into_bytes()), bad.next().map(|(row, ..)| row)];
        for row in rows.into_iter().flatten() {
            file.push(b'\n');
            file.extend(row);
        }
    }
    file.push(b'\n');
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_are_placed_beside_bad_ones_and_each_has_its_answer() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.put("ACME").await?;
    let (file, mapping) = (world.file("bad.csv", file(20))?, world.file("map.yaml", MAPPING)?);
    let rejects = world.scratch.path().join("rejects.csv");
    let said = run(world.place(&file, &mapping).arg("--rejects").arg(&rejects)).await?;
    // Rows that are refused are the client's to mend, and no failure of the command.
    said.done();
    said.keeps_to_itself(&PLANTED);
    let listed = std::fs::read_to_string(&rejects)?;
    let mut found: Vec<(u64, String, String)> = Vec::new();
    for line in listed.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(7, ',').collect();
        assert_eq!(fields[3], "rejected", "{line}");
        assert!(!fields[6].is_empty(), "a reason in words: {line}");
        assert!(PLANTED.iter().all(|value| !line.contains(value)), "{line}");
        found.push((fields[1].parse()?, fields[4].to_owned(), fields[5].to_owned()));
    }
    found.sort();
    let mut expected: Vec<(u64, String, String)> = (3_u64..)
        .step_by(2)
        .zip(bad_rows())
        .map(|(line, (_, code, field))| (line, code.to_owned(), field.to_owned()))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
    // No client can be read from four bad rows, so that no batch can answer for them: the list does.
    let counted = world.counted().await?;
    assert_eq!(counted, Counted { accepted: 20, rejected: 11 });

    // The same file again gets the same answers and places nothing twice.
    let again = world.scratch.path().join("again.csv");
    run(world.place(&file, &mapping).arg("--rejects").arg(&again)).await?.done();
    assert_eq!(std::fs::read_to_string(&again)?, listed);
    assert_eq!(world.counted().await?, counted);

    over_the_front_door(&world).await?;
    for value in PLANTED {
        assert!(!world.served.log()?.contains(value), "{value} is in the log");
    }
    world.end().await.map(drop)
}

/// The same faults in messages that no reader of files has looked at.
async fn over_the_front_door(world: &World) -> anyhow::Result<()> {
    let before = world.counted().await?;
    let no_day = Date { year: 2025, month: 2, day: 30 };
    let records = vec![
        placement("G-1").build(),
        placement("G-2").amount(Money { minor: 100, currency: "ZQX".into() }).build(),
        placement("G-3").business("").build(),
        placement("G-1").build(),
        placement("G-4").invoice("I-1", "5.00", "2025-10-01").usd("6.00").build(),
        placement("G-5").business(&"M".repeat(1024 * 1024)).build(),
        placement("G-6")
            .invoice("I-1", "5.00", "2025-10-01")
            .change(|p| p.items[0].due_date = Some(no_day))
            .build(),
        placement("G-7").usd("-1.00").build(),
        placement("G-8").build(),
    ];
    let open = PlaceOpen {
        client_ref: "ACME".into(),
        batch_key: "front door".into(),
        ..PlaceOpen::default()
    };
    let placed: Placed =
        duly_testkit::place(&mut world.api.intake.clone(), open, records, 4).await?;
    let answers: Vec<(i64, &str, &str)> = placed
        .acknowledgements
        .iter()
        .map(|a| (a.line, a.code.as_str(), a.field.as_str()))
        .collect();
    assert_eq!(
        answers,
        [
            (1, "", ""),
            (2, "currency_unknown", "amount"),
            (3, "name_missing", "liable_parties[0].name"),
            (4, "duplicate_in_batch", "client_account_ref"),
            (5, "items_sum", "items"),
            (6, "text_too_long", "liable_parties[0].name"),
            (7, "date_invalid", "items[0].due_date"),
            (8, "amount_negative", "amount"),
            (9, "", ""),
        ]
    );
    let echoes = |a: &Acknowledgement| PLANTED.iter().any(|value| a.reason.contains(value));
    assert!(!placed.acknowledgements.iter().any(echoes), "{:?}", placed.acknowledgements);
    assert_eq!(placed.batch.accepted_sum, Some(usd("200.00")));
    let after = world.counted().await?;
    assert_eq!((after.accepted, after.rejected), (before.accepted + 2, before.rejected + 7));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_client_is_named_and_keeps_no_other_from_being_placed() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.put("ACME").await?;
    let rows = [row("ACME", 1), row("NOBODY", 2), row("ACME", 3)];
    let file = world.file("two.csv", format!("{HEADER}\n{}\n", rows.join("\n")))?;
    let mapping = world.file("map.yaml", MAPPING)?;
    let said = run(&mut world.place(&file, &mapping)).await?;
    said.refused(&["NOBODY: no such client is known", "duly clients put", "client_unknown"]);
    assert_eq!(world.counted().await?, Counted { accepted: 2, rejected: 0 });

    // Once the client is there the same command does the rest, and that alone.
    world.put("NOBODY").await?;
    run(&mut world.place(&file, &mapping)).await?.done();
    assert_eq!(world.counted().await?, Counted { accepted: 3, rejected: 0 });

    // A file that is not what its client declared is refused before anything is sent.
    let other = world.file("other.csv", format!("{HEADER}\n{}\n", row("ACME", 4)))?;
    let said = run(world.place(&other, &mapping).args(["--declared-count", "2"])).await?;
    said.refused(&["holds 1 records and not the 2", "nothing was placed", "ask the client"]);
    let said = run(world.place(&other, &mapping).args(["--declared-sum", "1.00 USD"])).await?;
    said.refused(&["sum to 104.50 USD", "nothing was placed", "ask the client"]);
    let said = run(world.place(&other, &mapping).args(["--client", "ELSE"])).await?;
    said.refused(&["other.csv holds no record of the client ELSE", "it holds those of ACME"]);
    assert_eq!(world.counted().await?, Counted { accepted: 3, rejected: 0 });
    world.end().await.map(drop)
}
