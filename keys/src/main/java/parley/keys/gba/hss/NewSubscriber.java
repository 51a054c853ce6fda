package parley.keys.gba.hss;

import java.util.List;
import parley.keys.gba.aka.SubscriberKey;
import parley.mikey.identity.Identity;

/// A subscriber on the way into the table. The owner closes it.
public final class NewSubscriber implements AutoCloseable {
  private final String impi;
  private final List<Identity> identities;
  private final SubscriberKey key;

  /// Takes the key.
  ///
  /// @param impi the private identity, `user@realm`
  /// @param identities public ones, for which this subscriber may get keys
  /// @throws IllegalArgumentException if `impi` is none
  public NewSubscriber(String impi, List<Identity> identities, SubscriberKey key) {
    Impi.require(impi);
    this.impi = impi;
    this.identities = List.copyOf(identities);
    this.key = key;
  }

  public String impi() {
    return impi;
  }

  List<Identity> identities() {
    return identities;
  }

  SubscriberKey key() {
    return key;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "NewSubscriber[" + impi + "]";
  }
}
