package parley.gateway.keying;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.member.GroupMembership;
import parley.mikey.group.GroupMasterKey;

/// A gateway's HTTP port for MIKEY over a real socket, and a GMK that is on its way to it.
final class MikeyHttpRig implements AutoCloseable {
  static final String FIRE = "sip:fire@example.org";

  private static final int PATIENCE_MILLIS = 30_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  final Lab lab;
  final PlaneRig plane;
  final GroupMasterKey gmk;
  final byte[] message;
  final MikeyHttpPort port;

  MikeyHttpRig(Path folder, Duration patience) throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    LabMember gateway = lab.member("sip:gpe1@example.org");
    gateway.member().joinGroup(GroupMembership.of(lab.member(FIRE).identity(), Lab.KMS_URI));
    plane = new PlaneRig(lab, gateway);
    gmk = lab.newGmk(FIRE);
    message = lab.iMessage(gmk, gateway);
    port = MikeyHttpPort.bind(ANY_PORT, plane.inbox, lab.clock(), patience);
    port.start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port.local().getPort(), path));
  }

  Socket connect() throws IOException {
    var socket = new Socket(port.local().getAddress(), port.local().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /// A request with these header lines and this body.
  static byte[] request(String line, byte[] body, String... headers) throws IOException {
    var octets = new ByteArrayOutputStream();
    octets.write((line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n").getBytes(ISO_8859_1));
    for (String header : headers) {
      octets.write((header + "\r\n").getBytes(ISO_8859_1));
    }
    octets.write("\r\n".getBytes(ISO_8859_1));
    octets.write(body);
    return octets.toByteArray();
  }

  /// As a manager would send it.
  static byte[] post(byte[] body) throws IOException {
    return request(
        "POST /mikey", body, "Content-Type: application/mikey", "Content-Length: " + body.length);
  }

  /// Everything that comes back to these octets until the server ends the connection; our side
  /// stays open.
  String raw(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /// The same where nothing more is going to come from us.
  String cut(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  long count(MikeyHttpOutcome outcome) {
    return port.counters().counted(outcome);
  }

  @Override
  public void close() {
    port.close();
    plane.close();
    lab.close();
  }
}
