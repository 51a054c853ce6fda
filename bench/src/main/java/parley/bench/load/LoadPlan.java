package parley.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.Addresses;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Where somebody's gateway is and whose keys put load on it: the file of `--plan`.
record LoadPlan(List<Group> groups) {
  /// A terminal, by its vault; the passphrase file or the key file is there, the other null.
  record Terminal(
      Identity identity, Path vault, @Nullable Path passphraseFile, @Nullable Path keyFile) {}

  record Group(
      Identity id,
      InetSocketAddress to,
      MediaSuite profile,
      Terminal talker,
      Terminal listener,
      List<Leg> listen) {
    Group {
      listen = List.copyOf(listen);
    }
  }

  static final String EXAMPLE =
      """
      # A plan for: parley bench load --plan FILE
      #
      # Who talks and who listens: vaults as 'parley enrol' makes them, which hold the keys of their
      # owners and the group keys that the manager has sent ('parley listen' takes those). Files are
      # found from the place of this one. A passphrase-file may stand for the key-file.
      talker:
        identity: sip:alice@example.org
        vault: {file: alice.vault, key-file: alice.key}
      listener:
        identity: sip:bob@example.org
        vault: {file: bob.vault, key-file: bob.key}

      groups:
        - id: sip:fire-ops@example.org
          # where the gateway listens for this group (its listen: [{unicast: ...}])
          to: 10.0.0.7:5004
          # AEAD_AES_128_GCM where it is not said
          profile: AEAD_AES_128_GCM
          # addresses of this host to which the gateway relays (its relay: [{to: ...}]), or with
          # --join those from which listeners join (its receivers: {max: 2, per-member: 2,
          # per-source: 2} or more); one listener each
          listen: [10.0.0.9:6000, 10.0.0.9:6002]
        - id: sip:medics@example.org
          to: 10.0.0.7:5006
          # a group may have a talker and a listener of its own
          talker:
            identity: sip:carol@example.org
            vault: {file: carol.vault, passphrase-file: carol.pass}
          listen: [10.0.0.9:6004]
        - id: sip:rescue@example.org
          to: 10.0.0.7:5008
          # a multicast group to which the gateway relays, and how many listeners hear it there
          listen: [{multicast: '239.20.0.1:5004', interface: eth1, listeners: 10}]
      """;

  private static final MediaSuite DEFAULT_SUITE = MediaSuite.AEAD_AES_128_GCM;
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  LoadPlan {
    groups = List.copyOf(groups);
  }

  static LoadPlan read(Path file) throws WrongPlan, IOException {
    Path folder = file.toAbsolutePath().getParent();
    return parse(Files.readString(file), folder == null ? Path.of("") : folder, file.toString());
  }

  /// @param folder where relative paths begin
  /// @param name of the file, for messages
  static LoadPlan parse(String text, Path folder, String name) throws WrongPlan {
    try {
      return new Reader(folder, name).plan(YAML.readTree(text));
    } catch (JacksonException e) {
      throw new WrongPlan(name + ": this is no YAML: " + e.getOriginalMessage());
    }
  }

  /// Walks through the file; each error names the place in it.
  private record Reader(Path folder, String name) {
    LoadPlan plan(@Nullable JsonNode root) throws WrongPlan {
      if (root == null || !root.isObject()) {
        throw wrong("", "is no plan; --example-plan prints one");
      }
      known(root, "", "talker", "listener", "groups");
      JsonNode list = root.path("groups");
      if (!list.isArray() || list.isEmpty()) {
        throw wrong("groups", "lists no group");
      }
      List<Group> groups = new ArrayList<>();
      Set<InetSocketAddress> taken = new HashSet<>();
      for (int i = 0; i < list.size(); i++) {
        Group group = group(root, list.get(i), "groups[" + i + "]");
        for (Leg leg : group.listen()) {
          if (leg.isUnicast() && !taken.add(leg.address())) {
            throw wrong("groups[" + i + "].listen", leg.name() + " has a listener already");
          }
        }
        groups.add(group);
      }
      return new LoadPlan(groups);
    }

