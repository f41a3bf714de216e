//! A schema and three roles per service: the owner migrates, the app reads and writes, the reader sees
//! a client's own tree and nothing else.

use anyhow::{Context as _, bail};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{io::ErrorKind, str::FromStr as _, sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{MIGRATOR, epoch, service::Service};

/// How long a unit of work waits for a connection before its caller is told to try again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that was used so lately is taken without asking whether it still stands: one question less
/// for each unit of work.
const FRESH: Duration = Duration::from_secs(1);

/// How long a database that gave none is asked whether it is there at all.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// How soon the server notices that a process vanished without a word, its machine with it: until
/// then that session's locks stand, and the system's own default is two hours.
const SERVER_KEEPALIVES: [(&str, &str); 3] = [
    ("tcp_keepalives_idle", "15"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
];

/// Connection options for one schema, acting as one of its roles.
fn options(url: &str, schema: &str, role: Option<&str>) -> anyhow::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)
        .context(
            "DULY_DATABASE_URL is no Postgres address; it reads postgres://user@host:port/name",
        )?
        .application_name(schema)
        .options([("search_path", format!("{schema},public"))])
        .options(SERVER_KEEPALIVES);
    Ok(match role {
        Some(role) => options.options([("role", role)]),
        None => options,
    })
}

/// One connection to the schema, as the login role. For tools, not for services.
///
/// # Errors
/// The database is not there.
pub async fn connect_one(url: &str, schema: &str) -> anyhow::Result<PgConnection> {
    let options = options(url, schema, None)?;
    PgConnection::connect_with(&options).await.map_err(|error| unreachable(&options, error))
}

