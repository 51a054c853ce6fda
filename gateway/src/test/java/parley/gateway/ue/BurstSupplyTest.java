package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.SteppingClock;
import parley.gateway.media.Leg;
import parley.gateway.system.Await;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

class BurstSupplyTest {
  private static final BurstsAhead TWO = new BurstsAhead(2, Duration.ofMinutes(2));
  private static final CipherEngine ENGINE = CipherEngines.jce();
  private static final Leg NOWHERE =
      Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));

  @TempDir Path directory;
  private final SteppingClock clock = new SteppingClock(Instant.now());
  private final List<PreparedBurst> made = new CopyOnWriteArrayList<>();
  private final Map<PreparedBurst, String> makers =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private UeWorld world;
  private Member alice;

  @BeforeEach
  void open() throws Exception {
    world = new UeWorld(directory);
    alice = world.member(UeWorld.ALICE);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private Optional<GroupMasterKey> sending() {
    return alice.sendingGmk(UeWorld.GROUP);
  }

  private GroupMasterKey gmk() {
    return sending().orElseThrow();
  }

  private BurstSupply supply(BurstsAhead ahead) {
    return new BurstSupply(ahead, this::sending, this::make, clock);
  }

  private PreparedBurst make(GroupMasterKey gmk) {
    var settings = new TalkerSettings(UeWorld.GROUP, NOWHERE, MediaPolicy.ALL.getFirst());
    PreparedBurst burst =
        PreparedBurst.make(alice, settings, gmk, ENGINE, clock.instant(), world.random);
    makers.put(burst, Thread.currentThread().getName());
    made.add(burst);
    return burst;
  }

  private static boolean isZeroed(PreparedBurst burst) {
    return burst.announcement().gsk().key().isClosed();
  }

  @Test
  void aTakenOneIsReplacedByAThreadOfItsOwn() throws Exception {
    try (BurstSupply supply = supply(TWO)) {
      supply.start();
      Await.until("two are ready", () -> supply.ssrcs().size() == 2);
      try (PreparedBurst taken = supply.take(gmk())) {
        assertThat(taken).isSameAs(made.getFirst());
        Await.until("another was made", () -> made.size() == 3);
        assertThat(isZeroed(taken)).isFalse();
      }
    }
    assertThat(makers.values()).containsOnly("bursts-ahead");
  }

  @Test
  void oneThatIsNotThereIsMadeByWhoWantsIt() {
    try (BurstSupply supply = supply(TWO);
        PreparedBurst taken = supply.take(gmk())) {
      assertThat(makers.get(taken)).isEqualTo(Thread.currentThread().getName());
    }
  }

  @Test
  void withNoneAheadNothingWaits() {
    try (BurstSupply supply = supply(BurstsAhead.NONE)) {
      supply.start();
      supply.renew();
      supply.take(gmk()).close();
      assertThat(supply.ssrcs()).isEmpty();
      assertThat(made).hasSize(1);
    }
  }

  @Test
  void ofTwoWhoRaceForOneEachHasItsOwn() throws Exception {
    try (BurstSupply supply = supply(new BurstsAhead(1, TWO.atMost()));
        ExecutorService racers = Executors.newFixedThreadPool(2)) {
      var start = new CyclicBarrier(2);
      for (int round = 0; round < 100; round++) {
        supply.renew();
        int ready = supply.ssrcs().getFirst();
        List<Future<PreparedBurst>> taken =
            List.of(
                racers.submit(() -> takeAt(start, supply)),
                racers.submit(() -> takeAt(start, supply)));
        PreparedBurst one = taken.getFirst().get();
        PreparedBurst other = taken.getLast().get();
        assertThat(one).isNotSameAs(other);
        assertThat(one.ssrc()).isNotEqualTo(other.ssrc());
        assertThat(List.of(one.ssrc(), other.ssrc())).contains(ready);
        one.close();
        other.close();
      }
    }
  }

  private PreparedBurst takeAt(CyclicBarrier start, BurstSupply supply) throws Exception {
    start.await();
    return supply.take(gmk());
  }

  @Test
  void underAnotherGmkWhatWasReadyIsZeroedAndReplaced() throws Exception {
    try (BurstSupply supply = supply(TWO)) {
      supply.renew();
      GroupMasterKey before = gmk();
      world.rekey();
      assertThat(gmk()).isNotSameAs(before);
      supply.renew();
      assertThat(made).hasSize(4);
      assertThat(made(0, 2)).allMatch(BurstSupplyTest::isZeroed);
      assertThat(made(2, 4)).noneMatch(BurstSupplyTest::isZeroed);
    }
  }

  /// Those of [#made] as they are now: the supply goes on making others meanwhile.
  private List<PreparedBurst> made(int from, int to) {
    return List.copyOf(made).subList(from, to);
  }

  /// It was changed after the last look.
  @Test
  void whoTakesGetsNoneUnderAnotherGmk() throws Exception {
    try (BurstSupply supply = supply(TWO)) {
      supply.renew();
      world.rekey();
      try (PreparedBurst taken = supply.take(gmk())) {
        assertThat(taken.isWorthless(gmk(), clock.instant(), TWO)).isFalse();
        assertThat(made(0, 2)).doesNotContain(taken).allMatch(BurstSupplyTest::isZeroed);
      }
    }
  }

  @Test
  void withoutAGmkNothingIsKept() {
    var gmk = gmk();
    List<Optional<GroupMasterKey>> answers =
        new CopyOnWriteArrayList<>(List.of(Optional.of(gmk), Optional.empty()));
    try (var supply = new BurstSupply(TWO, answers::removeFirst, this::make, clock)) {
      supply.renew();
      assertThat(supply.ssrcs()).hasSize(2);
      supply.renew();
      assertThat(supply.ssrcs()).isEmpty();
      assertThat(made).hasSize(2).allMatch(BurstSupplyTest::isZeroed);
    }
  }

  @Test
  void whatHasWaitedTooLongIsZeroedAndReplaced() {
    try (BurstSupply supply = supply(TWO)) {
      supply.renew();
      clock.step(TWO.atMost());
      supply.renew();
      assertThat(made).hasSize(2);
      clock.step(Duration.ofNanos(1));
      supply.renew();
      assertThat(made).hasSize(4);
      assertThat(made(0, 2)).allMatch(BurstSupplyTest::isZeroed);
    }
  }

  @Test
  void aClockThatWasSetBackMakesThemWorthless() {
    try (BurstSupply supply = supply(TWO)) {
      supply.renew();
      clock.step(Duration.ofSeconds(-1));
      try (PreparedBurst taken = supply.take(gmk())) {
        assertThat(made(0, 2)).doesNotContain(taken).allMatch(BurstSupplyTest::isZeroed);
      }
    }
  }

  @Test
  void theThreadLooksByItself() throws Exception {
    try (BurstSupply supply = supply(TWO)) {
      supply.start();
      Await.until("two are ready", () -> supply.ssrcs().size() == 2);
      clock.step(TWO.atMost().plusSeconds(1));
      Await.until("both are zeroed", () -> made(0, 2).stream().allMatch(b -> isZeroed(b)));
      Await.until("two others are ready", () -> supply.ssrcs().size() == 2);
    }
  }

  @Test
  void closedItHoldsNothingAndMakesNothingMore() {
    BurstSupply supply = supply(TWO);
    supply.renew();
    assertThat(protect(made.getFirst())).isEqualTo(Verdict.ACCEPTED);
    supply.close();
    assertThat(made).hasSize(2).allMatch(BurstSupplyTest::isZeroed);
    assertThat(protect(made.getLast())).isEqualTo(Verdict.EXPIRED);
    supply.renew();
    assertThat(made).hasSize(2);
  }

  /// Its first packet.
  private static Verdict protect(PreparedBurst burst) {
    byte[] packet =
        ByteBuffer.allocate(172)
            .put((byte) 0x80)
            .put((byte) 0)
            .putShort((short) burst.firstIndex())
            .putInt(0)
            .putInt(burst.ssrc())
            .array();
    PacketBatch batch = PacketBatch.allocate(1, 256);
    batch.add(packet);
    batch.context(0, SrtpContext.sender(burst.session(), burst.ssrc(), burst.firstIndex()));
    new SrtpTransform(ENGINE, 1).protect(batch, batch);
    return batch.verdict(0);
  }

  @Test
  void whatIsMadeWhileItClosesIsZeroed() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var supply =
        new BurstSupply(
            TWO,
            this::sending,
            gmk -> {
              begun.countDown();
              awaitQuietly(goOn);
              return make(gmk);
            },
            clock);
    supply.start();
    begun.await();
    Thread closer = Thread.ofVirtual().start(supply::close);
    Await.until(
        "it waits for the maker",
        () ->
            closer.getState() == Thread.State.TIMED_WAITING
                || closer.getState() == Thread.State.WAITING);
    goOn.countDown();
    closer.join();
    assertThat(made).hasSize(1).allMatch(BurstSupplyTest::isZeroed);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFaultInMakingIsOfWhoWantsTheBurst() {
    var supply =
        new BurstSupply(
            TWO,
            this::sending,
            _ -> {
              throw new IllegalStateException("no keys");
            },
            clock);
    try (supply) {
      supply.renew();
      assertThat(supply.ssrcs()).isEmpty();
      assertThatThrownBy(() -> supply.take(gmk())).hasMessage("no keys");
    }
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    for (int count : new int[] {-1, 17}) {
      assertThatThrownBy(() -> new BurstsAhead(count, Duration.ofMinutes(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new BurstsAhead(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
