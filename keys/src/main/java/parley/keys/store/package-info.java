/// Tables that survive a kill: SQLite on one host, PostgreSQL for several instances.
///
/// 1. [parley.keys.store.Database] opened by the path of a file, or by
///    [parley.keys.store.PostgresSettings]; transactions that are durable or never were
/// 2. [parley.keys.store.Migration] one step from a role's older tables to its newer ones, taken by
///    [parley.keys.store.Migrations] once, however many instances start
/// 3. [parley.keys.store.Engine] what the two databases do differently: [parley.keys.store.Sqlite],
///    [parley.keys.store.Postgres]
/// 4. [parley.keys.store.PasswordFile] hands PostgreSQL's driver a password without a `String`
///
/// A refusal is a [parley.keys.store.StoreException]: one sentence, and nothing half done.
@NullMarked
package parley.keys.store;

import org.jspecify.annotations.NullMarked;
