package parley.keys.kms.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.identity.KmsCertificate;

/// What a KMS gave. Its keys close with it.
public final class Provision implements AutoCloseable {
  private final KmsCertificate kms;
  private final List<MemberKeys> keys;
  private final @Nullable TransportKeys newTransportKeys;
  private final List<GroupEntry> groups;
  private final List<byte[]> gmkMessages;

  Provision(
      KmsCertificate kms,
      List<MemberKeys> keys,
      @Nullable TransportKeys newTransportKeys,
      List<GroupEntry> groups,
      List<byte[]> gmkMessages) {
    this.kms = kms;
    this.keys = List.copyOf(keys);
    this.newTransportKeys = newTransportKeys;
    this.groups = List.copyOf(groups);
    this.gmkMessages = gmkMessages.stream().map(byte[]::clone).toList();
  }

  /// Under which the keys were issued.
  public KmsCertificate kms() {
    return kms;
  }

  /// One set for each key period. They are whom and when they should be; whether they fit the KMS's
  /// public keys is for `Member.install` to verify.
  public List<MemberKeys> keys() {
    return keys;
  }

  /// The transport keys to use from now on; null where the present ones stay. The older are good
  /// until the new ones have signed a request, so these are stored first.
  public @Nullable TransportKeys newTransportKeys() {
    return newTransportKeys;
  }

  /// The groups that the user belongs to, as its KMS says.
  public List<GroupEntry> groups() {
    return groups;
  }

  /// I_MESSAGEs that waited, for `Member.accept`.
  public List<byte[]> gmkMessages() {
    return gmkMessages.stream().map(byte[]::clone).toList();
  }

  @Override
  public void close() {
    keys.forEach(MemberKeys::close);
    if (newTransportKeys != null) {
      newTransportKeys.close();
    }
  }

  @Override
  public String toString() {
    return "Provision[%s, %d groups, %d GMK messages]"
        .formatted(keys, groups.size(), gmkMessages.size());
  }
}
