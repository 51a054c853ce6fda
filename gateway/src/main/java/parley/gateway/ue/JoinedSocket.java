package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;

/// The socket on which a group is heard, for the [Joiner] that has a gateway send there, and who
/// wants to know what becomes of it.
public interface JoinedSocket {
  Identity group();

  /// Where the joiner does everything; it calls all others there.
  EventLoop loop();

  /// Sends these octets from this socket, now.
  void say(byte[] octets, InetSocketAddress to);

  /// The gateway vouches for these announcements, by their short keys, though they are older than
  /// this receiver.
  void vouch(List<Octets> running);

  /// The gateway sends the group's media here. A sentence for people.
  void joined(String sentence);

  /// It does not, not yet or not any more; the joiner goes on trying. `why` and `then`, which comes
  /// right behind it and may be empty, are one sentence for people.
  void notJoined(String why, String then);
}
