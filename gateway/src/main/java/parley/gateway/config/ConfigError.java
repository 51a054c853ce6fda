package parley.gateway.config;

/// One wrong setting.
///
/// @param path where in the YAML, `groups[1].relay[0].to`; empty for the document itself
/// @param line from 1; 0 where the setting is not written in the file
/// @param column from 1; 0 as for `line`
/// @param text what is wrong and what would be right
public record ConfigError(String path, int line, int column, String text) {
  @Override
  public String toString() {
    String where = path.isEmpty() ? "" : path + ": ";
    String at = line == 0 ? "" : " (line %d, column %d)".formatted(line, column);
    return where + text + at;
  }
}
