package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.srtp.Streams.SSRC;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IvLedgerTest {
  private static final int BATCH = 16;

  private IvLedger ledger = new IvLedger(Streams.ENGINE);
  private SrtpTransform transform = new SrtpTransform(ledger, BATCH);
  private final PacketBatch batch = PacketBatch.allocate(BATCH, 128);

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  private void useEngine(Engines.Named named) {
    ledger = new IvLedger(named.engine());
    transform = new SrtpTransform(ledger, BATCH);
  }

  /// Senders of all kinds, on shared keys, near and across wraps of sequence number and index, fed
  /// with repeats, steps back and jumps.
  @ParameterizedTest
  @MethodSource("engines")
  void noSenderEverUsesAnIvTwice(Engines.Named named) {
    useEngine(named);
    Random random = new Random(20_261_123);
    List<CryptoContext> senders = senders();
    long[] next = new long[senders.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = start(i);
    }
    int accepted = 0;
    for (int round = 0; round < 2_000; round++) {
      batch.clear();
      for (int k = 0; k < BATCH; k++) {
        int i = random.nextInt(next.length);
        next[i] = Math.max(0, next[i] + step(random));
        add(senders.get(i), next[i]);
      }
      transform.protect(batch, batch);
      for (int slot = 0; slot < BATCH; slot++) {
        accepted += batch.verdict(slot) == Verdict.ACCEPTED ? 1 : 0;
      }
    }
    assertThat(ledger.size()).isEqualTo(accepted);
    assertThat(accepted).isGreaterThan(10_000);
  }

  /// A sender with encrypted header extensions that starts again and again, each time with a new
  /// master key and at the same index, that changes between two keys in one stream and back, and
  /// wraps its sequence number under each.
  @ParameterizedTest
  @MethodSource("engines")
  void restartsRekeyingsAndWrapsUseNoIvTwice(Engines.Named named) {
    useEngine(named);
    int accepted = 0;
    for (int start = 0; start < 20; start++) {
      SrtpPolicy policy = Streams.policies().get(start % Streams.policies().size());
      SrtpPolicy hiding =
          new SrtpPolicy(policy.profile(), policy.rccm3(), policy.mkiOctets(), ExtensionIds.of(1));
      SrtpContext[] keys = new SrtpContext[2];
      for (int key = 0; key < 2; key++) {
        SrtpSession session = Streams.session(hiding, 1_000 + 2 * start + key, ledger);
        keys[key] = SrtpContext.sender(session, SSRC, 0xfff0);
      }
      for (long index = 0xfff0; index < 0x1_0010; index += BATCH) {
        batch.clear();
        for (int k = 0; k < BATCH; k++) {
          int slot = batch.add(Streams.ornateRtp(SSRC, index + k));
          batch.context(slot, keys[(int) (index + k) / 3 % 2]);
        }
        transform.protect(batch, batch);
        for (int slot = 0; slot < BATCH; slot++) {
          assertThat(batch.verdict(slot)).isEqualTo(Verdict.ACCEPTED);
        }
        accepted += BATCH;
      }
    }
    assertThat(ledger.size()).isEqualTo(2 * accepted);
  }

  private List<CryptoContext> senders() {
    List<CryptoContext> senders = new ArrayList<>();
    for (SrtpPolicy policy : Streams.policies()) {
      SrtpSession session = Streams.session(policy, 100 + senders.size(), ledger);
      senders.add(SrtpContext.sender(session, SSRC, start(senders.size())));
      senders.add(SrtpContext.rekeyingSender(session, SSRC + 1));
      senders.add(SrtcpContext.sender(session, SSRC));
    }
    return senders;
  }

  private static long start(int i) {
    return i % 2 == 0 ? 0xffe0 : PacketIndex.MAX_SRTP - 500;
  }

  private static int step(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> -random.nextInt(40);
      case 2 -> random.nextInt(200);
      default -> 1;
    };
  }

  private void add(CryptoContext sender, long index) {
    byte[] packet =
        sender instanceof SrtcpContext
            ? Streams.rtcp(sender.ssrc())
            : Streams.rtp(sender.ssrc(), index);
    int slot = batch.add(packet);
    batch.context(slot, sender);
    batch.packetIndex(slot, index);
  }

  @Test
  void catchesASenderThatResumesAKey() {
    assertSecondUseIsCaught(
        SrtpContext.sender(Streams.session(Streams.gcm(), 1, ledger), SSRC, 0),
        SrtpContext.sender(Streams.session(Streams.gcm(), 1, ledger), SSRC, 0));
  }

  @Test
  void catchesTwoContextsOfOneSsrcAndKey() {
    SrtpSession session = Streams.session(Streams.gcm(), 1, ledger);
    assertSecondUseIsCaught(
        SrtpContext.sender(session, SSRC, 0), SrtpContext.rekeyingSender(session, SSRC));
  }

  private void assertSecondUseIsCaught(SrtpContext first, SrtpContext second) {
    add(first, 0);
    transform.protect(batch, batch);
    batch.clear();
    add(second, 0);
    assertThatThrownBy(() -> transform.protect(batch, batch))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("second use");
  }

  @Test
  void doesNotMindSrtpAndSrtcpOfOneMasterKeyAtOneIndex() {
    SrtpSession session = Streams.session(Streams.gcm(), 1, ledger);
    add(SrtpContext.sender(session, SSRC, 0), 0);
    add(SrtcpContext.sender(session, SSRC), 0);
    transform.protect(batch, batch);
    assertThat(ledger.size()).isEqualTo(2);
  }
}
