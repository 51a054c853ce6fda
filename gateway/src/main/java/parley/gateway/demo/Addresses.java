package parley.gateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/// Where everybody is, dealt before the first socket opens.
///
/// @param talk where Alice and Bob send, and where Carol and the gateway listen
/// @param carol Carol's second terminal, in a network without multicast
/// @param dave Dave's, likewise
/// @param joint where the gateway sends what it re-keys for joint-ops
record Addresses(
    InetSocketAddress talk,
    InetSocketAddress carol,
    InetSocketAddress dave,
    InetSocketAddress joint,
    InetSocketAddress mikey,
    InetSocketAddress manager,
    InetSocketAddress managerHttps,
    InetSocketAddress admin) {
  static Addresses deal(Stage stage) throws IOException {
    return new Addresses(
        stage.freeMulticast(),
        stage.freeAddress(),
        stage.freeAddress(),
        stage.freeAddress(),
        stage.freeAddress(),
        stage.freeAddress(),
        stage.freeTcp(),
        stage.freeAddress());
  }

  URI managerUrl() {
    return URI.create("https://localhost:" + managerHttps.getPort());
  }

  /// `127.0.0.1:5004`, as configurations have it.
  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
