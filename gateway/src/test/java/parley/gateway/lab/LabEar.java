package parley.gateway.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A bare socket on loopback: sends octets, hears datagrams, understands nothing.
public final class LabEar implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final DatagramSocket socket;
  private final byte[] buffer = new byte[2048];

  public LabEar() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.setReceiveBufferSize(1 << 20);
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  public void send(byte[] octets, InetSocketAddress to) throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, to));
  }

  /// The next datagram; a test fails that waits ten seconds for it.
  public byte[] hear() throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return Arrays.copyOf(buffer, packet.getLength());
  }

  public List<byte[]> hear(int count) throws IOException {
    List<byte[]> heard = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      heard.add(hear());
    }
    return heard;
  }

  /// Whatever is there already, after an event that proves that nothing more is coming.
  public List<byte[]> drain() throws IOException {
    List<byte[]> heard = new ArrayList<>();
    socket.setSoTimeout((int) Duration.ofMillis(1).toMillis());
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException _) {
        return heard;
      }
      heard.add(Arrays.copyOf(buffer, packet.getLength()));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
