use super::*;
use crate::auth::Signer;

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let file = (!file.is_empty()).then(|| ("duly.toml".to_owned(), file.to_owned()));
    Config::assemble(file, variables.iter().map(|(k, v)| ((*k).into(), (*v).into())))
}

fn complaint(file: &str, variables: &[(&str, &str)]) -> String {
    load(file, variables).expect_err("it should be refused").to_string()
}

#[test]
fn without_settings_everything_has_its_default() {
    let config = load("", &[("PATH", "/bin")]).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.grpc_addr.to_string(), "127.0.0.1:7070");
    assert_eq!(config.tick, Duration::from_secs(900));
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_defaults() {
    let file = r#"
        nats_url = "nats://file:4222"
        tick = "5m"
        [telemetry]
        log = "debug"
        format = "json"
        [intervals]
        relay_poll = "50ms"
    "#;
    let config = load(
        file,
        &[
            ("DULY_NATS_URL", "nats://env:4222"),
            ("DULY_TELEMETRY__LOG", "warn"),
            ("DULY_MESSAGE_BYTES_MAX", "1048576"),
            ("DULY_INTERVALS__HEADS", "200ms"),
        ],
    )
    .unwrap();
    assert_eq!(config.nats_url.as_deref(), Some("nats://env:4222"));
    assert_eq!(config.tick, Duration::from_secs(300));
    assert_eq!(config.telemetry.log, "warn");
    assert_eq!(config.telemetry.format, LogFormat::Json);
    assert_eq!(config.message_bytes_max, 1_048_576);
    assert_eq!(config.intervals.relay_poll, Duration::from_millis(50));
    assert_eq!(config.intervals.heads, Duration::from_millis(200));
    assert_eq!(config.intervals.lease, Duration::from_secs(30));
}

#[test]
fn text_that_looks_like_a_number_stays_text() {
    let digits = "12".repeat(32);
    let config = load("", &[("DULY_SEAL_KEY", &digits), ("DULY_SEAL_KEY_ID", "2026")]).unwrap();
    assert_eq!(config.seal_key.unwrap().expose(), digits);
    assert_eq!(config.seal_key_id, "2026");
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    assert_eq!(load("", &[("DULY_NATS_URL", ""), ("DULY_TICK", "")]).unwrap(), Config::default());
}

#[test]
fn an_unknown_key_is_refused_and_the_known_ones_are_named() {
    let text = complaint("grpc_adr = \"127.0.0.1:1\"", &[]);
    assert!(text.contains("grpc_adr (duly.toml): unknown key; the keys are"), "{text}");
    assert!(text.contains("grpc_addr"), "{text}");
    let text = complaint("[telemetry]\nlevel = \"x\"", &[]);
    assert!(
        text.contains("telemetry.level (duly.toml): unknown key; the keys of telemetry are log"),
        "{text}"
    );
    let text = complaint("", &[("DULY_GRPC_PORT", "1")]);
    assert!(text.contains("grpc_port (DULY_GRPC_PORT): unknown key"), "{text}");
    let text = complaint("", &[("DULY_INTERVALS__RELAY", "1s")]);
    assert!(text.contains("intervals.relay (DULY_INTERVALS__RELAY): unknown key"), "{text}");
}

#[test]
fn variables_of_tools_and_tests_are_no_settings() {
    for name in ["DULY_TEST_DATABASE_URL", "DULY_FAULT", "DULY_FAULT_AT", "DULY_TOKEN"] {
        assert!(load("", &[(name, "x")]).is_ok(), "{name}");
    }
    assert!(load("", &[("DULY_TOKENS", "x")]).is_err());
}

