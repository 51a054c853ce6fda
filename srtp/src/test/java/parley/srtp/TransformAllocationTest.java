package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/// The transform allocates nothing by itself; what a provider of the JCA allocates is left out by
/// an engine that does nothing.
class TransformAllocationTest {
  private static final int BATCH = 32;
  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 2_000;

  private static final class DoNothingEngine implements CipherEngine {
    private static final EngineKey KEY =
        new EngineKey() {
          @Override
          public long handle() {
            return 0;
          }

          @Override
          public void close() {}
        };

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
      return KEY;
    }

    @Override
    public void seal(CipherBatch descriptors) {
      succeed(descriptors);
    }

    @Override
    public void open(CipherBatch descriptors) {
      succeed(descriptors);
    }

    private static void succeed(CipherBatch descriptors) {
      for (int i = 0; i < descriptors.size(); i++) {
        descriptors.result(i, CipherBatch.OK);
      }
    }
  }

  private final CipherEngine engine = new DoNothingEngine();
  private final SrtpTransform transform = new SrtpTransform(engine, BATCH);
  private final PacketBatch from = PacketBatch.allocate(BATCH, 1500);
  private final PacketBatch to = PacketBatch.allocate(BATCH, 1500);
  private final SrtpSession gcm = Streams.session(Streams.gcm(), 1, engine);
  private final SrtpSession counterMode =
      Streams.session(new SrtpPolicy(SrtpProfile.AES_CM_128_HMAC_SHA1_80, false, 4), 1, engine);

  @Test
  void unprotectAllocatesNothing() {
    CryptoContext[] contexts = {
      SrtpContext.receiver(gcm, Streams.SSRC), SrtpContext.receiver(counterMode, Streams.SSRC),
    };
    byte[] packet = Streams.protect(SrtpContext.sender(gcm, Streams.SSRC, 0), rtp());
    byte[] other = Streams.protect(SrtpContext.sender(counterMode, Streams.SSRC, 0), rtp());
    LongConsumer round =
        number -> {
          from.clear();
          for (int slot = 0; slot < BATCH; slot++) {
            refill(
                slot % 2 == 0 ? packet : other, contexts[slot % 2], number * BATCH / 2 + slot / 2);
          }
          transform.unprotect(from, to);
        };
    assertThat(octetsPerPacket(round)).isZero();
    assertThat(from.verdict(BATCH - 1)).isEqualTo(Verdict.ACCEPTED);
  }

  @Test
  void protectAllocatesNothing() {
    CryptoContext[] contexts = {
      SrtpContext.sender(gcm, Streams.SSRC, 0),
      SrtpContext.rekeyingSender(counterMode, Streams.SSRC),
    };
    byte[] packet = rtp();
    LongConsumer round =
        number -> {
          from.clear();
          for (int slot = 0; slot < BATCH; slot++) {
            refill(packet, contexts[slot % 2], number * BATCH / 2 + slot / 2);
          }
          transform.protect(from, to);
        };
    assertThat(octetsPerPacket(round)).isZero();
    assertThat(from.verdict(BATCH - 1)).isEqualTo(Verdict.ACCEPTED);
  }

  private static byte[] rtp() {
    return Streams.rtp(Streams.SSRC, 0);
  }

  private void refill(byte[] packet, CryptoContext context, long index) {
    int slot = from.add(packet);
    RtpPacket.seq(from.memory(), from.offset(slot), (int) index);
    from.context(slot, context);
    from.packetIndex(slot, index);
  }

  /// The least of five measurements, since the compiler may be at work during one.
  static long octetsPerPacket(LongConsumer round) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long number = 0;
    while (number < WARM_UP) {
      round.accept(number++);
    }
    long least = Long.MAX_VALUE;
    for (int measurement = 0; measurement < 5; measurement++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MEASURED; i++) {
        round.accept(number++);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
