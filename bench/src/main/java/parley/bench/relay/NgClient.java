package parley.bench.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Commands to rtpengine: `COOKIE SPACE dictionary` in a datagram, and the same back.
final class NgClient implements AutoCloseable {
  private static final int WAIT_MILLIS = 500;
  private static final int TRIES = 20;

  private final DatagramSocket socket = new DatagramSocket(Testbed.address(0));
  private final int port;
  private int cookie;

  NgClient(int port) throws IOException {
    this.port = port;
    socket.setSoTimeout(WAIT_MILLIS);
  }

  /// Sends `command` and waits for its answer, a dictionary; asks again until rtpengine listens.
  Map<?, ?> ask(String command, Map<String, ?> arguments) throws IOException, Unavailable {
    Map<String, Object> dictionary = new LinkedHashMap<>();
    dictionary.put("command", command);
    dictionary.putAll(arguments);
    String mine = "parley" + ++cookie + " ";
    byte[] head = mine.getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = Bencode.write(dictionary);
    byte[] octets = new byte[head.length + body.length];
    System.arraycopy(head, 0, octets, 0, head.length);
    System.arraycopy(body, 0, octets, head.length, body.length);
    for (int i = 0; i < TRIES; i++) {
      socket.send(new DatagramPacket(octets, octets.length, Testbed.address(port)));
      String answer = answer();
      if (answer.startsWith(mine)) {
        return checked(command, Bencode.read(answer.substring(mine.length())));
      }
    }
    throw new Unavailable("rtpengine does not answer '" + command + "'");
  }

  private static Map<?, ?> checked(String command, Object answer) throws Unavailable {
    if (answer instanceof Map<?, ?> map && !"error".equals(map.get("result"))) {
      return map;
    }
    throw new Unavailable("rtpengine refuses '" + command + "': " + answer);
  }

  private String answer() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException _) {
      return "";
    }
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    socket.close();
  }
}