/// The pool of a service, as its app role, checked to be on its own migrated schema.
pub(crate) async fn connect(
    url: &str,
    schema: &str,
    service: &Service,
    connections_max: u32,
) -> anyhow::Result<PgPool> {
    let app = format!("{schema}_app");
    let mut probe = connect_one(url, schema).await?;
    assert_migrated(&mut probe, schema, service).await?;
    epoch::check(&mut probe, schema).await?;
    probe.close().await?;
    let options = options(url, schema, Some(&app))?;
    let name: Arc<str> = schema.into();
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|conn, used| {
            Box::pin(async move {
                if used.idle_for > FRESH {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        // A failover happens while we run: each new session may be one of another timeline.
        .after_connect(move |conn, _| {
            let schema = name.clone();
            Box::pin(async move {
                let checked = epoch::check(conn, &schema).await;
                checked.map_err(|error| sqlx::Error::Configuration(error.into()))
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(|error| unreachable(&options, error))
}

/// Begins a transaction. To a pool a database that is gone and one that is busy are the same, no
/// connection in time; which of them it was is asked then.
pub(crate) async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let begun = pool.begin().await;
    if !matches!(begun, Err(sqlx::Error::PoolTimedOut)) {
        return begun;
    }
    let options = pool.connect_options();
    match timeout(PROBE_TIMEOUT, PgConnection::connect_with(&options)).await {
        Ok(Err(gone)) => Err(gone),
        Ok(Ok(_)) => begun,
        Err(_) => Err(sqlx::Error::Io(ErrorKind::TimedOut.into())),
    }
}

/// One that answers and refuses us is not one that is not there.
fn unreachable(options: &PgConnectOptions, error: sqlx::Error) -> anyhow::Error {
    let at = format!("{}:{}", options.get_host(), options.get_port());
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    let words = match code.as_ref() {
        code if code.starts_with("28") || code == "3D000" => format!(
            "Postgres at {at} does not let us in; correct user, password and database in \
             DULY_DATABASE_URL"
        ),
        "57P03" => format!("Postgres at {at} is starting or stopping; try again in a moment"),
        "53300" => format!(
            "Postgres at {at} has no connection left; raise its max_connections, or lower \
             pool_connections_max"
        ),
        _ => format!("cannot reach Postgres at {at}; start it, or set DULY_DATABASE_URL"),
    };
    anyhow::Error::new(error).context(words)
}

/// Query macros decode by column index: on another schema they would read other columns without a
/// word. So the schema and its version are asserted before anything runs.
async fn assert_migrated(
    conn: &mut PgConnection,
    schema: &str,
    service: &Service,
) -> anyhow::Result<()> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut *conn).await?;
    if found.as_deref() != Some(schema) {
        bail!("the schema {schema} is missing; run `duly migrate` first");
    }
    for migrator in migrators(service) {
        let sql = format!("SELECT max(version) FROM {} WHERE success", migrator.table_name);
        let found: Option<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *conn)
            .await
            .with_context(|| format!("the schema {schema} is not migrated; run `duly migrate`"))?;
        let wanted = migrator.migrations.iter().map(|m| m.version).max();
        if found < wanted {
            bail!("the schema {schema} is older than this program; run `duly migrate` first");
        }
    }
    Ok(())
}

/// Makes schema, roles and tables, as far as they are missing. Safe to repeat and to race.
pub(crate) async fn migrate(url: &str, schema: &str, service: &Service) -> anyhow::Result<()> {
    let mut conn = connect_one(url, schema).await?;
    // One migrator per schema at a time; sqlx's own lock is one per database.
    sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))")
        .bind(format!("duly migrate {schema}"))
        .execute(&mut conn)
        .await?;
    make_schema_and_roles(&mut conn, schema).await?;
    let owner = format!("SET ROLE \"{schema}_owner\"");
    sqlx::query(AssertSqlSafe(owner)).execute(&mut conn).await?;
    for migrator in migrators(service) {
        unlocked(migrator)
            .run(&mut conn)
            .await
            .with_context(|| format!("migrating the schema {schema}"))?;
    }
    grant(&mut conn, schema, service.append_only).await?;
    sqlx::query("RESET ROLE").execute(&mut conn).await?;
    epoch::begin(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// Platform's tables, then the shared ones, then the service's own.
fn migrators(service: &Service) -> impl Iterator<Item = &'static Migrator> {
    let shared = service.shared.iter().copied();
    std::iter::once(&MIGRATOR).chain(shared).chain([service.migrator])
}

/// The same migrations without sqlx's database-wide lock.
fn unlocked(migrator: &Migrator) -> Migrator {
    Migrator {
        locking: false,
        migrations: migrator.migrations.clone(),
        table_name: migrator.table_name.clone(),
        ..Migrator::DEFAULT
    }
}

async fn make_schema_and_roles(conn: &mut PgConnection, schema: &str) -> anyhow::Result<()> {
    // Roles belong to the cluster, so another database's migration may make them at the same time.
    let roles = format!(
        r#"DO $$
        DECLARE r text;
        BEGIN
            FOREACH r IN ARRAY ARRAY['{schema}_owner', '{schema}_app', '{schema}_reader'] LOOP
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', r);
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END;
            END LOOP;
        END $$;
        GRANT "{schema}_owner", "{schema}_app", "{schema}_reader" TO CURRENT_USER;
        CREATE SCHEMA IF NOT EXISTS "{schema}" AUTHORIZATION "{schema}_owner";
        GRANT USAGE ON SCHEMA "{schema}" TO "{schema}_app", "{schema}_reader";"#
    );
    sqlx::raw_sql(AssertSqlSafe(roles))
        .execute(conn)
        .await
        .with_context(|| format!("making the schema {schema} and its roles"))?;
    Ok(())
}

/// Rights of the app and the reader, from what the tables are: the app may not rewrite what is only
/// inserted; the reader sees tables with a `client_id`, and in them the rows of its tree. An unset or
/// empty `duly.tree` is an error, not an empty answer.
///
/// Policies are only made where they are missing: making them stops whoever works on the table. One that
/// is to change gets another name.
async fn grant(conn: &mut PgConnection, schema: &str, append_only: &[&str]) -> anyhow::Result<()> {
    let mut sql = format!(
        r#"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA "{schema}" TO "{schema}_app";"#
    );
    for table in append_only.iter().chain(&["audit", "epoch"]) {
        sql += &format!(r#"REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{schema}_app";"#);
    }
    let client_tables: Vec<String> = sqlx::query_scalar(
        "SELECT t.relname::text FROM pg_class AS t
         JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attname = 'client_id' AND NOT c.attisdropped
         WHERE t.relnamespace = $1::regnamespace AND t.relkind IN ('r', 'p')
           AND NOT (t.relrowsecurity AND 2 = (
               SELECT count(*) FROM pg_policy
               WHERE polrelid = t.oid AND polname IN ('duly_app', 'duly_tree')))",
    )
    .bind(schema)
    .fetch_all(&mut *conn)
    .await?;
    for table in client_tables {
        sql += &format!(
            r#"ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
               DROP POLICY IF EXISTS duly_app ON "{table}";
               CREATE POLICY duly_app ON "{table}" TO "{schema}_app" USING (true) WITH CHECK (true);
               DROP POLICY IF EXISTS duly_tree ON "{table}";
               CREATE POLICY duly_tree ON "{table}" FOR SELECT TO "{schema}_reader"
                   USING (client_id = ANY (current_setting('duly.tree')::uuid[]));
               GRANT SELECT ON "{table}" TO "{schema}_reader";"#
        );
    }
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(conn)
        .await
        .with_context(|| format!("granting rights in the schema {schema}"))?;
    Ok(())
}
