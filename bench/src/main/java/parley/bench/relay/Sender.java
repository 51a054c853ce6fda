package parley.bench.relay;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// The program `send`.
final class Sender {
  private final ChildProcess process;

  private Sender(ChildProcess process) {
    this.process = process;
  }

  static Sender open(Testbed bed) throws IOException {
    List<String> command = List.of(bed.programs().send(), bed.window().path().toString());
    ChildProcess process =
        bed.keep(ChildProcess.conversing(command, bed.others(), bed.file("send.log")));
    process.answer("ready");
    return new Sender(process);
  }

  /// Sends the first `count` packets of the window to `port` and returns how long that took.
  long send(int port, int count, double perSecond) throws IOException {
    process.say(String.format(Locale.ROOT, "%d %d %.3f", port, count, perSecond));
    return Long.parseLong(process.answer("sent"));
  }
}
