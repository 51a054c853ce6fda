package parley.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import parley.srtp.SrtpProfile;

/// What every contender is given: the same keys, headers and payloads.
///
/// @param streams how many streams, each under a key of its own, the packets come from in turn; a
///   divisor of 32 or a multiple, so that a slot of a batch always has the same stream
record Workload(SrtpProfile profile, int payloadOctets, int streams) {
  /// Batches of 32 packets that are measured at a time.
  static final int LAP = 256;

  /// Packets in clear that are protected over and over, with the next sequence numbers: as many for
  /// one stream as for a thousand.
  static final int PLAIN = 1024;

  Workload {
    if (streams < 1
        || PLAIN % streams != 0
        || (Contender.BATCH % streams != 0 && streams % Contender.BATCH != 0)) {
      throw new IllegalArgumentException(
          "%d streams do not share batches of %d evenly".formatted(streams, Contender.BATCH));
    }
  }

  /// Batches that are sealed ahead, as many for one stream as for a thousand: both read the same
  /// memory.
  int sealedBatches() {
    return LAP;
  }

  /// Which octet of a sealed packet to spoil, counted from its end, so that `number` by `number`
  /// each octet of the tag has its turn: 1 to the length of the tag.
  int spoiltFromEnd(int number) {
    return 1 + number % profile.srtpTagOctets();
  }

  /// The bit that is flipped in it.
  byte spoiltBit(int number) {
    return (byte) (1 << (number / profile.srtpTagOctets()) % 8);
  }

  int packetOctets() {
    return Contender.HEADER_OCTETS + payloadOctets;
  }

  int ssrc(int stream) {
    return 0xcafe_0000 | stream;
  }

  byte[] key(int stream) {
    return octets(profile.masterKeyOctets(), 2L * stream);
  }

  byte[] salt(int stream) {
    return octets(profile.masterSaltOctets(), 2L * stream + 1);
  }

  private static byte[] octets(int length, long seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  /// A packet in clear with sequence number 0.
  byte[] packet(int stream) {
    byte[] packet = octets(packetOctets(), ~stream);
    ByteBuffer.wrap(packet).putShort((short) 0x8060).putShort((short) 0).putInt(8, ssrc(stream));
    return packet;
  }
}
