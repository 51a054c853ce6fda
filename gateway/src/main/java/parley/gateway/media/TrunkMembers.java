package parley.gateway.media;

import java.util.Arrays;

/// The groups that listen on one trunk, found by tag, each with the chain of its frames of one
/// read. Made anew when a group joins or leaves; the one before stays as it was.
///
/// The table is probed linearly and at most half full: tags are cut from a digest, and nobody but
/// the configuration enters any. Confined to the loop.
final class TrunkMembers {
  private static final int NONE = -1;

  private final TrunkPort[] ports;
  private final int[] first;
  private final int[] last;
  private final long[] tags;
  private final int[] members;

  private TrunkMembers(TrunkPort[] ports) {
    this.ports = ports;
    first = new int[ports.length];
    last = new int[ports.length];
    Arrays.fill(first, NONE);
    int room = Integer.highestOneBit(Math.max(1, ports.length)) * 4;
    tags = new long[room];
    members = new int[room];
    for (int member = 0; member < ports.length; member++) {
      int place = place(ports[member].tag().octets());
      tags[place] = ports[member].tag().octets();
      members[place] = member;
    }
  }

  static TrunkMembers none() {
    return new TrunkMembers(new TrunkPort[0]);
  }

  /// @throws IllegalStateException when its group is here already
  TrunkMembers with(TrunkPort port) {
    if (find(port.tag().octets()) >= 0) {
      throw new IllegalStateException("the tag " + port.tag() + " is taken");
    }
    TrunkPort[] more = Arrays.copyOf(ports, ports.length + 1);
    more[ports.length] = port;
    return new TrunkMembers(more);
  }

  TrunkMembers without(TrunkPort port) {
    return new TrunkMembers(
        Arrays.stream(ports).filter(one -> !one.equals(port)).toArray(TrunkPort[]::new));
  }

  /// The member's number; negative when there is none of this tag.
  int find(long tag) {
    int place = place(tag);
    return tags[place] == tag ? members[place] : NONE;
  }

  /// Where the tag is, or where it would be; 0 is no tag.
  private int place(long tag) {
    int place = (int) tag & (tags.length - 1);
    while (tags[place] != tag && tags[place] != 0) {
      place = (place + 1) & (tags.length - 1);
    }
    return place;
  }

  TrunkPort port(int member) {
    return ports[member];
  }

  TrunkPort[] ports() {
    return ports;
  }

  /// Adds a frame to the member's chain, which `next` holds.
  ///
  /// @return whether it is the first
  boolean append(int member, int frame, int[] next) {
    boolean isFirst = first[member] == NONE;
    if (isFirst) {
      first[member] = frame;
    } else {
      next[last[member]] = frame;
    }
    last[member] = frame;
    return isFirst;
  }

  /// The begin of the member's chain, which is empty afterwards.
  int takeFirst(int member) {
    int frame = first[member];
    first[member] = NONE;
    return frame;
  }
}
