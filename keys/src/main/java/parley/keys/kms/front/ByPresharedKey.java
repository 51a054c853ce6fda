package parley.keys.kms.front;

import java.util.List;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.registry.KmsUsers;
import parley.keys.kms.registry.KnownBy;
import parley.keys.store.StoreException;

/// By the pre-shared key that TLS has proved, whose identity is one user's.
public final class ByPresharedKey implements WayToBeKnown {
  private final KmsUsers users;

  public ByPresharedKey(KmsUsers users) {
    this.users = users;
  }

  @Override
  public Outcome look(Request request) throws StoreException {
    String identity = request.tls().pskIdentity();
    if (identity == null) {
      return WayToBeKnown.notMine();
    }
    return users
        .known(KnownBy.PRESHARED_KEY, List.of(identity))
        .<Outcome>map(
            user -> new Outcome.Authenticated(KmsClient.of(Way.PRESHARED_KEY, identity, user)))
        .orElseGet(WayToBeKnown::notMine);
  }
}
