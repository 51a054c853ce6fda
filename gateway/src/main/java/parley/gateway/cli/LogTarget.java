package parley.gateway.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where log lines go: stderr, or a file that is rotated.
///
/// Decided before the first logger exists, hence from the bare arguments, and handed to
/// `logback.xml` as system properties. What is wrong in them picocli tells later.
///
/// @param file null for stderr
/// @param maxOctets a file of that size is put aside
/// @param keep so many of those, the oldest go first
record LogTarget(@Nullable Path file, long maxOctets, int keep) {
  static final String DEFAULT_SIZE = "100MiB";
  static final String DEFAULT_KEEP = "10";
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([KMG])iB");

  /// `100MiB`, in octets.
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      Matcher matcher = SIZE.matcher(text);
      if (!matcher.matches() || matcher.group(1).matches("0+")) {
        throw new TypeConversionException("'" + text + "' is no size, like " + DEFAULT_SIZE);
      }
      int power = "KMG".indexOf(matcher.group(2)) + 1;
      return Long.parseLong(matcher.group(1)) << (10 * power);
    }
  }

  static LogTarget of(String[] args, Map<String, String> environment) {
    String file = value(args, "--log-file", environment.get("PARLEY_LOG_FILE"));
    String size = value(args, "--log-max-size", DEFAULT_SIZE);
    String keep = value(args, "--log-keep", DEFAULT_KEEP);
    return new LogTarget(
        file == null || file.isEmpty() ? null : Path.of(file).toAbsolutePath(),
        new Size().convert(size != null && SIZE.matcher(size).matches() ? size : DEFAULT_SIZE),
        keep != null && keep.matches("[1-9]\\d{0,3}") ? Integer.parseInt(keep) : 10);
  }

  private static @Nullable String value(String[] args, String name, @Nullable String byDefault) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(name) && i + 1 < args.length) {
        return args[i + 1];
      }
      if (args[i].startsWith(name + "=")) {
        return args[i].substring(name.length() + 1);
      }
    }
    return byDefault;
  }

  /// @throws CommandFailed when the file cannot be written
  void apply(LogStyle style) throws CommandFailed {
    if (file == null) {
      style.apply("");
      return;
    }
    requireWritable(file);
    System.setProperty("parley.log.file", file.toString());
    System.setProperty("parley.log.size", Long.toString(maxOctets));
    System.setProperty("parley.log.keep", Integer.toString(keep));
    style.apply("file-");
  }

  private static void requireWritable(Path file) throws CommandFailed {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "the log file %s is no regular file; without --log-file the log goes to stderr"
              .formatted(file));
    }
    try {
      Files.createDirectories(file.resolveSibling(""));
      new FileOutputStream(file.toFile(), true).close();
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          "the log file cannot be written: %s; choose another --log-file".formatted(e.getMessage()),
          e);
    }
  }
}
