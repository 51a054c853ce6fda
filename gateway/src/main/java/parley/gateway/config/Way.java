package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/// How a member is reached, as its group's configuration says.
public sealed interface Way {
  /// A datagram to its MIKEY port, or to a port of its media.
  record Udp(InetSocketAddress address) implements Way {}

  /// `POST` of an `application/mikey` body in clear; the receipt is the answer.
  record Http(URI address) implements Way {}

  /// The same over TLS.
  record Https(PeerConfig server) implements Way {}

  /// SMS: a file `MEMBER.GMK-ID-N.sms` for each segment in a folder, from which another program
  /// sends; receipts come back as files beside them.
  record Sms(Path folder) implements Way {}

  /// A file in a folder, for any way of transport; receipts come back as files beside it.
  record Folder(Path folder) implements Way {}
}
