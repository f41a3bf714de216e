use super::*;

fn today() -> Date {
    "2026-01-05".parse().unwrap()
}

fn read_text(text: &str) -> ResultFile {
    read(text.as_bytes(), today()).unwrap()
}

fn refused(content: &[u8]) -> String {
    read(content, today()).unwrap_err()
}

fn bad(text: &str) -> Vec<(u64, String, String)> {
    read_text(text).bad.into_iter().map(|b| (b.line, b.field, b.reason)).collect()
}

const HEADER: &str = "reference,result,since,detail,chapter,phone,email,address,city,region,\
                      postal_code,country,confidence\n";

#[test]
fn all_that_a_provider_can_say_is_read() {
    let file = read_text(&format!(
        "{HEADER}S1,nothing,,,,,,,,,,,\n\
         S2,bankruptcy,2026-01-03,26-10231 SDOH,7,,,,,,,,\n\
         S2,military,,,,,,,,,,,\n\
         S3,phone,,,,(617) 555-0142,,,,,,,80\n\
         S3,email,,,,,new@b.example,,,,,,\n\
         S3,address,,,,,,9 Elm St; Apt 2,Salem,MA,01970,,90\n\
         S4,failed,,no hit key,,,,,,,,,\n"
    ));
    assert_eq!((file.lines, file.bad.len()), (7, 0), "{:?}", file.bad);
    assert_eq!(file.answers["S1"].0, Answer::Found(vec![]));
    let bankruptcy = Hit {
        kind: HitKind::Bankruptcy,
        since: Some("2026-01-03".parse().unwrap()),
        detail: Some("26-10231 SDOH".to_owned()),
        chapter: Some(7),
    };
    let military = Hit { kind: HitKind::Military, since: None, detail: None, chapter: None };
    let hits = vec![Found::Hit(bankruptcy), Found::Hit(military)];
    assert_eq!(file.answers["S2"], (Answer::Found(hits), vec![3, 4]));
    let Answer::Found(points) = &file.answers["S3"].0 else { panic!("points were given") };
    let Found::Point { point: Point::Address(address), confidence: 90 } = &points[2] else {
        panic!("{points:?}")
    };
    assert_eq!((address.lines().len(), address.country().code()), (2, "US"));
    assert!(points.iter().all(|point| point.of() == SearchKind::Trace));
    assert_eq!(file.answers["S4"].0, Answer::Failed);
}

#[test]
fn columns_may_stand_in_any_order_and_most_may_be_missing() {
    let file = read_text("\u{feff}Result, Reference\nnothing, S1\n");
    assert_eq!(file.answers["S1"].0, Answer::Found(vec![]));
}

#[test]
fn a_line_that_cannot_be_read_is_named_by_field_and_its_value_is_not_repeated() {
    for (line, field) in [
        ("S1,bankrupt,,,,,,,,,,,", "result"),
        ("S1,,,,,,,,,,,,", "result"),
        (",nothing,,,,,,,,,,,", "reference"),
        ("S1,deceased,2026-02-30,,,,,,,,,,", "since"),
        ("S1,deceased,2026-01-06,,,,,,,,,,", "since"),
        ("S1,bankruptcy,,,9,,,,,,,,", "chapter"),
        ("S1,deceased,,,7,,,,,,,,", "chapter"),
        ("S1,nothing,,,,+16175550142,,,,,,,", "phone"),
        ("S1,phone,,,,555-hunter2,,,,,,,", "phone"),
        ("S1,phone,,,,,,,,,,,", "phone"),
        ("S1,email,,,,,hunter2,,,,,,", "email"),
        ("S1,address,,,,,,1 Main St,Salem,hunter2,01970,US,", "address"),
        ("S1,phone,,,,+16175550142,,,,,,,101", "confidence"),
        ("S1,nothing", "line"),
        ("S1,nothing,,,,,,,,,,,,,hunter2", "line"),
    ] {
        let found = bad(&format!("{HEADER}{line}\nS2,nothing,,,,,,,,,,,\n"));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (2, field), "{line}: {found:?}");
        assert!(!found[0].2.contains("hunter2"), "{found:?}");
    }
}

#[test]
fn half_an_answer_is_none() {
    let text = format!(
        "{HEADER}S1,bankruptcy,never,,,,,,,,,,\nS1,military,,,,,,,,,,,\nS2,nothing,,,,,,,,,,,\n"
    );
    let file = read_text(&text);
    assert_eq!(file.answers.keys().collect::<Vec<_>>(), ["S2"]);
    let found = bad(&text);
    assert_eq!(found[0].1, "since");
    assert_eq!((found[1].0, found[1].1.as_str()), (3, "reference"));
    assert!(found[1].2.contains("another line"), "{found:?}");
}

#[test]
fn lines_that_contradict_one_another_are_no_answer() {
    let found = bad(&format!("{HEADER}S1,nothing,,,,,,,,,,,\nS1,deceased,,,,,,,,,,,\n"));
    assert_eq!(found.iter().map(|b| b.0).collect::<Vec<_>>(), [2, 3]);
    assert!(found[0].2.contains("contradict"), "{found:?}");
}

#[test]
fn a_line_twice_is_one_finding() {
    let line = "S1,phone,,,,+16175550142,,,,,,,80\n";
    let file = read_text(&format!("{HEADER}{line}{line}"));
    let Answer::Found(points) = &file.answers["S1"].0 else { panic!("a point was given") };
    assert_eq!(points.len(), 1);
}

#[test]
fn an_unclosed_quote_is_told_where_it_begins() {
    let rest = "S2,nothing,,,,,,,,,,,\n".repeat(400);
    let found = bad(&format!("{HEADER}S1,bankruptcy,,\"26-10231,,,,,,,,,\n{rest}"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, 2);
}

#[test]
fn a_file_that_is_none_is_one_clear_error() {
    assert!(refused(b"").contains("is empty"));
    assert!(refused(b"%PDF-1.7\nS1,nothing\n").contains("unknown column at place 1"));
    assert!(refused(b"reference,reference,result\n").contains("column reference twice"));
    assert!(refused(b"reference,detail\nS1,x\n").contains("no column result"));
    assert!(refused(b"reference,result\nS1,noth\xffing\n").contains("not UTF-8 in line 2"));
    assert!(refused(&vec![b'x'; BYTES_MAX + 1]).contains("larger than"));
    assert!(refused(b"\0\0\0\0").contains("unknown column"));
}
