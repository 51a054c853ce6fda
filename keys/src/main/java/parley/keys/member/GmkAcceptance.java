package parley.keys.member;

import parley.mikey.group.GroupMasterKey;

/// What became of an I_MESSAGE.
public sealed interface GmkAcceptance {
  /// The GMK is stored and in the book; the receipt goes back to the manager.
  final class Accepted implements GmkAcceptance {
    private final GroupMasterKey gmk;
    private final boolean current;
    private final byte[] receipt;

    Accepted(GroupMasterKey gmk, boolean current, byte[] receipt) {
      this.gmk = gmk;
      this.current = current;
      this.receipt = receipt.clone();
    }

    /// The key as the book has it, which owns it.
    public GroupMasterKey gmk() {
      return gmk;
    }

    /// False for a key that is kept for decryption only: its T is older than one accepted before,
    /// or it is revoked.
    public boolean isCurrent() {
      return current;
    }

    /// A complete MIKEY message.
    public byte[] receipt() {
      return receipt.clone();
    }

    @Override
    public String toString() {
      return "Accepted[" + gmk + (current ? ", current]" : ", for decryption only]");
    }
  }

  /// The same octets as a message accepted before: nothing changed, the receipt goes back again.
  final class Repeated implements GmkAcceptance {
    private final byte[] receipt;

    Repeated(byte[] receipt) {
      this.receipt = receipt.clone();
    }

    /// A complete MIKEY message.
    public byte[] receipt() {
      return receipt.clone();
    }

    @Override
    public String toString() {
      return "Repeated[]";
    }
  }

  /// The creator of an ad-hoc group, whose signature is verified, asks this member in. It waits for
  /// the user's word, [Member#acceptInvitation] or [Member#declineInvitation]; nothing is answered
  /// before.
  record Invited(Invitation invitation) implements GmkAcceptance {}

  /// Not accepted; nothing changed and nothing is answered. `detail` is one sentence without
  /// secrets.
  record Refused(GmkRefusal reason, String detail) implements GmkAcceptance {}
}
