package parley.keys.member;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.MemberKeys;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Where a member's things lie in a vault. URIs hold no space, so a space joins them to names:
///
/// | type | name | value |
/// |---|---|---|
/// | `kms-certificate` | KMS URI | the certificate |
/// | `home-kms` | identity | URI of the KMS that issues its keys |
/// | `member-keys` | identity, period number | RSK, SSK, PVT |
/// | `membership` | identity, group | manager, KMS URI |
/// | `gmks` | identity, group | highest T and the GMKs: [HeldGmks] |
/// | `invitation` | identity, creator | what waits for the user's word: [StoredInvitation] |
final class MemberStore {
  private static final String CERTIFICATE = "kms-certificate";
  private static final String HOME = "home-kms";
  private static final String KEYS = "member-keys";
  private static final String MEMBERSHIP = "membership";
  private static final String GMKS = "gmks";
  private static final String INVITATION = "invitation";

  private final Vault vault;
  private final Identity who;

  MemberStore(Vault vault, Identity who) {
    this.vault = vault;
    this.who = who;
  }

  void putCertificate(KmsCertificate certificate) throws VaultException {
    try (SecretBytes encoded = encoded(certificate)) {
      vault.put(CERTIFICATE, certificate.kmsUri(), encoded);
    }
  }

  Map<String, KmsCertificate> certificates() {
    var found = new HashMap<String, KmsCertificate>();
    for (String kmsUri : vault.names(CERTIFICATE)) {
      certificate(kmsUri).ifPresent(certificate -> found.put(kmsUri, certificate));
    }
    return found;
  }

  Optional<KmsCertificate> certificate(String kmsUri) {
    return vault.read(CERTIFICATE, kmsUri).map(MemberStore::certificate);
  }

  private static KmsCertificate certificate(SecretBytes encoded) {
    try (encoded) {
      return KmsCertificate.decode(encoded.lend(SecretAccess.token(), byte[]::clone));
    } catch (InvalidKey e) {
      throw new IllegalStateException("a stored KMS certificate is of another version", e);
    }
  }

  private static SecretBytes encoded(KmsCertificate certificate) {
    return SecretBytes.copyOf(certificate.encode(), "KMS certificate");
  }

  /// The URI of the KMS that issues this identity's keys.
  Optional<String> homeKms() {
    return vault.read(HOME, who.uri()).map(MemberStore::text);
  }

  private static String text(SecretBytes encoded) {
    try (encoded) {
      return RecordReader.read(encoded, RecordReader::text);
    }
  }

  /// Stores verified keys with their KMS, and drops those of periods before the last one.
  void putKeys(KmsCertificate certificate, MemberKeys keys) throws VaultException {
    try (VaultEdit edit = vault.edit();
        SecretBytes encodedKeys = keys.encode();
        SecretBytes encodedCertificate = encoded(certificate);
        RecordWriter home = new RecordWriter().text(certificate.kmsUri());
        SecretBytes homeKms = home.record("home KMS")) {
      long number = keys.period().number();
      edit.put(CERTIFICATE, certificate.kmsUri(), encodedCertificate)
          .put(HOME, who.uri(), homeKms)
          .put(KEYS, keysName(number), encodedKeys);
      heldPeriods().stream()
          .filter(held -> held < number - 1)
          .forEach(held -> edit.remove(KEYS, keysName(held)));
      edit.commit();
    }
  }

  /// The keys of a period; the caller closes them.
  Optional<MemberKeys> keys(KeyPeriod period) {
    return vault
        .read(KEYS, keysName(period.number()))
        .map(encoded -> {
          try (encoded) {
            return MemberKeys.decode(encoded);
          }
        });
  }

  /// The numbers of the periods for which there are keys.
  List<Long> heldPeriods() {
    return ofThisIdentity(KEYS).stream().map(Long::parseLong).toList();
  }

  private String keysName(long period) {
    return who.uri() + ' ' + period;
  }

  /// Stores all of them, or none.
  void putMemberships(Collection<GroupMembership> memberships) throws VaultException {
    try (VaultEdit edit = vault.edit()) {
      for (GroupMembership membership : memberships) {
        Identity manager = membership.manager();
        try (RecordWriter out = new RecordWriter();
            SecretBytes encoded =
                out.text(manager == null ? "" : manager.uri())
                    .text(membership.kmsUri())
                    .record("membership")) {
          edit.put(MEMBERSHIP, name(membership.group()), encoded);
        }
      }
      edit.commit();
    }
  }

  List<GroupMembership> memberships() {
    var found = new ArrayList<GroupMembership>();
    for (String group : ofThisIdentity(MEMBERSHIP)) {
      var identity = new Identity(group);
      vault
          .read(MEMBERSHIP, name(identity))
          .ifPresent(encoded -> found.add(membership(identity, encoded)));
    }
    return found;
  }

  private static GroupMembership membership(Identity group, SecretBytes encoded) {
    try (encoded) {
      return RecordReader.read(
          encoded, in -> new GroupMembership(group, manager(in.text()), in.text()));
    }
  }

  private static @Nullable Identity manager(String uri) {
    return uri.isEmpty() ? null : new Identity(uri);
  }

  void putGmks(Identity group, HeldGmks gmks) throws VaultException {
    try (SecretBytes encoded = gmks.encode()) {
      vault.put(GMKS, name(group), encoded);
    }
  }

  /// What is held of a group; empty for one that never had a GMK.
  HeldGmks gmks(Identity group) {
    return vault
        .read(GMKS, name(group))
        .map(encoded -> {
          try (encoded) {
            return HeldGmks.decode(group, encoded);
          }
        })
        .orElseGet(HeldGmks::none);
  }

  /// Leaves the group: no membership, no GMK, but the highest T is not forgotten.
  void putLeft(Identity group, HeldGmks left) throws VaultException {
    try (VaultEdit edit = vault.edit();
        SecretBytes encoded = left.encode()) {
      edit.remove(MEMBERSHIP, name(group)).put(GMKS, name(group), encoded).commit();
    }
  }

  void putInvitation(StoredInvitation invitation) throws VaultException {
    try (SecretBytes encoded = invitation.encode()) {
      vault.put(INVITATION, name(invitation.creator()), encoded);
    }
  }

  void removeInvitation(Identity creator) throws VaultException {
    var _ = vault.remove(INVITATION, name(creator));
  }

  List<StoredInvitation> invitations() {
    return ofThisIdentity(INVITATION).stream()
        .flatMap(creator -> vault.read(INVITATION, name(new Identity(creator))).stream())
        .map(encoded -> {
          try (encoded) {
            return StoredInvitation.decode(encoded);
          }
        })
        .toList();
  }

  private String name(Identity group) {
    return who.uri() + ' ' + group.uri();
  }

  private List<String> ofThisIdentity(String type) {
    String prefix = who.uri() + ' ';
    return vault.names(type, prefix).stream().map(name -> name.substring(prefix.length())).toList();
  }

  @Override
  public String toString() {
    return vault.toString();
  }
}
