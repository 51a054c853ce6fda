package parley.gateway.media;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory into which a trunk receives: each message may be a run of datagrams of one length
/// that the kernel has joined (UDP_GRO in udp(7)), or that another gateway of this host has sent as
/// one. Confined to the loop; allocates nothing.
final class TrunkRing {
  static final int MESSAGES = 16;

  /// The most datagrams that the kernel joins.
  private static final int MOST_SEGMENTS = 64;

  /// Room for what is longest in UDP.
  private static final int BUFFER_OCTETS = 1 << 16;

  private final MemorySegment buffers =
      Arena.ofAuto().allocate((long) MESSAGES * BUFFER_OCTETS, Long.BYTES);
  private final ReceiveHeaders headers;
  private int joined = MOST_SEGMENTS;
  private boolean wasFilled;

  TrunkRing(UnixNanos clock) {
    headers = new ReceiveHeaders(MESSAGES, clock);
    for (int i = 0; i < MESSAGES; i++) {
      headers.place(i, buffers.address() + (long) i * BUFFER_OCTETS, BUFFER_OCTETS);
    }
  }

  /// Receives about as many frames as `most`, going by how many the last read had joined, and has
  /// `inbox` note them; counts them there with their messages.
  ///
  /// @return how many frames came, those among them that are dropped; not positive for none
  int read(LinuxCalls calls, int fd, int most, TrunkInbox inbox, TrunkCounters counters) {
    int wanted = Math.clamp(most / joined, 1, MESSAGES);
    int came = headers.receive(calls, fd, wanted);
    wasFilled = came == wanted;
    if (came <= 0) {
      return 0;
    }
    inbox.begin(buffers, headers);
    int frames = 0;
    int longest = 1;
    for (int i = 0; i < came; i++) {
      int segments = note(i, inbox);
      frames += segments;
      longest = Math.max(longest, segments);
    }
    joined = longest;
    counters.carried(frames, came);
    return frames;
  }

  private int note(int message, TrunkInbox inbox) {
    headers.read(message);
    long nanos = headers.receivedUnixNanos();
    long from = (long) message * BUFFER_OCTETS;
    int octets = Math.clamp(headers.octets(message), 0, BUFFER_OCTETS);
    int joinedOf = headers.segmentOctets();
    int each = joinedOf > 0 ? joinedOf : Math.max(1, octets);
    int segments = 0;
    int done = 0;
    do { // an empty datagram is a frame too
      inbox.add(from + done, Math.min(each, octets - done), message, nanos);
      segments++;
      done += each;
    } while (done < octets);
    return segments;
  }

  /// Whether the last read brought as much as was asked for.
  boolean wasFilled() {
    return wasFilled;
  }

  int takeOverflow() {
    return headers.takeOverflow();
  }
}
