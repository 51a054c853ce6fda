package parley.keys.store;

import java.util.List;

/// One step from the tables of an older program to those of a newer one. A step that was released
/// is never altered; the next one corrects it.
///
/// The statements are understood by SQLite and PostgreSQL alike: types `BIGINT`, `TEXT`, `BYTEA`
/// and `BOOLEAN`, numbers given by the program instead of by the database, `INSERT ... ON CONFLICT`
/// and `RETURNING`. A role's tables begin with its name.
///
/// @param number 1, 2, 3 ... without a gap
public record Migration(int number, List<String> statements) {
  public Migration {
    statements = List.copyOf(statements);
  }

  public static Migration of(int number, String... statements) {
    return new Migration(number, List.of(statements));
  }
}
