package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.BAD_TAG;
import static parley.srtp.Verdict.NO_CONTEXT;
import static parley.srtp.Verdict.REPLAYED;
import static parley.srtp.Verdict.STALE;

import java.time.Duration;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class SrtpContextsTest {
  private static final int BATCH = 8;

  private final SrtpSession session = Streams.session(Streams.gcm());
  private long nanos = Long.MAX_VALUE - 5;
  private final SrtpContexts contexts =
      new SrtpContexts(Streams.ENGINE, BATCH, 3, Duration.ofSeconds(30), () -> nanos);
  private final PacketBatch batch = PacketBatch.allocate(BATCH, 128);

  SrtpContextsTest() {
    contexts.add(session);
  }

  private void seconds(long seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  private byte[] rtp(int ssrc, long index) {
    SrtpSession sender = Streams.session(Streams.gcm());
    return Streams.protect(SrtpContext.sender(sender, ssrc, index), Streams.rtp(ssrc, index));
  }

  private byte[] rtcp(int ssrc) {
    return Streams.protect(SrtcpContext.sender(session, ssrc), Streams.rtcp(ssrc));
  }

  private void unprotect(byte[]... packets) {
    batch.clear();
    for (byte[] packet : packets) {
      batch.add(packet);
    }
    contexts.unprotect(batch, batch);
  }

  @Test
  void findsRtpAndRtcpOnOnePort() {
    byte[] first = rtp(SSRC, 5);
    unprotect(first, rtcp(SSRC), rtp(SSRC, 6), first);
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(3)).isEqualTo(REPLAYED);
    assertThat(batch.octets(1)).isEqualTo(Streams.rtcp(SSRC));
    assertThat(contexts.size()).isEqualTo(2);
    unprotect(first, rtp(SSRC, 7));
    assertThat(batch.verdict(0)).isEqualTo(REPLAYED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
  }

  @Test
  void failedAuthenticationLeavesNoContext() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] forged = rtp(random.nextInt(), 5);
      forged[20] ^= 1;
      unprotect(forged);
      assertThat(batch.verdict(0)).isEqualTo(BAD_TAG);
    }
    assertThat(contexts.size()).isZero();
  }

  @Test
  void aFloodOfForgedPacketsAllocatesNothing() {
    PacketBatch flood = PacketBatch.allocate(BATCH, 128);
    byte[] forged = rtp(SSRC, 5);
    forged[20] ^= 1;
    for (int slot = 0; slot < BATCH; slot++) {
      flood.add(forged);
    }
    SrtpContexts guarded = new SrtpContexts(RefusingEngine.ONE, BATCH, 3);
    guarded.add(Streams.session(Streams.gcm(), 1, RefusingEngine.ONE));
    Random random = new Random(2);
    LongConsumer round =
        _ -> {
          for (int slot = 0; slot < BATCH; slot++) {
            RtpPacket.ssrc(flood.memory(), flood.offset(slot), random.nextInt());
          }
          guarded.unprotect(flood, flood);
        };
    assertThat(TransformAllocationTest.octetsPerPacket(round)).isZero();
    assertThat(flood.verdict(BATCH - 1)).isEqualTo(BAD_TAG);
    assertThat(guarded.size()).isZero();
  }

  @Test
  void neverHoldsMoreContextsThanItsBoundWhileAllAreHeard() {
    unprotect(rtp(1, 5), rtp(2, 5), rtp(3, 5));
    assertThat(contexts.size()).isEqualTo(3);
    unprotect(rtp(4, 5), rtp(1, 6));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(contexts.size()).isEqualTo(3);
  }

  @Test
  void strangersDoNotTakeTheRoomOfANewStreamInTheirBatch() {
    unprotect(rtp(1, 5), rtp(2, 5));
    byte[][] packets = new byte[BATCH][];
    for (int i = 0; i < BATCH - 1; i++) {
      packets[i] = rtp(100 + i, 5);
      packets[i][20] ^= 1;
    }
    packets[BATCH - 1] = rtp(3, 5);
    unprotect(packets);
    assertThat(batch.verdict(BATCH - 2)).isEqualTo(BAD_TAG);
    assertThat(batch.verdict(BATCH - 1)).isEqualTo(ACCEPTED);
  }

  @Test
  void aNewStreamTakesThePlaceOfTheOneSilentLongest() {
    unprotect(rtp(1, 5));
    seconds(10);
    unprotect(rtp(2, 5), rtp(3, 5));
    seconds(15);
    unprotect(rtp(1, 6));
    seconds(14);
    unprotect(rtp(4, 5));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    seconds(1);
    unprotect(rtp(4, 5), rtp(5, 5));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    unprotect(rtp(6, 5));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    unprotect(rtp(1, 7), rtp(4, 6), rtp(5, 6));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    assertThat(contexts.size()).isEqualTo(3);
  }

  @Test
  void aForgedFloodNeitherEvictsNorKeepsAStreamAlive() {
    byte[] heard = rtp(1, 5);
    unprotect(heard, rtp(2, 5), rtp(3, 5));
    seconds(40);
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      byte[] forged = rtp(random.nextInt(), 5);
      forged[20] ^= 1;
      byte[] forgedOfAStream = rtp(1, 6 + i);
      forgedOfAStream[20] ^= 1;
      unprotect(forged, forgedOfAStream, heard);
      assertThat(batch.verdict(0)).isEqualTo(BAD_TAG);
      assertThat(batch.verdict(1)).isEqualTo(BAD_TAG);
      assertThat(batch.verdict(2)).isEqualTo(REPLAYED);
    }
    unprotect(rtp(2, 6), rtp(3, 6));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    unprotect(rtp(4, 5));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    unprotect(rtp(2, 7), rtp(3, 7));
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
  }

  @Test
  void whatAnEvictedStreamSentIsRefusedForEverAndDrivesNobodyOut() {
    byte[] old = rtp(1, 5);
    byte[] oldReport = rtcp(1);
    unprotect(old, oldReport, rtp(1, 4_000));
    seconds(31);
    unprotect(rtp(2, 5), rtp(3, 5), rtp(4, 5));
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    seconds(31);
    for (int i = 0; i < 100; i++) {
      unprotect(old, oldReport, rtp(1, 3_999));
      assertThat(batch.verdict(0)).isEqualTo(STALE);
      assertThat(batch.verdict(1)).isEqualTo(REPLAYED);
      assertThat(batch.verdict(2)).isEqualTo(REPLAYED);
    }
    unprotect(rtp(2, 6), rtp(3, 6), rtp(4, 6));
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    seconds(31);
    unprotect(rtp(1, 4_001));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(contexts.size()).isEqualTo(3);
  }

  @Test
  void remembersSoManyStreamsAndThenTakesNoNewOneUntilASessionGoes() {
    int ssrc = 1;
    for (; ssrc <= 12; ssrc++) {
      unprotect(rtp(ssrc, 5));
      assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
      seconds(31);
    }
    unprotect(rtp(ssrc, 5));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    unprotect(rtp(3, 6), rtp(3, 5));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(REPLAYED);
    contexts.remove(session);
    contexts.add(session);
    unprotect(rtp(ssrc, 5));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
  }

  @Test
  void aStreamChangesItsMasterKeyOnTheFlyAndBack() {
    SrtpSession next = other(2, 9);
    contexts.addSuccessor(next, session);
    unprotect(rtp(SSRC, 0xfffe), rtp(SSRC, 0xffff));
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    for (long index = 0x1_0000; index < 0x3_0000; index += 0x7000) {
      unprotect(protect(next, index), protect(next, index + 1));
      assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
      assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    }
    unprotect(rtp(SSRC, 0x3_1000), protect(next, 0x2_f001), rtp(SSRC, 0x3_1000));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(REPLAYED);
  }

  @Test
  void sessionsThatAreNoSuccessorsShareAnSsrcWithoutHarm() {
    SrtpSession stranger = other(2, 9);
    contexts.add(stranger);
    for (long index = 5; index < 0x2_0000; index += 0x7000) {
      unprotect(rtp(SSRC, index));
      assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    }
    unprotect(protect(stranger, 3), rtp(SSRC, 0x2_0000));
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
  }

  private static SrtpSession other(long seed, int mki) {
    SrtpProfile profile = Streams.gcm().profile();
    byte[] id = {(byte) 0xf0, 1, 2, (byte) mki};
    try (MasterKey key =
        MasterKey.of(profile, Streams.key(profile, seed), Streams.salt(profile, seed), id)) {
      return SrtpSession.of(Streams.gcm(), key, Streams.ENGINE);
    }
  }

  private static byte[] protect(SrtpSession session, long index) {
    return Streams.protect(SrtpContext.sender(session, SSRC, index), Streams.rtp(SSRC, index));
  }

  @Test
  void anUnknownMkiOrARemovedSessionHasNoContext() {
    byte[] packet = rtp(SSRC, 5);
    byte[] otherMki = packet.clone();
    otherMki[otherMki.length - 1] ^= 1;
    unprotect(otherMki, packet, new byte[3], new byte[0]);
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(NO_CONTEXT);
    assertThat(batch.verdict(3)).isEqualTo(NO_CONTEXT);
    contexts.remove(session);
    unprotect(rtp(SSRC, 6));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    assertThat(contexts.size()).isZero();
  }
}
