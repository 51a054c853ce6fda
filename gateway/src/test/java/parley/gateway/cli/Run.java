package parley.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// One run of the command line inside this process.
record Run(int exitCode, String out, String err) {
  static Run of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command =
        Parley.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = command.execute(args);
    return new Run(exitCode, out.toString(), err.toString());
  }
}
