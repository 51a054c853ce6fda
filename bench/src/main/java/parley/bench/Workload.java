package parley.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import parley.srtp.SrtpProfile;

/// What every contender is given: the same keys, headers and payloads.
///
/// @param streams how many streams, each under a key of its own, the packets come from in turn
record Workload(SrtpProfile profile, int payloadOctets, int streams) {
  /// Batches that are sealed ahead: at least 64 packets of each stream, so that what a fresh
  /// receiver costs hardly counts.
  int sealedBatches() {
    return Math.max(256, 64 * streams / Contender.BATCH);
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
