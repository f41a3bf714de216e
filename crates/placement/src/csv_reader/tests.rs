use std::io::Cursor;

use super::*;

fn rows(text: &[u8]) -> Vec<(u64, Result<Vec<String>, Code>)> {
    let mut reader = CsvReader::new(Cursor::new(text.to_vec()), b',');
    reader.rewind().unwrap();
    let mut row = RawRow::default();
    let mut rows = Vec::new();
    while reader.next(&mut row).unwrap() {
        let outcome = match row.broken {
            Some((code, _)) => Err(code),
            None => Ok((0..row.len())
                .map(|at| String::from_utf8_lossy(row.field(at).unwrap()).into_owned())
                .collect()),
        };
        rows.push((row.line, outcome));
    }
    rows
}

fn fields(fields: &[&str]) -> Result<Vec<String>, Code> {
    Ok(fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn quotes_line_breaks_blank_lines_and_a_byte_order_mark_are_read() {
    let text = b"\xEF\xBB\xBFa,b\r\n\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n,,\n5\" pipe,\n\"\",z";
    assert_eq!(
        rows(text),
        vec![
            (1, fields(&["a", "b"])),
            (3, fields(&["x, \"y\"", "two\r\nlines"])),
            (6, fields(&["5\" pipe", ""])),
            (7, fields(&["", "z"])),
        ]
    );
}

#[test]
fn a_quote_that_does_not_end_costs_its_own_line_only() {
    let text = b"1,\"Acme,10\n2,\"Beta, Inc\",20\n3,Gamma,30\n";
    assert_eq!(
        rows(text),
        vec![
            (1, Err(Code::InvalidQuote)),
            (2, fields(&["2", "Beta, Inc", "20"])),
            (3, fields(&["3", "Gamma", "30"])),
        ]
    );
    let last = rows(b"1,a\n2,\"b\n3,c\n");
    assert_eq!(last[1], (2, Err(Code::InvalidQuote)));
    assert_eq!(last[2], (3, fields(&["3", "c"])));
}

#[test]
fn a_row_of_a_megabyte_is_refused_and_reading_goes_on() {
    let mut text = b"a,".to_vec();
    text.resize(1 << 20, b'x');
    text.extend_from_slice(b"\nb,c\nd,\"");
    text.resize(text.len() + (1 << 20), b'\n');
    text.extend_from_slice(b"\ne,f");
    assert_eq!(
        rows(&text).into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>(),
        vec![
            Err(Code::RowTooLong),
            fields(&["b", "c"]),
            Err(Code::RowTooLong),
            fields(&["e", "f"])
        ]
    );
}

#[test]
fn a_row_can_be_read_again_from_its_offset() {
    let text = b"h\n\"a\nb\"\n\nc\n";
    let mut reader = CsvReader::new(Cursor::new(text.to_vec()), b',');
    let mut row = RawRow::default();
    let mut places = Vec::new();
    while reader.next(&mut row).unwrap() {
        places.push((row.offset, row.line, row.field(0).unwrap().to_vec()));
    }
    for (offset, line, field) in places.into_iter().rev() {
        reader.go_to(offset, line).unwrap();
        assert!(reader.next(&mut row).unwrap());
        assert_eq!((row.line, row.field(0).unwrap()), (line, field.as_slice()));
    }
}
