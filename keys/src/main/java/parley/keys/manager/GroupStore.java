package parley.keys.manager;

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
/// | `group-gmk` | group, GMK-ID | the GMK |
/// | `group-delivery` | group, GMK-ID, UE | [BoardEntry] |
final class GroupStore {
  private static final String GROUP = "group";
  private static final String MEMBERS = "group-members";
  private static final String GMK = "group-gmk";
  private static final String DELIVERY = "group-delivery";

  /// What the `group` record holds.
  record Head(GroupSettings settings, NtpTimestamp lastT) {}

  private final Vault vault;
  private final Identity group;

  GroupStore(Vault vault, Identity group) {
    this.vault = vault;
    this.group = group;
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

  /// All GMKs of the group; the caller closes them.
  List<GroupMasterKey> gmks() {
    return vault.names(GMK).stream()
        .filter(name -> name.startsWith(group.uri() + ' '))
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
    return board(group.uri() + ' ', "");
  }

  /// The lines of one UE.
  List<BoardEntry> boardOf(Identity ue) {
    return board(group.uri() + ' ', ' ' + ue.uri());
  }

  private List<BoardEntry> board(String nameStart, String nameEnd) {
    return vault.names(DELIVERY).stream()
        .filter(name -> name.startsWith(nameStart) && name.endsWith(nameEnd))
        .flatMap(name -> vault.read(DELIVERY, name).stream())
        .map(encoded -> {
          try (encoded) {
            return BoardEntry.decode(encoded);
          }
        })
        .toList();
  }

  void putEntry(VaultEdit edit, BoardEntry entry) {
    try (SecretBytes encoded = entry.encode()) {
      edit.put(DELIVERY, name(entry), encoded);
    }
  }

  void removeEntries(VaultEdit edit, Collection<BoardEntry> entries) {
    entries.forEach(entry -> edit.remove(DELIVERY, name(entry)));
  }

  private String name(BoardEntry entry) {
    return name(entry.gmkId()) + ' ' + entry.ue().uri();
  }

  private String name(int gmkId) {
    return group.uri() + ' ' + HexFormat.of().toHexDigits(gmkId);
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
