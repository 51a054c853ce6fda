package parley.gateway.media;

import java.net.InetSocketAddress;

/// What the media plane tells keying. Called on the group's loop, after the batch in which it
/// happened has been sent on, so that every call may install and retire.
public interface MediaEvents {
  /// The talker said BYE. The burst goes on until it is retired.
  void bye(Burst burst);

  /// Packets come that no announcement explains; told at most once a second in each group.
  ///
  /// @param mki the last four octets of the packet, where most profiles have the MKI: a hint
  void unknownStream(int ssrc, int mki, InetSocketAddress source);

  /// Alarm: two packets of one index, with different octets, both authenticate. Two transmitters
  /// share a key, or somebody resumed one.
  void ivReuse(Burst burst, int ssrc);

  void firstPacket(Burst burst);
}
