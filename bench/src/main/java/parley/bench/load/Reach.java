package parley.bench.load;

/// How the gateway's media comes to the listeners of a group.
enum Reach {
  /// Each is a relay leg of the gateway's configuration.
  NAMED("relay legs of its configuration"),
  /// Each says JOIN to the gateway (wire profile, section 7).
  JOINED("receivers that joined"),
  /// One relay leg is a multicast group, which all of them hear.
  MULTICAST("hearers of a multicast group");

  private final String label;

  Reach(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
