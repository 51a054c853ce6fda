package parley.keys.manager;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.member.GmkRecord;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// Where a managed group's things lie in a vault:
///
/// | type | name | value |
/// |---|---|---|
/// | `group` | group | manager's identity, last T |
/// | `group-members` | group | the members file's text |
/// | `group-list` | group | when the list was last changed; outlives the group |
/// | `group-gmk` | group, GMK-ID | the GMK |
/// | `group-delivery` | group, GMK-ID, UE | [BoardEntry] |
/// | `group-address` | group, UE | [RegisteredAddress] |
final class GroupStore {
  private static final String GROUP = "group";
  private static final String MEMBERS = "group-members";
  private static final String LIST = "group-list";
  private static final String GMK = "group-gmk";
  private static final String DELIVERY = "group-delivery";
  private static final String ADDRESS = "group-address";

  /// What the `group` record holds.
  record Head(GroupSettings settings, NtpTimestamp lastT) {}

  private final Vault vault;
  private final Identity group;

  GroupStore(Vault vault, Identity group) {
    this.vault = vault;
    this.group = group;
  }

  Identity group() {
    return group;
  }

  VaultEdit edit() {
    return vault.edit();
  }

  Optional<Head> head() {
    return vault
        .read(GROUP, group.uri())
        .map(encoded -> {
          try (encoded) {
            return RecordReader.read(
                encoded,
                in ->
                    new Head(
                        new GroupSettings(group, manager(in.text())),
                        new NtpTimestamp(in.number())));
          }
        });
  }

  private static @Nullable Identity manager(String uri) {
    return uri.isEmpty() ? null : new Identity(uri);
  }

  void putHead(VaultEdit edit, Head head) {
    Identity manager = head.settings().manager();
    try (RecordWriter out = new RecordWriter();
        SecretBytes encoded =
            out.text(manager == null ? "" : manager.uri())
                .number(head.lastT().bits())
                .record("group " + group)) {
      edit.put(GROUP, group.uri(), encoded);
    }
  }

  MemberList members() {
    try (SecretBytes encoded = vault.read(MEMBERS, group.uri()).orElseThrow()) {
      return MemberList.parse(RecordReader.read(encoded, RecordReader::text));
    } catch (WrongSetting e) {
      throw new IllegalStateException("a stored list of members is of another version", e);
    }
  }

  void putMembers(VaultEdit edit, MemberList members) {
    try (RecordWriter out = new RecordWriter().text(members.toYaml());
        SecretBytes encoded = out.record("members of " + group)) {
      edit.put(MEMBERS, group.uri(), encoded);
    }
  }

  /// Empty where nobody has noted one yet.
  Optional<NtpTimestamp> listVersion() {
    return vault
        .read(LIST, group.uri())
        .map(encoded -> {
          try (encoded) {
            return new NtpTimestamp(RecordReader.read(encoded, RecordReader::number));
          }
        });
  }

  void putListVersion(VaultEdit edit, NtpTimestamp version) {
    try (RecordWriter out = new RecordWriter().number(version.bits());
        SecretBytes encoded = out.record("version of the list of " + group)) {
      edit.put(LIST, group.uri(), encoded);
    }
  }

  /// All GMKs of the group; the caller closes them.
  List<GroupMasterKey> gmks() {
    return ofThisGroup(GMK).stream()
        .flatMap(name -> vault.read(GMK, name).stream())
        .map(encoded -> {
          try (encoded) {
            return RecordReader.read(encoded, in -> GmkRecord.read(group, in));
          }
        })
        .toList();
  }

  void putGmk(VaultEdit edit, GroupMasterKey gmk) {
    try (RecordWriter out = new RecordWriter()) {
      GmkRecord.write(out, gmk);
      try (SecretBytes encoded = out.record("GMK")) {
        edit.put(GMK, name(gmk.gmkId()), encoded);
      }
    }
  }

  void removeGmk(VaultEdit edit, int gmkId) {
    edit.remove(GMK, name(gmkId));
  }

  List<BoardEntry> board() {
    return ofThisGroup(DELIVERY).stream()
        .flatMap(name -> vault.read(DELIVERY, name).stream())
        .map(encoded -> {
          try (encoded) {
            return BoardEntry.decode(encoded);
          }
        })
        .toList();
  }

  private List<String> ofThisGroup(String type) {
    String start = group.uri() + ' ';
    return vault.names(type).stream().filter(name -> name.startsWith(start)).toList();
  }

  void putEntry(VaultEdit edit, BoardEntry entry) {
    try (SecretBytes encoded = entry.encode()) {
      edit.put(DELIVERY, name(entry), encoded);
    }
  }

  void removeEntries(VaultEdit edit, Collection<BoardEntry> entries) {
    entries.forEach(entry -> edit.remove(DELIVERY, name(entry)));
  }

  List<RegisteredAddress> addresses() {
    return ofThisGroup(ADDRESS).stream()
        .flatMap(name -> vault.read(ADDRESS, name).stream())
        .map(encoded -> {
          try (encoded) {
            return RecordReader.read(encoded, GroupStore::address);
          }
        })
        .toList();
  }

  private static RegisteredAddress address(RecordReader in) {
    var ue = new Identity(in.text());
    byte[] host = in.octets();
    try {
      var address = new InetSocketAddress(InetAddress.getByAddress(host), in.integer());
      return new RegisteredAddress(ue, address, new NtpTimestamp(in.number()), in.instant());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a stored address has " + host.length + " octets", e);
    }
  }

  void putAddress(VaultEdit edit, RegisteredAddress known) {
    try (RecordWriter out = new RecordWriter();
        SecretBytes encoded =
            out.text(known.ue().uri())
                .octets(known.address().getAddress().getAddress())
                .integer(known.address().getPort())
                .number(known.said().bits())
                .instant(known.until())
                .record("address of " + known.ue())) {
      edit.put(ADDRESS, addressName(known.ue()), encoded);
    }
  }

  void removeAddress(VaultEdit edit, Identity ue) {
    edit.remove(ADDRESS, addressName(ue));
  }

  private String addressName(Identity ue) {
    return group.uri() + ' ' + ue.uri();
  }

  private String name(BoardEntry entry) {
    return name(entry.gmkId()) + ' ' + entry.ue().uri();
  }

  private String name(int gmkId) {
    return group.uri() + ' ' + HexFormat.of().toHexDigits(gmkId);
  }

  /// Removes all of a group's records but the version of its list.
  void clear(VaultEdit edit) {
    edit.remove(GROUP, group.uri()).remove(MEMBERS, group.uri());
    for (String type : List.of(GMK, DELIVERY, ADDRESS)) {
      ofThisGroup(type).forEach(name -> edit.remove(type, name));
    }
  }

  /// The groups that a vault's manager records name.
  static List<Identity> groups(Vault vault) {
    return vault.names(GROUP).stream().map(Identity::new).toList();
  }

  VaultException notThere() {
    return new VaultException(
        vault + " holds no group " + group + "; create it, or open its manager's vault");
  }

  VaultException alreadyThere() {
    return new VaultException(vault + " holds group " + group + " already; open it");
  }
}
