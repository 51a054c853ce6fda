package parley.keys.manager;

import java.time.Instant;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// One line of the delivery board: the message to a UE, kept as sent, because a repeat must be the
/// same octets. Immutable.
final class BoardEntry {
  private static final int SCHEMA = 1;

  private final Identity ue;
  private final int gmkId;
  private final boolean confirmed;
  private final Instant since;
  private final byte[] iMessage;

  private BoardEntry(Identity ue, int gmkId, boolean confirmed, Instant since, byte[] iMessage) {
    this.ue = ue;
    this.gmkId = gmkId;
    this.confirmed = confirmed;
    this.since = since;
    this.iMessage = iMessage;
  }

  static BoardEntry pending(Identity ue, int gmkId, Instant since, byte[] iMessage) {
    return new BoardEntry(ue, gmkId, false, since, iMessage.clone());
  }

  BoardEntry confirmed(Instant at) {
    return new BoardEntry(ue, gmkId, true, at, iMessage);
  }

  Identity ue() {
    return ue;
  }

  int gmkId() {
    return gmkId;
  }

  boolean isConfirmed() {
    return confirmed;
  }

  byte[] iMessage() {
    return iMessage.clone();
  }

  GmkMessage message() {
    return new GmkMessage(ue, iMessage);
  }

  Delivery delivery() {
    var state = confirmed ? Delivery.State.CONFIRMED : Delivery.State.PENDING;
    return new Delivery(ue, gmkId, state, since);
  }

  SecretBytes encode() {
    try (RecordWriter out = new RecordWriter()) {
      return out.integer(SCHEMA)
          .text(ue.uri())
          .integer(gmkId)
          .flag(confirmed)
          .instant(since)
          .octets(iMessage)
          .record("delivery to " + ue);
    }
  }

  static BoardEntry decode(SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          if (in.integer() != SCHEMA) {
            throw new IllegalStateException(encoded + " is of another schema");
          }
          return new BoardEntry(
              new Identity(in.text()), in.integer(), in.flag(), in.instant(), in.octets());
        });
  }
}
