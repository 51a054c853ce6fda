package parley.bench.relay;

import java.util.List;

/// The program `relay`: recvmmsg, sendmmsg, nothing else.
final class ForwarderInC implements Contestant {
  private static final int SSRC = 0x0c0c_0c0c;

  private final String wake;

  /// `epoll` or `tick`.
  ForwarderInC(String wake) {
    this.wake = wake;
  }

  @Override
  public String relay() {
    return "C " + wake;
  }

  @Override
  public String mode() {
    return "forward";
  }

  @Override
  public Running start(Testbed bed, int fanout) throws Exception {
    Receiver receiver = Receiver.open(bed, fanout);
    int port = bed.freePort();
    List<String> command =
        List.of(
            bed.programs().relay(),
            Integer.toString(port),
            wake,
            Integer.toString(receiver.firstPort()),
            Integer.toString(fanout));
    ChildProcess process =
        bed.keep(ChildProcess.conversing(command, bed.relayCores(), bed.file("relay.log")));
    process.answer("ready");
    return new Running(
        bed,
        receiver,
        PacketSource.clear(SSRC, 0, RelayKeys.TRAILER_OCTETS),
        port,
        "cc -O2 relay.c; relay PORT " + wake + " FIRST_PORT N",
        process);
  }
}
