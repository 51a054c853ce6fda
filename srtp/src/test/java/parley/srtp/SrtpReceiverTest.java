package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.BAD_TAG;
import static parley.srtp.Verdict.EXPIRED;
import static parley.srtp.Verdict.NO_CONTEXT;
import static parley.srtp.Verdict.REPLAYED;
import static parley.srtp.Verdict.STALE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SrtpReceiverTest {
  private final SrtpSession session = Streams.session(Streams.gcm());
  private final SrtpSession withRoc =
      Streams.session(new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, true, 4));

  static List<SrtpPolicy> policies() {
    return Streams.policies();
  }

  private static List<byte[]> sent(SrtpSession session, long first, int count) {
    SrtpContext sender = SrtpContext.sender(session, SSRC, first);
    List<byte[]> packets = new ArrayList<>();
    for (long index = first; index < first + count; index++) {
      packets.add(Streams.protect(sender, Streams.rtp(SSRC, index)));
    }
    return packets;
  }

  private static PacketBatch batch(CryptoContext context, List<byte[]> packets) {
    PacketBatch batch = PacketBatch.allocate(packets.size(), 128);
    for (byte[] packet : packets) {
      batch.context(batch.add(packet), context);
    }
    Streams.transform(context, packets.size()).unprotect(batch, batch);
    return batch;
  }

  private static List<Verdict> verdicts(PacketBatch batch) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int slot = 0; slot < batch.size(); slot++) {
      verdicts.add(batch.verdict(slot));
    }
    return verdicts;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void followsTheRolloverCounterAcrossAWrap(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    for (byte[] packet : sent(session, 0xfff0, 32)) {
      assertThat(Streams.unprotect(receiver, packet)).isEqualTo(ACCEPTED);
    }
    assertThat(receiver.highestIndex()).isEqualTo(0x1_000f);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void followsAWrapInsideTheFirstBatch(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    PacketBatch batch = batch(receiver, sent(session, 0xfff0, 32));
    assertThat(verdicts(batch)).containsOnly(ACCEPTED);
    for (int slot = 0; slot < 32; slot++) {
      assertThat(batch.octets(slot)).isEqualTo(Streams.rtp(SSRC, 0xfff0 + slot));
      assertThat(batch.packetIndex(slot)).isEqualTo(0xfff0 + slot);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void takesPacketsReorderedAroundAWrap(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x3_fff0);
    List<byte[]> packets = new ArrayList<>(sent(session, 0x3_fff0, 64));
    Collections.shuffle(packets, new Random(3));
    for (byte[] packet : packets) {
      assertThat(Streams.unprotect(receiver, packet)).isEqualTo(ACCEPTED);
    }
    assertThat(receiver.highestIndex()).isEqualTo(0x4_002f);
  }

  @Test
  void aLateJoinerWithoutSeedCannotKnowTheRolloverCounter() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    assertThat(Streams.unprotect(receiver, sent(session, 0x5_0010, 1).getFirst()))
        .isEqualTo(BAD_TAG);
    assertThat(receiver.hasAuthenticated()).isFalse();
  }

  @Test
  void aLateJoinerIsSeededByTheSignedIndex() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x5_0000);
    assertThat(Streams.unprotect(receiver, sent(session, 0x5_0010, 1).getFirst()))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void aSeedSignedBeforeTheWrapServesAPacketSentAfterIt() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x4_fffa);
    assertThat(Streams.unprotect(receiver, sent(session, 0x5_0002, 1).getFirst()))
        .isEqualTo(ACCEPTED);
    SrtpContext other = SrtpContext.receiver(session, SSRC, 0x5_0002);
    assertThat(Streams.unprotect(other, sent(session, 0x4_fffa, 1).getFirst())).isEqualTo(ACCEPTED);
  }

  @Test
  void aSeedNeverOverridesAnAuthenticatedPacket() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x5_0000);
    assertThat(Streams.unprotect(receiver, sent(session, 0x5_0010, 1).getFirst()))
        .isEqualTo(ACCEPTED);
    receiver.seed(0x9_0000);
    assertThat(Streams.unprotect(receiver, sent(session, 0x5_0011, 1).getFirst()))
        .isEqualTo(ACCEPTED);
    assertThat(receiver.highestIndex()).isEqualTo(0x5_0011);
  }

  @Test
  void aNewerSeedReplacesAnOlderOneUntilAPacketAuthenticates() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x5_0000);
    receiver.seed(0x9_0000);
    assertThat(Streams.unprotect(receiver, sent(session, 0x9_0001, 1).getFirst()))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void rccm3LetsALateJoinerInWithoutSeed() {
    SrtpContext receiver = SrtpContext.receiver(withRoc, SSRC);
    assertThat(Streams.unprotect(receiver, sent(withRoc, 0xabcd_0010L, 1).getFirst()))
        .isEqualTo(ACCEPTED);
    assertThat(receiver.highestIndex()).isEqualTo(0xabcd_0010L);
  }

  @Test
  void rccm3TakesTheCounterOfThePacketAndNotTheSeed() {
    SrtpContext receiver = SrtpContext.receiver(withRoc, SSRC, 0x7_0000);
    assertThat(Streams.unprotect(receiver, sent(withRoc, 0x2_0010, 1).getFirst()))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void ofTwoEqualPacketsInOneBatchOneIsAccepted() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    byte[] packet = sent(session, 9, 1).getFirst();
    assertThat(verdicts(batch(receiver, List.of(packet, packet))))
        .containsExactly(ACCEPTED, REPLAYED);
  }

  /// Random batches of repeats, forgeries and reordered packets of a stream that begins just before
  /// a wrap.
  @Test
  void aBatchAcceptsEachPacketOnceAndAllThatOneByOneWouldBeAccepted() {
    List<byte[]> packets = sent(session, 0xffe0, 64);
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<byte[]> arrivals = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        byte[] packet = packets.get(random.nextInt(64)).clone();
        packet[20] ^= (byte) (random.nextInt(5) == 0 ? 1 : 0);
        arrivals.add(packet);
      }
      SrtpContext alone = SrtpContext.receiver(session, SSRC);
      List<Long> oneByOne = acceptedIndexes(alone, arrivals.stream().map(List::of).toList());
      SrtpContext together = SrtpContext.receiver(session, SSRC);
      List<Long> inOneBatch = acceptedIndexes(together, List.of(arrivals));
      assertThat(inOneBatch).as("seed %d", seed).doesNotHaveDuplicates().containsAll(oneByOne);
    }
  }

  private static List<Long> acceptedIndexes(SrtpContext receiver, List<List<byte[]>> batches) {
    List<Long> accepted = new ArrayList<>();
    for (List<byte[]> packets : batches) {
      PacketBatch batch = batch(receiver, packets);
      for (int slot = 0; slot < batch.size(); slot++) {
        if (batch.verdict(slot) == ACCEPTED) {
          assertThat(batch.octets(slot)).isEqualTo(Streams.rtp(SSRC, batch.packetIndex(slot)));
          accepted.add(batch.packetIndex(slot));
        }
      }
    }
    return accepted;
  }

  @Test
  void refusesWhatLeftTheReplayList() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    List<byte[]> packets = sent(session, 0, ReplayList.WINDOW + 1);
    assertThat(Streams.unprotect(receiver, packets.getLast())).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, packets.get(1))).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, packets.get(0))).isEqualTo(STALE);
  }

  @Test
  void aBatchMixesStreamsKeysAndProfiles() {
    List<SrtpPolicy> policies = Streams.policies();
    PacketBatch from = PacketBatch.allocate(3 * policies.size() + 1, 128);
    PacketBatch to = PacketBatch.allocate(3 * policies.size() + 1, 128);
    for (SrtpPolicy policy : policies) {
      SrtpSession session = Streams.session(policy);
      SrtpContext srtp = SrtpContext.receiver(session, SSRC);
      for (byte[] packet : sent(session, 40, 2)) {
        from.context(from.add(packet), srtp);
      }
      byte[] rtcp = Streams.protect(SrtcpContext.sender(session, SSRC), Streams.rtcp(SSRC));
      from.context(from.add(rtcp), SrtcpContext.receiver(session, SSRC));
    }
    from.add(Streams.rtp(SSRC, 1));
    new SrtpTransform(Streams.ENGINE, from.size()).unprotect(from, to);

    for (int slot = 0; slot < from.size() - 1; slot += 3) {
      assertThat(to.octets(slot)).isEqualTo(Streams.rtp(SSRC, 40));
      assertThat(to.octets(slot + 1)).isEqualTo(Streams.rtp(SSRC, 41));
      assertThat(to.octets(slot + 2)).isEqualTo(Streams.rtcp(SSRC));
    }
    assertThat(to.verdict(to.size() - 1)).isEqualTo(NO_CONTEXT);
  }

  @Test
  void theReceivedOctetsStayForForwarding() {
    List<byte[]> packets = sent(session, 0, 4);
    PacketBatch from = PacketBatch.allocate(4, 128);
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    packets.forEach(packet -> from.context(from.add(packet), receiver));
    new SrtpTransform(Streams.ENGINE, 4).unprotect(from, PacketBatch.allocate(8, 128));
    for (int slot = 0; slot < 4; slot++) {
      assertThat(from.octets(slot)).isEqualTo(packets.get(slot));
    }
  }

  @Test
  void aSlotTooSmallForThePlaintextIsRefusedBeforeAnyState() {
    byte[] packet = sent(session, 9, 1).getFirst();
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    PacketBatch from = PacketBatch.allocate(1, 128);
    from.context(from.add(packet), receiver);
    new SrtpTransform(Streams.ENGINE, 1).unprotect(from, PacketBatch.allocate(1, 20));
    assertThat(from.verdict(0)).isEqualTo(Verdict.NO_ROOM);
    assertThat(receiver.hasAuthenticated()).isFalse();
  }

  @Test
  void aClosedSessionAcceptsNothing() {
    List<byte[]> packets = sent(session, 0, 2);
    SrtpSession other = Streams.session(Streams.gcm());
    SrtpContext receiver = SrtpContext.receiver(other, SSRC);
    assertThat(Streams.unprotect(receiver, packets.get(0))).isEqualTo(ACCEPTED);
    other.close();
    assertThat(Streams.unprotect(receiver, packets.get(1))).isEqualTo(EXPIRED);
  }

  @Test
  void aKeyExpiresAfterItsLastPacketEvenInsideABatch() {
    List<byte[]> packets = sent(session, 0, 3);
    SrtpSession other = Streams.session(Streams.gcm());
    other.srtp().packetsLeft(2);
    SrtpContext receiver = SrtpContext.receiver(other, SSRC);
    assertThat(verdicts(batch(receiver, packets))).containsExactly(ACCEPTED, ACCEPTED, EXPIRED);
  }

  @Test
  void aSenderCannotUnprotect() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, 0);
    byte[] packet = sent(session, 0, 1).getFirst();
    assertThatThrownBy(() -> Streams.unprotect(sender, packet))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aContextOfAnotherEngineIsRefused() {
    PacketBatch batch = PacketBatch.allocate(1, 128);
    batch.context(batch.add(sent(session, 0, 1).getFirst()), SrtpContext.receiver(session, SSRC));
    SrtpTransform other = new SrtpTransform(CipherEngines.jce(), 1);
    assertThatThrownBy(() -> other.unprotect(batch, batch))
        .isInstanceOf(IllegalStateException.class);
  }
}
