package parley.keys.enrol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.message.GroupEntry;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// What an enrolment brought; the keys themselves are in the vault.
public final class Enrolled {
  private final KmsCertificate kms;
  private final List<KeyPeriod> periods;
  private final List<GroupEntry> groups;
  private final List<KmsCertificate> others;
  private final List<byte[]> gmkMessages;
  private final ReceiptPost receipts;

  Enrolled(
      KmsCertificate kms,
      List<KeyPeriod> periods,
      List<GroupEntry> groups,
      List<KmsCertificate> others,
      List<byte[]> gmkMessages,
      ReceiptPost receipts) {
    this.kms = kms;
    this.periods = List.copyOf(periods);
    this.groups = List.copyOf(groups);
    this.others = List.copyOf(others);
    this.gmkMessages = List.copyOf(gmkMessages);
    this.receipts = receipts;
  }

  static GroupMembership membership(GroupEntry group) {
    @Nullable Identity manager = group.manager().equals(group.group()) ? null : group.manager();
    return new GroupMembership(group.group(), manager, group.kmsUri());
  }

  public KmsCertificate kms() {
    return kms;
  }

  /// The key periods whose keys are in the vault now.
  public List<KeyPeriod> periods() {
    return periods;
  }

  /// Makes the other KMSs known to `member` that its own vouches for, a successor or those of
  /// partners; durable on return. One that is known by other public keys stays as it is known.
  ///
  /// @return a sentence for each that is new, and for each that was refused
  public List<String> trust(Member member) throws VaultException {
    List<String> said = new ArrayList<>();
    for (KmsCertificate other : others) {
      try {
        if (!other.equals(member.kms().find(other.kmsUri()))) {
          member.trust(other);
          said.add("KMS %s is trusted, by the word of %s".formatted(other.kmsUri(), kms.kmsUri()));
        }
      } catch (InvalidKey e) {
        said.add(String.valueOf(e.getMessage()));
      }
    }
    return said;
  }

  /// Joins the groups that the KMS lists and `member` is not in; tells which those were. A group
  /// that is joined already stays as its user has it.
  public List<GroupMembership> join(Member member) throws VaultException {
    List<GroupMembership> joined =
        groups.stream()
            .filter(group -> !member.groups().contains(group.group()))
            .map(Enrolled::membership)
            .toList();
    member.joinGroups(joined);
    return joined;
  }

  /// Makes the new keys ready for use, which takes a pairing's time for each period: so that
  /// whoever signs first in a new period does not wait for it.
  public void prepare(Member member) {
    try {
      for (KeyPeriod period : periods) {
        var _ = member.signer(NtpTimestamp.of(period.from()));
      }
    } catch (KeysMissing e) {
      throw new IllegalStateException("keys that were installed are not found", e);
    }
  }

  /// Hands the messages that came along to `member`, in their order.
  public List<GmkAcceptance> accept(Member member) {
    List<GmkAcceptance> judged = new ArrayList<>();
    for (byte[] message : gmkMessages) {
      judged.add(member.accept(message.clone()));
    }
    return judged;
  }

  /// Hands the receipts of what [#accept] has taken, or had taken before, to the groups' managers
  /// that the KMS says are reached over HTTPS. Blocks, for as long as each manager may take.
  ///
  /// A receipt that does not arrive loses nothing: its manager goes on repeating the message, and
  /// the message waits at the KMS as well, so that the next keys bring it again.
  ///
  /// @param judged what [#accept] has returned
  public List<ReceiptOutcome> confirm(Member member, List<GmkAcceptance> judged) {
    List<ReceiptPost.Owed> owed = new ArrayList<>();
    for (int i = 0; i < judged.size(); i++) {
      byte @Nullable [] receipt =
          switch (judged.get(i)) {
            case GmkAcceptance.Accepted accepted -> accepted.receipt();
            case GmkAcceptance.Repeated repeated -> repeated.receipt();
            case GmkAcceptance.Invited _, GmkAcceptance.Refused _ -> null;
          };
      GroupEntry group = signedBy(gmkMessages.get(i));
      if (receipt != null && group != null) {
        owed.add(new ReceiptPost.Owed(group, receipt));
      }
    }
    return receipts.hand(owed, member);
  }

  /// The group whose signer the message names, which is true of one that was taken.
  private @Nullable GroupEntry signedBy(byte[] message) {
    try {
      Identity signer = UnverifiedGmkDistribution.read(message).initiator();
      return groups.stream()
          .filter(group -> group.manager().equals(signer))
          .findFirst()
          .orElse(null);
    } catch (MalformedMessage _) {
      return null; // in the standard's own form; whoever left it does not hear receipts from here
    }
  }

  @Override
  public String toString() {
    return "Enrolled[%s, %s]".formatted(kms.kmsUri(), periods);
  }
}
