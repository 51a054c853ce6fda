package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every engine gives the same octets, verdicts and indices as the JCE, for every single packet.
///
/// Batches of 1 to 32 packets come from 16 keys at a time, each with three streams and a policy of
/// its own (see [ComparedKey]); after some batches the oldest key makes way for a new one. Packets
/// are sealed, in place or not, and go over a wire that reorders, loses, doubles and changes them
/// and brings old ones again; then they are opened, in place or not. What arrives unchanged must
/// moreover be what was sent.
///
/// In the ordinary build each engine has 10^5 packets. `-Dcomparison.packets=100000000` makes a
/// campaign of it, at some microseconds a packet; `-Dcomparison.seed` repeats a failure.
class EngineComparisonTest {
  private static final long PACKETS = Long.getLong("comparison.packets", 100_000);
  private static final int BATCH = 32;
  private static final int SLOT_OCTETS = 2048;
  private static final int KEYS = 16;
  private static final int BATCHES_PER_KEY = 8;
  private static final long PROGRESS_NANOS = Duration.ofSeconds(30).toNanos();
  private static final CipherEngine REFERENCE = CipherEngines.jce();

  static List<CipherEngine> engines() {
    List<CipherEngine> engines = new ArrayList<>();
    for (NativeEngine.Tier tier : NativeEngine.Tier.values()) {
      if (NativeLibrary.MISSING == null && tier.isAvailable()) {
        engines.add(new NativeEngine(tier));
      }
    }
    if (OpenSslLibrary.MISSING == null) {
      engines.add(new OpenSslEngine());
    }
    return engines;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void octetsAndVerdictsAreThoseOfTheReference(CipherEngine engine) {
    try (var comparison = new Comparison(engine)) {
      comparison.run();
    }
  }

  /// One engine's batches.
  private static final class Side {
    final SrtpTransform transform;
    final PacketBatch plain = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    final PacketBatch sealed = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    final PacketBatch wire = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    final PacketBatch opened = PacketBatch.allocate(BATCH, SLOT_OCTETS);

    Side(CipherEngine engine) {
      transform = new SrtpTransform(engine, BATCH);
    }

    void send(byte[] packet, boolean inPlace, CryptoContext sender) {
      plain.context(plain.add(packet), sender);
      if (inPlace) {
        sealed.context(sealed.add(packet), sender);
      }
    }

    void deliver(PacketBatch from, int slot, CryptoContext receiver) {
      int delivered = wire.add(from.length(slot));
      from.copy(slot, wire, delivered);
      wire.context(delivered, receiver);
    }
  }

  private static final class Comparison implements AutoCloseable {
    private static final int UNKNOWN = -1;

    private final long seed = Long.getLong("comparison.seed", new Random().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final CipherEngine engine;
    private final Side ours;
    private final Side theirs = new Side(REFERENCE);
    private final ComparedKey[] keys = new ComparedKey[KEYS];
    private final ComparedKey.Stream[] streams = new ComparedKey.Stream[BATCH];

    /// What may come again: sealed packets of earlier batches, and whose they are.
    private final PacketBatch old = PacketBatch.allocate(BATCH, SLOT_OCTETS);

    private final ComparedKey.Stream[] oldStreams = new ComparedKey.Stream[BATCH];

    /// The slot of [Side#plain] that a slot of the wire was sealed from; `UNKNOWN` if it is changed
    /// or old.
    private final int[] origins = new int[BATCH];

    private long batches;
    private long compared;
    private long delivered;
    private long accepted;

    Comparison(CipherEngine engine) {
      this.engine = engine;
      this.ours = new Side(engine);
      for (int k = 0; k < KEYS; k++) {
        keys[k] = newKey();
      }
      for (int slot = 0; slot < BATCH; slot++) {
        oldStreams[old.add(0)] = keys[0].streams.get(0);
      }
    }

    private ComparedKey newKey() {
      return new ComparedKey(random, engine, REFERENCE);
    }

    void run() {
      long start = System.nanoTime();
      long progress = start;
      while (compared < PACKETS) {
        send(random.nextBoolean());
        deliver();
        receive(random.nextBoolean());
        compared += ours.plain.size();
        if (++batches % BATCHES_PER_KEY == 0) {
          renewKey();
        }
        if (System.nanoTime() - progress > PROGRESS_NANOS) {
          progress = System.nanoTime();
          report(progress - start);
        }
      }
      assertThat(accepted).as("packets that verified").isGreaterThan(delivered / 2);
    }

    private void renewKey() {
      int k = (int) (batches / BATCHES_PER_KEY % KEYS);
      keys[k].close();
      keys[k] = newKey();
    }

    private void send(boolean inPlace) {
      for (Side side : List.of(ours, theirs)) {
        side.plain.clear();
        side.sealed.clear();
      }
      int packets = 1 + random.nextInt(BATCH);
      for (int slot = 0; slot < packets; slot++) {
        streams[slot] = slot > 0 && random.nextBoolean() ? streams[slot - 1] : anyStream();
        byte[] packet = streams[slot].nextPacket(random);
        ours.send(packet, inPlace, streams[slot].ourSender);
        theirs.send(packet, inPlace, streams[slot].theirSender);
      }
      for (Side side : List.of(ours, theirs)) {
        side.transform.protect(inPlace ? side.sealed : side.plain, side.sealed);
      }
      compare(ours.sealed, theirs.sealed);
    }

    private ComparedKey.Stream anyStream() {
      List<ComparedKey.Stream> ofKey = keys[random.nextInt(KEYS)].streams;
      return ofKey.get(random.nextInt(ofKey.size()));
    }

    /// Puts the packets of the batch on the wire: out of order, some lost, some twice, some
    /// changed, and old ones between them.
    private void deliver() {
      ours.wire.clear();
      theirs.wire.clear();
      int packets = ours.sealed.size();
      int reach = random.nextInt(4) == 0 ? packets : 2;
      for (int turn = 0; turn < packets; turn++) {
        switch (random.nextInt(16)) {
          case 0 -> deliver(old, random.nextInt(BATCH), oldStreams, false);
          case 1, 2, 3 ->
              deliver(ours.sealed, (turn + random.nextInt(1 + reach)) % packets, streams, true);
          default -> deliver(ours.sealed, turn, streams, true);
        }
      }
      int kept = random.nextInt(packets);
      int place = random.nextInt(BATCH);
      ours.sealed.copy(kept, old, place);
      oldStreams[place] = streams[kept];
    }

    /// Both sides have sealed the same octets, so both receive ours.
    private void deliver(
        PacketBatch from, int slot, ComparedKey.Stream[] streams, boolean isOfThisBatch) {
      ours.deliver(from, slot, streams[slot].ourReceiver);
      theirs.deliver(from, slot, streams[slot].theirReceiver);
      int last = ours.wire.size() - 1;
      origins[last] = isOfThisBatch ? slot : UNKNOWN;
      if (random.nextInt(5) == 0 && from.length(slot) > 0) {
        origins[last] = UNKNOWN;
        change(last);
      }
    }

    /// Flips one bit; sometimes cuts the packet instead.
    private void change(int slot) {
      int at = random.nextInt(ours.wire.length(slot));
      if (random.nextInt(16) == 0) {
        ours.wire.length(slot, at);
        theirs.wire.length(slot, at);
        return;
      }
      at += ours.wire.offset(slot);
      byte changed = (byte) (ours.wire.buffer().get(at) ^ 1 << random.nextInt(8));
      ours.wire.buffer().put(at, changed);
      theirs.wire.buffer().put(at, changed);
    }

    private void receive(boolean inPlace) {
      PacketBatch mine = inPlace ? ours.wire : ours.opened;
      PacketBatch other = inPlace ? theirs.wire : theirs.opened;
      ours.transform.unprotect(ours.wire, mine);
      theirs.transform.unprotect(theirs.wire, other);
      compare(mine, other);
      for (int slot = 0; slot < mine.size(); slot++) {
        delivered++;
        if (mine.verdict(slot) == Verdict.ACCEPTED) {
          accepted++;
          int origin = origins[slot];
          if (origin != UNKNOWN && !isEqual(mine, slot, ours.plain, origin)) {
            throw failure("is not what was sent", slot, mine, ours.plain);
          }
        }
      }
    }

    private void compare(PacketBatch mine, PacketBatch other) {
      for (int slot = 0; slot < other.size(); slot++) {
        if (mine.verdict(slot) != other.verdict(slot)
            || mine.packetIndex(slot) != other.packetIndex(slot)
            || !isEqual(mine, slot, other, slot)) {
          throw failure("differs", slot, mine, other);
        }
      }
    }

    private static boolean isEqual(PacketBatch one, int slot, PacketBatch other, int otherSlot) {
      long at = one.offset(slot);
      long otherAt = other.offset(otherSlot);
      return MemorySegment.mismatch(
              one.memory(),
              at,
              at + one.length(slot),
              other.memory(),
              otherAt,
              otherAt + other.length(otherSlot))
          < 0;
    }

    private AssertionError failure(String what, int slot, PacketBatch mine, PacketBatch other) {
      return new AssertionError(
          "%s: slot %d of batch %d %s, -Dcomparison.seed=%d%nours   %s %d %s%ntheirs %s %d %s"
              .formatted(
                  engine.name(),
                  slot,
                  batches,
                  what,
                  seed,
                  mine.verdict(slot),
                  mine.packetIndex(slot),
                  HexFormat.of().formatHex(mine.octets(slot)),
                  other.verdict(slot),
                  other.packetIndex(slot),
                  HexFormat.of().formatHex(other.octets(slot))));
    }

    private void report(long nanos) {
      System.err.printf(
          "%s: %d of %d packets, %.0f ns each, %d %% of %d delivered verified%n",
          engine.name(),
          compared,
          PACKETS,
          (double) nanos / compared,
          100 * accepted / delivered,
          delivered);
    }

    @Override
    public void close() {
      for (ComparedKey key : keys) {
        key.close();
      }
    }
  }
}
