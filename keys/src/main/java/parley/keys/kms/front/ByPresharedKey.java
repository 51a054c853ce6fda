package parley.keys.kms.front;

import java.util.List;
import java.util.Optional;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.registry.KmsUsers;
import parley.keys.kms.registry.KnownBy;
import parley.keys.kms.registry.PresharedKey;
import parley.keys.kms.registry.PresharedKeys;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// By the pre-shared key that TLS has proved, whose identity is one user's. What such a client gets
/// is wrapped under keys that follow from it.
public final class ByPresharedKey implements WayToBeKnown {
  private final KmsUsers users;
  private final PresharedKeys keys;

  public ByPresharedKey(KmsUsers users, PresharedKeys keys) {
    this.users = users;
    this.keys = keys;
  }

  @Override
  public Outcome look(Request request) throws StoreException {
    String name = request.tls().pskIdentity();
    if (name == null) {
      return WayToBeKnown.notMine();
    }
    Optional<Identity> user = users.known(KnownBy.PRESHARED_KEY, List.of(name));
    return user.isEmpty() ? WayToBeKnown.notMine() : client(name, user.get());
  }

  private Outcome client(String name, Identity user) throws StoreException {
    try (PresharedKey key = keys.find(name).orElse(null)) {
      return new Outcome.Authenticated(
          new KmsClient(
              Way.PRESHARED_KEY, name, user, null, key == null ? null : key.transportKeys()));
    }
  }
}
