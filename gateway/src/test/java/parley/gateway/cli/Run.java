package parley.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/// One run of an operator's command, inside this process.
public record Run(int exitCode, String out, String err) {
  public static Run of(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Parley.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.of(words).map(Object::toString).toArray(String[]::new));
    return new Run(exitCode, out.toString(), err.toString());
  }
}
