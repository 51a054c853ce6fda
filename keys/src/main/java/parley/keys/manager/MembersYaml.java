package parley.keys.manager;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parley.mikey.identity.Identity;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a members file, with the path of what is wrong in it.
///
/// Read as a tree and walked by hand: binding to classes would report a class, not
/// `members[2].may[0]`.
final class MembersYaml {
  private static final int MOST_MEMBERS = 100_000;
  private static final int MOST_OCTETS = 32 << 20;
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private MembersYaml() {}

  static MemberList read(String yaml) throws WrongSetting {
    JsonNode root = tree(yaml);
    if (!root.isObject()) {
      throw new WrongSetting("", "no members here; write members: [{identity: ..., may: [...]}]");
    }
    requireOnly("", root, Set.of("members"));
    JsonNode list = require("", root, "members", "a list of members, or [] for none");
    requireList("members", list, "a list of {identity: ..., may: [...]}");
    if (list.size() > MOST_MEMBERS) {
      throw new WrongSetting("members", "over " + MOST_MEMBERS + "; split the group");
    }
    return readMembers(list);
  }

  private static JsonNode tree(String yaml) throws WrongSetting {
    if (yaml.length() > MOST_OCTETS) {
      throw new WrongSetting("", "over 32 MiB, which no members file is");
    }
    try {
      return MAPPER.readTree(yaml);
    } catch (JacksonException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
      throw new WrongSetting(where, "no valid YAML (" + firstLine(e.getOriginalMessage()) + ")");
    }
  }

  private static MemberList readMembers(JsonNode list) throws WrongSetting {
    Map<Identity, Integer> seen = new LinkedHashMap<>();
    List<GroupMember> members = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      GroupMember member = readMember("members[" + i + "]", list.get(i));
      Integer before = seen.putIfAbsent(member.identity(), i);
      if (before != null) {
        throw new WrongSetting(
            "members[" + i + "].identity",
            member.identity() + " is members[" + before + "] already; keep one of the two");
      }
      members.add(member);
    }
    return MemberList.of(members);
  }

  private static GroupMember readMember(String path, JsonNode member) throws WrongSetting {
    if (!member.isObject()) {
      throw new WrongSetting(path, "not a member; write {identity: ..., may: [...]}");
    }
    requireOnly(path, member, Set.of("identity", "may"));
    JsonNode identity = require(path, member, "identity", "a URI such as sip:alice@example.org");
    JsonNode may = require(path, member, "may", "for example [talk, listen]");
    return new GroupMember(
        readIdentity(path + ".identity", identity), readPermissions(path + ".may", may));
  }

  private static Identity readIdentity(String path, JsonNode node) throws WrongSetting {
    if (!node.isString()) {
      throw new WrongSetting(path, "not text; write a URI such as sip:alice@example.org");
    }
    try {
      return new Identity(node.asString());
    } catch (IllegalArgumentException e) {
      throw new WrongSetting(path, String.valueOf(e.getMessage()));
    }
  }

  private static Set<Permission> readPermissions(String path, JsonNode list) throws WrongSetting {
    requireList(path, list, "a list, for example [talk, listen]");
    if (list.isEmpty()) {
      throw new WrongSetting(path, "empty; name a permission or remove the member");
    }
    var permissions = EnumSet.noneOf(Permission.class);
    for (int i = 0; i < list.size(); i++) {
      String word = list.get(i).asString("");
      Permission permission = Permission.withWord(word).orElse(null);
      if (permission == null) {
        throw new WrongSetting(
            path + "[" + i + "]",
            "unknown permission \"" + shown(word) + "\"; use talk, listen, relay or manage");
      }
      permissions.add(permission);
    }
    return permissions;
  }

  private static JsonNode require(String path, JsonNode object, String name, String remedy)
      throws WrongSetting {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      throw new WrongSetting(join(path, name), "missing; write " + remedy);
    }
    return value;
  }

  private static void requireList(String path, JsonNode node, String remedy) throws WrongSetting {
    if (!node.isArray()) {
      throw new WrongSetting(path, "not a list; write " + remedy);
    }
  }

  private static void requireOnly(String path, JsonNode object, Set<String> known)
      throws WrongSetting {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw new WrongSetting(
            join(path, shown(name)),
            "unknown setting; use " + String.join(" and ", known.stream().sorted().toList()));
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String firstLine(String text) {
    return shown(text.lines().findFirst().orElse(""));
  }

  private static String shown(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return cut.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
