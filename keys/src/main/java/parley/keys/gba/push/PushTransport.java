package parley.keys.gba.push;

import java.io.IOException;
import parley.mikey.identity.Identity;

/// Brings a push to a UE, by any way and without a promise (TS 33.223, 5.3). The message protects
/// itself; it may be seen, lost or come twice.
@FunctionalInterface
public interface PushTransport {
  /// @param gpi at most 140 octets
  /// @throws IOException if there is no way to this UE; one sentence
  void send(Identity ue, byte[] gpi) throws IOException;
}