    private Group group(JsonNode root, JsonNode node, String at) throws WrongPlan {
      known(node, at, "id", "to", "profile", "talker", "listener", "listen");
      JsonNode list = node.path("listen");
      if (!list.isArray() || list.isEmpty()) {
        throw wrong(at + ".listen", "lists no address");
      }
      List<Leg> listen = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        listen.addAll(legs(list.get(i), at + ".listen[" + i + "]"));
      }
      return new Group(
          identity(node, at + ".id", "id"),
          address(text(node, at + ".to", "to"), at + ".to"),
          node.has("profile") ? suite(text(node, at + ".profile", "profile"), at) : DEFAULT_SUITE,
          terminal(root, node, at, "talker"),
          terminal(root, node, at, "listener"),
          listen);
    }

    /// One listener at an address of this host, or some at a multicast group.
    private List<Leg> legs(JsonNode node, String at) throws WrongPlan {
      if (!node.isObject()) {
        return List.of(Leg.unicast(address(node.asString(""), at)));
      }
      known(node, at, "multicast", "interface", "listeners");
      String link = text(node, at + ".interface", "interface");
      JsonNode listeners = node.path("listeners");
      if (node.has("listeners") && (!listeners.isInt() || listeners.asInt() < 1)) {
        throw wrong(at + ".listeners", "is no number of listeners");
      }
      return Collections.nCopies(
          listeners.asInt(1),
          Leg.multicast(multicast(text(node, at + ".multicast", "multicast"), at), link, 1));
    }

    private InetSocketAddress multicast(String text, String at) throws WrongPlan {
      try {
        return Addresses.multicast(text);
      } catch (IllegalArgumentException e) {
        throw wrong(at + ".multicast", "is no multicast address: " + e.getMessage());
      }
    }

    private Terminal terminal(JsonNode root, JsonNode group, String at, String role)
        throws WrongPlan {
      boolean own = group.has(role);
      JsonNode node = own ? group.get(role) : root.get(role);
      String place = own ? at + "." + role : role;
      if (node == null) {
        throw wrong(place, "is missing; give one for all groups, or one for each");
      }
      known(node, place, "identity", "vault");
      JsonNode vault = node.path("vault");
      known(vault, place + ".vault", "file", "key-file", "passphrase-file");
      if (vault.has("key-file") == vault.has("passphrase-file")) {
        throw wrong(place + ".vault", "needs a key-file or a passphrase-file, and not both");
      }
      return new Terminal(
          identity(node, place + ".identity", "identity"),
          path(text(vault, place + ".vault.file", "file")),
          vault.has("passphrase-file")
              ? path(text(vault, place + ".vault.passphrase-file", "passphrase-file"))
              : null,
          vault.has("key-file") ? path(text(vault, place + ".vault.key-file", "key-file")) : null);
    }

    private Path path(String text) {
      return folder.resolve(text);
    }

    private void known(JsonNode node, String at, String... names) throws WrongPlan {
      if (!node.isObject()) {
        throw wrong(at, "is missing, or no mapping");
      }
      Set<String> unknown = new TreeSet<>(node.propertyNames());
      unknown.removeAll(Set.of(names));
      if (!unknown.isEmpty()) {
        String first = unknown.iterator().next();
        throw wrong(
            at.isEmpty() ? first : at + "." + first,
            "is unknown; there are " + String.join(", ", names));
      }
    }

    private String text(JsonNode node, String at, String key) throws WrongPlan {
      JsonNode value = node.path(key);
      if (!value.isValueNode() || value.isNull() || value.asString("").isBlank()) {
        throw wrong(at, "is missing");
      }
      return value.asString();
    }

    private Identity identity(JsonNode node, String at, String key) throws WrongPlan {
      try {
        return new Identity(text(node, at, key));
      } catch (IllegalArgumentException e) {
        throw wrong(at, "is no identity: " + e.getMessage());
      }
    }

    private InetSocketAddress address(String text, String at) throws WrongPlan {
      try {
        return Addresses.destination(text);
      } catch (IllegalArgumentException e) {
        throw wrong(at, "is no unicast address: " + e.getMessage());
      }
    }

    private MediaSuite suite(String text, String at) throws WrongPlan {
      try {
        return MediaSuite.valueOf(text);
      } catch (IllegalArgumentException _) {
        throw wrong(
            at + ".profile",
            text
                + " is unknown; there are "
                + Arrays.stream(MediaSuite.values())
                    .map(MediaSuite::name)
                    .collect(Collectors.joining(", ")));
      }
    }

    private WrongPlan wrong(String at, String sentence) {
      return new WrongPlan(
          at.isEmpty() ? name + " " + sentence : name + ": " + at + " " + sentence);
    }
  }
}
