package parley.keys.member;

import java.time.Instant;
import java.util.Arrays;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// An invitation with its message, which is opened when it is accepted. Immutable.
final class StoredInvitation {
  private static final int SCHEMA = 1;

  private final Invitation invitation;
  private final byte[] message;
  private final boolean declined;

  private StoredInvitation(Invitation invitation, byte[] message, boolean declined) {
    this.invitation = invitation;
    this.message = message;
    this.declined = declined;
  }

  static StoredInvitation of(UnverifiedGmkDistribution message, byte[] octets, Instant now) {
    return new StoredInvitation(
        new Invitation(message.initiator(), message.initiatorKmsUri(), message.timestamp(), now),
        octets.clone(),
        false);
  }

  StoredInvitation declined() {
    return new StoredInvitation(invitation, message, true);
  }

  Invitation invitation() {
    return invitation;
  }

  Identity creator() {
    return invitation.creator();
  }

  boolean isDeclined() {
    return declined;
  }

  byte[] message() {
    return message.clone();
  }

  boolean isOf(byte[] octets) {
    return Arrays.equals(octets, message);
  }

  boolean isNewerThan(StoredInvitation other) {
    return invitation.issued().compareTo(other.invitation.issued()) > 0;
  }

  SecretBytes encode() {
    try (RecordWriter out = new RecordWriter()) {
      return out.integer(SCHEMA)
          .text(creator().uri())
          .text(invitation.kmsUri())
          .number(invitation.issued().bits())
          .instant(invitation.received())
          .flag(declined)
          .octets(message)
          .record("invitation of " + creator());
    }
  }

  static StoredInvitation decode(SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          if (in.integer() != SCHEMA) {
            throw new IllegalStateException(encoded + " is of another schema");
          }
          var invitation =
              new Invitation(
                  new Identity(in.text()), in.text(), new NtpTimestamp(in.number()), in.instant());
          boolean declined = in.flag();
          return new StoredInvitation(invitation, in.octets(), declined);
        });
  }
}