#[test]
fn a_wrong_value_names_key_source_shape_and_what_was_found() {
    for (name, value, key) in [
        ("DULY_GRPC_ADDR", "localhost", "grpc_addr"),
        ("DULY_TICK", "15", "tick"),
        ("DULY_TICK", "1500ms", "tick"),
        ("DULY_TICK", "2days", "tick"),
        ("DULY_CLOCK", "atomic", "clock"),
        ("DULY_ZONE", "Boston", "zone"),
        ("DULY_MESSAGE_BYTES_MAX", "8MiB", "message_bytes_max"),
        ("DULY_MESSAGE_BYTES_MAX", "12", "message_bytes_max"),
        ("DULY_STREAM_BYTES_MAX", "5", "stream_bytes_max"),
        ("DULY_POOL_CONNECTIONS_MAX", "0", "pool_connections_max"),
        ("DULY_POOL_CONNECTIONS_MAX", "-4", "pool_connections_max"),
        ("DULY_NATS_URL", "127.0.0.1:4222", "nats_url"),
        ("DULY_SCHEMA_PREFIX", "Robert'); --", "schema_prefix"),
        ("DULY_SEAL_KEY_ID", "a b", "seal_key_id"),
        ("DULY_TOKEN_PUBLIC_KEY", "xyz", "token_public_key"),
        ("DULY_TELEMETRY__FORMAT", "xml", "telemetry.format"),
        ("DULY_TELEMETRY__LOG", "duly=loud", "telemetry.log"),
        ("DULY_TELEMETRY__OTLP_ENDPOINT", "https://x:4317", "telemetry.otlp_endpoint"),
        ("DULY_INTERVALS__LEASE", "0s", "intervals.lease"),
        ("DULY_TELEMETRY", "x", "telemetry"),
    ] {
        let text = complaint("", &[(name, value)]);
        assert!(text.starts_with(&format!("settings: {key} ({name}): ")), "{text}");
        assert!(text.contains("; it takes "), "{text}");
    }
    let text = complaint("zone = 5", &[]);
    assert!(text.starts_with("settings: zone (duly.toml): invalid type"), "{text}");
}

