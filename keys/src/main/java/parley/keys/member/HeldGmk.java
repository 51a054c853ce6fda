package parley.keys.member;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A GMK as one accepted I_MESSAGE brought it: the digest of the message, to know a repeat, and the
/// receipt, to answer one. Owns its copy of the key.
final class HeldGmk implements AutoCloseable {
  private final GroupMasterKey gmk;
  private final boolean decryptOnly;
  private final byte[] digest;
  private final byte[] receipt;

  private HeldGmk(GroupMasterKey gmk, boolean decryptOnly, byte[] digest, byte[] receipt) {
    this.gmk = gmk;
    this.decryptOnly = decryptOnly;
    this.digest = digest;
    this.receipt = receipt;
  }

  /// Takes over `gmk`; `iMessage` is the whole message.
  static HeldGmk of(GroupMasterKey gmk, boolean decryptOnly, byte[] iMessage, byte[] receipt) {
    return new HeldGmk(gmk, decryptOnly, digest(iMessage), receipt);
  }

  NtpTimestamp issued() {
    return gmk.issued();
  }

  int gmkId() {
    return gmk.gmkId();
  }

  /// True when a newer message had been accepted before this one came: never to be sent under.
  boolean isDecryptOnly() {
    return decryptOnly;
  }

  byte[] receipt() {
    return receipt.clone();
  }

  /// Whether the message of this [#digest] brought it.
  boolean isBroughtBy(byte[] messageDigest) {
    return MessageDigest.isEqual(digest, messageDigest);
  }

  boolean isOver(Instant now) {
    return !now.isBefore(gmk.expiry());
  }

  /// A copy for the book, which takes it over.
  GroupMasterKey copy() {
    return GroupMasterKey.of(
        gmk.group(),
        gmk.gmkId(),
        gmk.key().duplicate(),
        gmk.issued(),
        gmk.activation(),
        gmk.expiry(),
        gmk.isRevoked());
  }

  void write(RecordWriter out) {
    GmkRecord.write(out, gmk);
    out.flag(decryptOnly).octets(digest).octets(receipt);
  }

  static HeldGmk read(Identity group, RecordReader in) {
    return new HeldGmk(GmkRecord.read(group, in), in.flag(), in.octets(), in.octets());
  }

  /// By which a message is known again.
  static byte[] digest(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  @Override
  public void close() {
    gmk.close();
  }

  @Override
  public String toString() {
    return "HeldGmk[" + gmk + "]";
  }
}
