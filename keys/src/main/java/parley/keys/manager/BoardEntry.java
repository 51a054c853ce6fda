package parley.keys.manager;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// One line of the delivery board: the message to a UE, kept as sent until it is confirmed, because
/// a repeat must be the same octets; and from then on the digest of the receipt that confirmed it.
/// Immutable.
final class BoardEntry {
  private static final int SCHEMA = 2;
  private static final byte[] NOTHING = {};

  private final Identity ue;
  private final int gmkId;
  private final boolean confirmed;
  private final Instant since;
  private final byte[] iMessage;
  private final byte[] receipt;

  private BoardEntry(
      Identity ue, int gmkId, boolean confirmed, Instant since, byte[] iMessage, byte[] receipt) {
    this.ue = ue;
    this.gmkId = gmkId;
    this.confirmed = confirmed;
    this.since = since;
    this.iMessage = iMessage;
    this.receipt = receipt;
  }

  static BoardEntry pending(Identity ue, int gmkId, Instant since, byte[] iMessage) {
    return new BoardEntry(ue, gmkId, false, since, iMessage.clone(), NOTHING);
  }

  BoardEntry confirmed(Instant at, byte[] byReceipt) {
    return new BoardEntry(ue, gmkId, true, at, NOTHING, digest(byReceipt));
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

  /// Whether exactly this receipt confirmed it.
  boolean isConfirmedBy(byte[] octets) {
    return confirmed && MessageDigest.isEqual(digest(octets), receipt);
  }

  private static byte[] digest(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /// Empty when confirmed.
  byte[] iMessage() {
    return iMessage.clone();
  }

  GmkMessage message() {
    return new GmkMessage(ue, gmkId, iMessage);
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
          .octets(receipt)
          .record("delivery to " + ue);
    }
  }

  static BoardEntry decode(SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          int schema = in.integer();
          if (schema != 1 && schema != SCHEMA) {
            throw new IllegalStateException(encoded + " is of another schema");
          }
          return new BoardEntry(
              new Identity(in.text()),
              in.integer(),
              in.flag(),
              in.instant(),
              in.octets(),
              schema == 1 ? NOTHING : in.octets());
        });
  }
}