#[test]
fn all_wrong_values_are_told_at_once() {
    let file = "tick = \"7ms\"\npool_connections_max = 1";
    let error = load(file, &[("DULY_NATS_URL", "x")]).unwrap_err();
    let told: Vec<_> = error.0.iter().map(|p| (p.key.as_str(), p.from.as_str())).collect();
    let expected = [
        ("nats_url", "DULY_NATS_URL"),
        ("tick", "duly.toml"),
        ("pool_connections_max", "duly.toml"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn no_secret_is_repeated_in_a_complaint_or_by_debug() {
    for name in ["DULY_SEAL_KEY", "DULY_DATABASE_URL", "DULY_TOKEN_PRIVATE_KEY"] {
        let text = complaint("", &[(name, "hunter2")]);
        assert!(text.contains(name) && !text.contains("hunter2"), "{text}");
    }
    let text = complaint("seal_key = 90210", &[]);
    assert!(text.contains("seal_key (duly.toml): not a text; it takes 32 bytes"), "{text}");
    assert!(!text.contains("90210"), "{text}");
    let config = load("", &[("DULY_DATABASE_URL", "postgres://a:hunter2@b/c")]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_new_pair_of_keys_is_taken_also_on_one_line() {
    let pair = Signer::generate();
    let one_line = pair.private.expose().replace('\n', "\\n");
    let config =
        load("", &[("DULY_TOKEN_PUBLIC_KEY", &pair.public), ("DULY_TOKEN_PRIVATE_KEY", &one_line)]);
    assert!(config.is_ok());
}

#[test]
fn one_address_cannot_serve_two_listeners() {
    let text = complaint("admin_addr = \"127.0.0.1:7070\"", &[]);
    assert!(text.contains("admin_addr") && text.contains("is grpc_addr too"), "{text}");
    let free = "admin_addr = \"127.0.0.1:0\"\ngrpc_addr = \"127.0.0.1:0\"";
    assert!(load(free, &[]).is_ok());
}

#[test]
fn a_file_that_is_not_toml_is_named_with_its_line() {
    let text = complaint("tick = \nzone = 1", &[]);
    assert!(text.contains("duly.toml: not TOML: ") && text.contains("line 1"), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = std::path::Path::new("/nonexistent/duly.toml");
    let text = Config::load(Some(missing)).unwrap_err().to_string();
    assert!(text.contains("/nonexistent/duly.toml: cannot read"), "{text}");
    assert!(text.contains("--config"), "{text}");
}

/// Settings of a service, as one would have them.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Mailing {
    folder: Option<std::path::PathBuf>,
    password: Option<SecretText>,
    copies: u32,
    #[serde(with = "humantime_serde")]
    wait: Duration,
    mode: Mode,
    sender: Sender,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Plain,
    Rich,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sender {
    name: String,
}

#[test]
fn a_services_own_settings_come_from_its_table_and_its_variables() {
    let file = r#"
        [services.mailing]
        folder = "print"
        copies = 2
        wait = "5s"
        [services.mailing.sender]
        name = "A"
        [services.other]
    "#;
    let variables = [
        ("DULY_SERVICES__MAILING__COPIES", "3"),
        ("DULY_SERVICES__MAILING__MODE", "rich"),
        ("DULY_SERVICES__MAILING__SENDER__NAME", "B"),
        ("DULY_SERVICES__MAILING__PASSWORD", "12"),
    ];
    let config = load(file, &variables).unwrap();
    let expected = Mailing {
        folder: Some("print".into()),
        password: Some(SecretText::new("12")),
        copies: 3,
        wait: Duration::from_secs(5),
        mode: Mode::Rich,
        sender: Sender { name: "B".to_owned() },
    };
    assert_eq!(config.section::<Mailing>("mailing").unwrap(), expected);
    assert_eq!(config.section::<Mailing>("other").unwrap(), Mailing::default());
    assert_eq!(config.section::<Mailing>("none").unwrap(), Mailing::default());
    assert_eq!(config.section_names().collect::<Vec<_>>(), ["mailing", "other"]);
    assert!(!format!("{config:?}").contains("12\""), "{config:?}");
}

#[test]
fn a_wrong_setting_of_a_service_is_named_with_its_place_and_not_repeated() {
    let wrong = |file: &str, variables: &[(&str, &str)]| {
        let config = load(file, variables).unwrap();
        config.section::<Mailing>("mailing").unwrap_err().to_string()
    };
    let text = wrong("[services.mailing]\nfoldr = \"x\"", &[]);
    let expected = "settings: services.mailing.foldr (duly.toml): unknown key; \
                    the keys of services.mailing are folder, password, copies";
    assert!(text.starts_with(expected), "{text}");
    let text = wrong("", &[("DULY_SERVICES__MAILING__SENDER__NAM", "x")]);
    let expected = "services.mailing.sender.nam (DULY_SERVICES__MAILING__SENDER__NAM): unknown key; \
                    the keys of services.mailing.sender are name";
    assert!(text.contains(expected), "{text}");
    let text = wrong("", &[("DULY_SERVICES__MAILING__COPIES", "hunter2")]);
    let expected =
        "services.mailing.copies (DULY_SERVICES__MAILING__COPIES): does not fit; it takes";
    assert!(text.contains(expected) && !text.contains("hunter2"), "{text}");
    let text = wrong("[services.mailing]\nmode = \"hunter2\"", &[]);
    let expected =
        "services.mailing.mode (duly.toml): none of its values; it takes one of plain, rich";
    assert!(text.contains(expected) && !text.contains("hunter2"), "{text}");
    let text = wrong("[services.mailing]\npassword = 90210", &[]);
    assert!(text.contains("services.mailing.password (duly.toml)"), "{text}");
    assert!(!text.contains("90210"), "{text}");
    let text = wrong("[services.mailing]\nwait = \"5\"", &[]);
    assert!(text.contains("services.mailing.wait (duly.toml)"), "{text}");
}

#[test]
fn settings_of_no_service_are_refused_and_the_services_are_named() {
    let file = "[services.mailing]\n[services.leters]\nfolder = \"x\"";
    let config = load(file, &[("DULY_SERVICES__INTAK__X", "1")]).unwrap();
    let text = config.check_sections(&["intake", "mailing"]).unwrap_err().to_string();
    let expected = "services.leters (duly.toml): there is no such service; \
                    the services are intake, mailing";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("services.intak (DULY_SERVICES__INTAK__X): there is no"), "{text}");
    let text = complaint("", &[("DULY_SERVICES__MAILING", "x")]);
    let expected = "services.mailing (DULY_SERVICES__MAILING): does not fit; it takes a table";
    assert!(text.contains(expected), "{text}");
    let text = complaint("services = 1", &[]);
    assert!(text.contains("services (duly.toml): ") && text.contains("it takes a table"), "{text}");
}
