package parley.keys.kms.registry;

import java.time.Instant;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.identity.Identity;

/// Transport keys with whose they are; the keys close with it.
public record HeldKeys(Identity identity, String device, Instant made, TransportKeys keys)
    implements AutoCloseable {
  @Override
  public void close() {
    keys.close();
  }
}
