package parley.keys.kms.message;

import parley.mikey.identity.Identity;

/// A group that the client belongs to (our extension `<GroupList>`).
///
/// @param manager who signs for the group; the group itself where it has no other
/// @param managerAddress where its manager is reached, a URL or `udp:host:port`; public
/// @param kmsUri the KMS of the group's manager
public record GroupEntry(Identity group, Identity manager, String managerAddress, String kmsUri) {
  static GroupEntry read(XmlCursor in) throws MalformedKmsMessage {
    Fields fields = new Fields(in);
    in.enter(Names.PARLEY, "Group");
    in.noMoreAttributes();
    Identity group = identity(in, "GroupUri");
    Identity manager = identity(in, "ManagerUri");
    String address = fields.ownUri("ManagerAddress");
    String kmsUri = fields.ownUri("GroupKmsUri");
    in.leave();
    return new GroupEntry(group, manager, address, kmsUri);
  }

  private static Identity identity(XmlCursor in, String name) throws MalformedKmsMessage {
    try {
      return new Identity(new Fields(in).ownUri(name));
    } catch (IllegalArgumentException _) {
      throw in.refused("<" + name + "> is no canonical identity");
    }
  }

  void write(XmlWriter out) {
    out.open(Names.PARLEY, "Group")
        .element(Names.PARLEY, "GroupUri", group)
        .element(Names.PARLEY, "ManagerUri", manager)
        .element(Names.PARLEY, "ManagerAddress", managerAddress)
        .element(Names.PARLEY, "GroupKmsUri", kmsUri)
        .close("Group");
  }
}
