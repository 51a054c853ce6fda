package parley.keys.kms.front;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.front.WayToBeKnown.Outcome;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.keys.kms.message.UnverifiedKmsRequest;
import parley.keys.kms.message.WrongTransportKey;
import parley.keys.kms.registry.HeldKeys;
import parley.keys.kms.registry.TransportKeyShelf;
import parley.keys.store.StoreException;

/// Finds out who asks: by each way in turn, and where none knows the client, by the signature of
/// the request itself.
///
/// Whoever is not known gets one answer, whatever was wrong: nobody of that name, a signature that
/// does not hold, no XML. It is the challenge of the first way that has one, else 403.
final class Reception {
  private final List<WayToBeKnown> ways;
  private final TransportKeyShelf shelf;

  Reception(List<WayToBeKnown> ways, TransportKeyShelf shelf) {
    this.ways = List.copyOf(ways);
    this.shelf = shelf;
  }

  /// A client, or what a stranger is told.
  record Guest(@Nullable KmsClient client, Reply otherwise) {}

  Guest look(Request request) throws StoreException {
    Reply otherwise = null;
    for (WayToBeKnown way : ways) {
      switch (way.look(request)) {
        case Outcome.Authenticated known -> {
          return new Guest(known.client(), stranger());
        }
        case Outcome.Challenge challenge ->
            otherwise = otherwise == null ? challenge.reply() : otherwise;
        case Outcome.NotMine _ -> {
          // the next one
        }
      }
    }
    return new Guest(null, otherwise == null ? stranger() : otherwise);
  }

  private static Reply stranger() {
    return Reply.text(403, "not known to this KMS");
  }

  /// The client that signed this request under an InK of the registry. A copy of such a request
  /// brings nobody more than keys wrapped for the one who wrote it.
  Optional<KmsClient> signer(Request request) throws StoreException {
    try {
      UnverifiedKmsRequest read = UnverifiedKmsRequest.read(request.body());
      String inkId = read.signedUnder();
      if (inkId == null) {
        return Optional.empty();
      }
      Optional<HeldKeys> held = shelf.signing(inkId);
      if (held.isEmpty()) {
        return Optional.empty();
      }
      try (HeldKeys keys = held.get()) {
        var _ = read.verified(keys.keys());
        return Optional.of(
            new KmsClient(Way.TRANSPORT_KEY, inkId, keys.identity(), keys.device(), null));
      }
    } catch (MalformedKmsMessage | WrongTransportKey _) {
      return Optional.empty();
    }
  }
}
