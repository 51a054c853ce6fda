package parley.bench.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program `receive`: N ports, two apart.
public final class Receiver implements AutoCloseable {
  private final ChildProcess process;
  private final int firstPort;
  private final int ports;
  private final Path sample;

  private Receiver(ChildProcess process, int firstPort, int ports, Path sample) {
    this.process = process;
    this.firstPort = firstPort;
    this.ports = ports;
    this.sample = sample;
  }

  public static Receiver open(Testbed bed, int ports) throws IOException {
    int firstPort = bed.freePorts(ports);
    Path sample = bed.file("sample");
    List<String> command =
        List.of(
            bed.programs().receive(),
            bed.window().path().toString(),
            Integer.toString(firstPort),
            Integer.toString(ports),
            sample.toString());
    ChildProcess process =
        bed.keep(ChildProcess.conversing(command, bed.others(), bed.file("receive.log")));
    process.answer("ready");
    return new Receiver(process, firstPort, ports, sample);
  }

  int firstPort() {
    return firstPort;
  }

  int ports() {
    return ports;
  }

  public List<Integer> allPorts() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < ports; i++) {
      all.add(firstPort + 2 * i);
    }
    return all;
  }

  /// @param streams whose packets lie in the window in turns
  void begin(int timestamp, int count, int streams) throws IOException {
    process.say("begin %s %d %d".formatted(Integer.toUnsignedString(timestamp), count, streams));
    process.answer("begun");
  }

  Received end() throws IOException {
    process.say("end");
    return Received.parse(process.answer("received"));
  }

  /// The first packets of the last window at the first port, and behind them the last MIKEY message
  /// that came.
  List<byte[]> sample() throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(sample)).order(ByteOrder.nativeOrder());
    List<byte[]> packets = new ArrayList<>();
    while (file.hasRemaining()) {
      byte[] octets = new byte[file.getInt()];
      file.get(octets);
      packets.add(octets);
    }
    return packets;
  }

  @Override
  public void close() {
    process.close();
  }
}
