package parley.gateway;

/// A group that is served: what it was told, and the plane that does it.
record ServedGroup(GroupSetup setup, GroupPlane plane) {}
