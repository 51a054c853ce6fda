package parley.keys.kms.front;

import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.store.StoreException;

/// One way in which a client can be known, from its connection and its headers alone.
///
/// Called before anything of the body is read. Safe for use by many threads.
@FunctionalInterface
public interface WayToBeKnown {
  Outcome look(Request request) throws StoreException;

  /// What one way makes of a request.
  sealed interface Outcome {
    /// The client is known; no other way is asked.
    record Authenticated(KmsClient client) implements Outcome {}

    /// Not yet, but so it could be; sent where no other way knows the client either. The same
    /// whether anybody of that name exists.
    record Challenge(Reply reply) implements Outcome {}

    /// Nothing of this way in the request, or nothing that holds.
    record NotMine() implements Outcome {}
  }

  /// Nothing of this way.
  static Outcome notMine() {
    return new Outcome.NotMine();
  }
}
