package parley.bench;

import java.util.Random;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.MasterKey;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// An endless stream of good packets, and the machinery that protects and unprotects it.
///
/// No packet is ever accepted twice by one receiver: 256 sealed batches are made ahead, and each
/// round over them has a receiver of its own that begins without an index, as after a join.
final class PacketSource implements AutoCloseable {
  static final int BATCH = 32;
  private static final int BATCHES = 256;
  private static final int HEADER_OCTETS = 12;
  private static final int SSRC = 0xcafe_babe;
  private static final int MKI_OCTETS = 4;

  private final SrtpSession session;
  private final SrtpTransform transform;
  private final PacketBatch plain;
  private final PacketBatch output;
  private final PacketBatch[] sealed = new PacketBatch[BATCHES];
  private final SrtpContext sender;
  private SrtpContext receiver;
  private int sequence;
  private int next;

  private PacketSource(SrtpProfile profile, int payloadOctets) {
    CipherEngine engine = CipherEngines.select("auto");
    var policy = new SrtpPolicy(profile, false, MKI_OCTETS);
    try (MasterKey key = key(profile)) {
      session = SrtpSession.of(policy, key, engine);
    }
    transform = new SrtpTransform(engine, BATCH);
    int slotOctets = HEADER_OCTETS + payloadOctets + policy.srtpTrailerOctets();
    plain = PacketBatch.allocate(BATCH, slotOctets);
    output = PacketBatch.allocate(BATCH, slotOctets);
    sender = SrtpContext.sender(session, SSRC, 0);
    receiver = SrtpContext.receiver(session, SSRC);
    for (int slot = 0; slot < BATCH; slot++) {
      plain.add(packet(payloadOctets));
      output.add(HEADER_OCTETS);
    }
    for (int i = 0; i < BATCHES; i++) {
      sealed[i] = PacketBatch.allocate(BATCH, slotOctets);
      protectInto(sealed[i]);
    }
  }

  static PacketSource of(String profile, int payloadOctets) {
    return new PacketSource(SrtpProfile.valueOf(profile), payloadOctets);
  }

  /// Protects the next 32 packets; the number that succeeded.
  int protectNext() {
    protectInto(output);
    return BATCH;
  }

  /// Unprotects 32 packets of the stream; the number that succeeded.
  int unprotectNext() {
    if (next == BATCHES) {
      next = 0;
      receiver = SrtpContext.receiver(session, SSRC);
    }
    PacketBatch batch = sealed[next++];
    for (int slot = 0; slot < BATCH; slot++) {
      batch.context(slot, receiver);
    }
    transform.unprotect(batch, output);
    return requireAccepted(batch);
  }

  private void protectInto(PacketBatch to) {
    for (int slot = 0; slot < BATCH; slot++) {
      plain.buffer().putShort(plain.offset(slot) + 2, (short) sequence++);
      plain.context(slot, sender);
    }
    transform.protect(plain, to);
    requireAccepted(plain);
  }

  /// A benchmark of refusals would look fast: each run shows that every packet passed.
  private static int requireAccepted(PacketBatch batch) {
    for (int slot = 0; slot < BATCH; slot++) {
      if (batch.verdict(slot) != Verdict.ACCEPTED) {
        throw new IllegalStateException("slot " + slot + " is " + batch.verdict(slot));
      }
    }
    return BATCH;
  }

  private static MasterKey key(SrtpProfile profile) {
    var random = new Random(1);
    var key = new byte[profile.masterKeyOctets()];
    var salt = new byte[profile.masterSaltOctets()];
    random.nextBytes(key);
    random.nextBytes(salt);
    return MasterKey.of(profile, key, salt, new byte[] {(byte) 0xf0, 0, 0, 1});
  }

  private static byte[] packet(int payloadOctets) {
    var packet = new byte[HEADER_OCTETS + payloadOctets];
    new Random(2).nextBytes(packet);
    packet[0] = (byte) 0x80;
    packet[1] = 96;
    for (int i = 0; i < 4; i++) {
      packet[8 + i] = (byte) (SSRC >>> (24 - 8 * i));
    }
    return packet;
  }

  @Override
  public void close() {
    session.close();
  }
}
