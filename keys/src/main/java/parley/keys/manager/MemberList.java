package parley.keys.manager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import parley.mikey.identity.Identity;

/// Who belongs to a group and may do what. Immutable; keeps the order of the file.
///
/// ```yaml
/// members:
///   - {identity: 'sip:alice@example.org', may: [talk, listen]}
///   - {identity: 'sip:gpe1@example.org', may: [listen, relay]}
/// ```
public final class MemberList {
  private final Map<Identity, GroupMember> members;

  private MemberList(Map<Identity, GroupMember> members) {
    this.members = members;
  }

  /// A list of these members.
  ///
  /// @throws IllegalArgumentException if an identity is there twice
  public static MemberList of(Collection<GroupMember> members) {
    var byIdentity = new LinkedHashMap<Identity, GroupMember>();
    for (GroupMember member : members) {
      if (byIdentity.put(member.identity(), member) != null) {
        throw new IllegalArgumentException(member.identity() + " is a member twice");
      }
    }
    return new MemberList(byIdentity);
  }

  /// Reads a members file whole, or says which setting is wrong.
  public static MemberList load(Path file) throws WrongSetting, IOException {
    String yaml = Files.readString(file);
    try {
      return parse(yaml);
    } catch (WrongSetting e) {
      throw e.in(file);
    }
  }

  /// Reads the content of a members file.
  public static MemberList parse(String yaml) throws WrongSetting {
    return MembersYaml.read(yaml);
  }

  /// Replaces `file` by this list: it holds the old content or the new one, whatever happens.
  public void save(Path file) throws IOException {
    write(file, toYaml());
  }

  /// Replaces the content of a members file, as [#save] does.
  public static void write(Path file, String yaml) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(yaml.getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel renamed = FileChannel.open(folder, StandardOpenOption.READ)) {
        renamed.force(true);
      }
    }
  }

  /// The content of a members file that [#parse] reads back to an equal list.
  public String toYaml() {
    return members.values().stream()
        .map(MemberList::yamlLine)
        .collect(Collectors.joining("", members.isEmpty() ? "members: []\n" : "members:\n", ""));
  }

  private static String yamlLine(GroupMember member) {
    String quoted = "'" + member.identity().uri().replace("'", "''") + "'";
    String words =
        Arrays.stream(Permission.values())
            .filter(member::may)
            .map(Permission::word)
            .collect(Collectors.joining(", ", "[", "]"));
    return "  - {identity: " + quoted + ", may: " + words + "}\n";
  }

  public List<GroupMember> members() {
    return List.copyOf(members.values());
  }

  public Optional<GroupMember> find(Identity identity) {
    return Optional.ofNullable(members.get(identity));
  }

  /// What `identity` may do: nothing where it is no member.
  public Set<Permission> permissions(Identity identity) {
    return find(identity).map(GroupMember::permissions).orElseGet(Collections::emptySet);
  }

  public boolean may(Identity identity, Permission permission) {
    return permissions(identity).contains(permission);
  }

  /// This list with `member` added, or put in the place of the one with the same identity.
  public MemberList with(GroupMember member) {
    var changed = new LinkedHashMap<>(members);
    changed.put(member.identity(), member);
    return new MemberList(changed);
  }

  /// This list without `identity`.
  public MemberList without(Identity identity) {
    var changed = new LinkedHashMap<>(members);
    changed.remove(identity);
    return new MemberList(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemberList that && members().equals(that.members());
  }

  @Override
  public int hashCode() {
    return members().hashCode();
  }

  @Override
  public String toString() {
    return "MemberList" + members();
  }
}
