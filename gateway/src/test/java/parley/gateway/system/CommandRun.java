package parley.gateway.system;

import java.io.PrintWriter;
import java.io.StringWriter;
import parley.gateway.cli.Parley;

/// One run of an operator's command, inside this process.
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] args = new String[words.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = words[i].toString();
    }
    int exitCode =
        Parley.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
