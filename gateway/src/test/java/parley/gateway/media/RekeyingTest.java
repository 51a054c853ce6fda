package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static parley.gateway.media.MediaLab.drops;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.CipherEngines;
import parley.srtp.IvLedger;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;

/// A burst passed on into another group under another profile: same octets inside, same loss and
/// order, other SSRC, and never two packets under one key and IV.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty", "nio"})
class RekeyingTest {
  private static final int INBOUND = 0xa11ce;
  private static final int OUTBOUND = 0x6a7e;
  private static final int FIRST_SEQ = 0xfff0;

  private final String transport;
  private final IvLedger ledger = new IvLedger(CipherEngines.jce());
  private MediaLab lab;
  private TestReceiver sender;
  private TestReceiver receiver;
  private GroupMedia from;
  private GroupMedia to;
  private TestTalker alice;
  private TestTalker gateway;
  private Burst in;
  private Rekeying rekeying;
  private final BlockingQueue<String> tapped = new LinkedBlockingQueue<>();

  @SuppressWarnings("NullAway.Init")
  RekeyingTest(String transport) {
    this.transport = transport;
  }

  @BeforeEach
  void open() {
    lab = new MediaLab(transport, ledger);
    sender = TestReceiver.unicast();
    receiver = TestReceiver.unicast();
    from = lab.group(List.of());
    to =
        lab.group(
            List.of(MediaLab.loopback()),
            List.of(Leg.unicast(receiver.address())),
            new TapLog(tapped));
    alice = new TestTalker(CipherEngines.jce(), TestTalker.GCM, INBOUND, 1, 500);
    gateway = new TestTalker(CipherEngines.jce(), TestTalker.CM, OUTBOUND, 2);
    in = from(alice, lab).burst(1, 500);
    lab.install(from, in);
    TestTalker ours = from(gateway, lab);
    rekeying =
        lab.on(() ->
            from.rekey(
                in,
                to,
                ours.burst(2, FIRST_SEQ),
                List.of(new RekeyedStream(INBOUND, OUTBOUND, ours.session(), FIRST_SEQ))));
  }

  /// The same keys, on the engine of the gateway.
  private static TestTalker from(TestTalker talker, MediaLab lab) {
    return new TestTalker(lab.engine, talker.policy, talker.ssrc, talker.mki);
  }

  @AfterEach
  void close() {
    lab.close();
    sender.close();
    receiver.close();
  }

  private void send(byte[]... packets) {
    for (byte[] packet : packets) {
      sender.send(packet, lab.address(from));
    }
  }

  /// The packet that must come next, in clear: `payload` under the index `outbound`.
  private void expect(long outbound, String payload) {
    byte[] sealed = receiver.receive();
    byte[] plain = gateway.open(sealed, outbound, true);
    byte[] wanted = TestTalker.plainRtp(OUTBOUND, (int) outbound & 0xffff, payload);
    assertThat(plain).hasSize(wanted.length).endsWith(payload.getBytes(StandardCharsets.US_ASCII));
    assertThat(ByteBuffer.wrap(plain).getShort(2)).isEqualTo((short) outbound);
    assertThat(ByteBuffer.wrap(plain).getInt(8)).isEqualTo(OUTBOUND);
  }

  @Test
  void keepsLossAndOrderAcrossTheWrapOfTheOutboundSequence() {
    int[] order = {0, 1, 3, 2, 7, 5, 6, 20, 19, 30};
    byte[][] sealed = new byte[31][];
    for (int i = 0; i < sealed.length; i++) {
      sealed[i] = alice.rtp(500 + i, "frame " + i);
    }
    for (int i : order) {
      send(sealed[i]);
    }
    for (int i : order) {
      expect(FIRST_SEQ + i, "frame " + i);
    }
    assertThat(rekeying.nextIndex(OUTBOUND)).isEqualTo(FIRST_SEQ + 31);
    assertThat(drops(to)).isEmpty();
    assertThat(ledger.size()).isEqualTo(order.length);
  }

  @Test
  void tellsTheDestinationsTap() {
    send(alice.rtp(500, "hello"));
    expect(FIRST_SEQ, "hello");
    lab.run(() -> from.stop(rekeying));
    assertThat(MediaLab.next(tapped)).startsWith("started");
    assertThat(MediaLab.next(tapped)).isEqualTo("packet %x hello".formatted(OUTBOUND));
    assertThat(MediaLab.next(tapped)).isEqualTo("ended CLOSED");
    assertThatThrownBy(() -> rekeying.nextIndex(INBOUND))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void survivesRandomLossAndDoublingUnderOneLedger() {
    Random random = new Random(20261123);
    List<Integer> expected = new ArrayList<>();
    int first = -1;
    for (int i = 0; i < 300; i++) {
      byte[] packet = alice.rtp(500 + i, "frame " + i);
      int copies = random.nextInt(3);
      for (int copy = 0; copy < copies; copy++) {
        send(packet);
      }
      if (copies > 0) {
        first = first < 0 ? i : first;
        expected.add(i);
        expect(FIRST_SEQ + i - first, "frame " + i);
      }
    }
    assertThat(ledger.size()).isEqualTo(expected.size());
  }

  @Test
  void renamesTheTalkerInsideRtcp() {
    send(alice.rtcp(compound(INBOUND)));
    byte[] plain = gateway.open(receiver.receive(), 0, false);
    assertThat(plain).isEqualTo(compound(OUTBOUND));
  }

  /// SR with a report about somebody else, SDES with a CNAME, BYE with a reason.
  private static byte[] compound(int ssrc) {
    return ByteBuffer.allocate(52 + 16 + 12)
        .putInt(0x81c8000c)
        .putInt(ssrc)
        .put(new byte[20])
        .putInt(0x5e1f)
        .put(new byte[20])
        .putInt(0x81ca0003)
        .putInt(ssrc)
        .put((byte) 1)
        .put((byte) 4)
        .put(new byte[] {'a', 'l', 'i', 'c'})
        .putShort((short) 0)
        .putInt(0x81cb0002)
        .putInt(ssrc)
        .putInt(0x03627965)
        .array();
  }

  @Test
  void dropsRtcpThatItCannotRename() {
    byte[] torn = compound(INBOUND);
    torn[52 + 3] = 9;
    byte[] good = alice.rtp(500, "good");
    send(alice.rtcp(torn), good);
    expect(FIRST_SEQ, "good");
    assertThat(drops(to)).containsOnly(entry(DropReason.REKEY_RTCP, 1L));
  }

  @Test
  void knowsItsOwnPacketsWhenTheyComeBack() {
    send(alice.rtp(500, "out"));
    sender.send(receiver.receive(), lab.address(to));
    lab.settle(sender, to);
    assertThat(drops(to)).containsOnly(entry(DropReason.OWN_SSRC, 1L));
  }

  @Test
  void endsWithItsInboundBurst() {
    lab.run(() -> from.retire(in, BurstEnd.BYE));
    assertThat(MediaLab.next(tapped)).startsWith("started");
    assertThat(MediaLab.next(tapped)).isEqualTo("ended BYE");
    assertThatThrownBy(
            () -> lab.on(() -> from.rekey(in, to, gateway.burst(3), List.<RekeyedStream>of())))
        .hasMessageContaining("cannot be re-keyed");
  }

  @Test
  void countsGrowthBeyondThePath() {
    String payload = "x".repeat(1450 - 12);
    send(alice.rtp(500, payload));
    expect(FIRST_SEQ, payload);
    assertThat(drops(to)).isEmpty();
    String longer = "x".repeat(1460 - 12);
    send(alice.rtp(501, longer));
    expect(FIRST_SEQ + 1, longer);
    assertThat(drops(to)).containsOnly(entry(DropReason.OVER_MTU, 1L));
  }

  /// Writes down what a tap hears.
  private record TapLog(BlockingQueue<String> log) implements MediaTap {
    @Override
    public void burstStarted(Burst burst) {
      log.add("started " + burst.speaker());
    }

    @Override
    public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
      log.add("announcement");
    }

    @Override
    public void packet(
        Burst burst, Stream stream, PacketBatch sealed, PacketBatch plain, int slot, long nanos) {
      int ssrc = RtpPacket.ssrc(sealed.memory(), sealed.offset(slot));
      String payload = new String(plain.octets(slot), StandardCharsets.US_ASCII);
      log.add("packet %x %s".formatted(ssrc, payload.substring(12)));
    }

    @Override
    public void rtcp(
        Burst burst, Stream stream, PacketBatch sealed, PacketBatch plain, int slot, long nanos) {
      log.add("rtcp");
    }

    @Override
    public void burstEnded(Burst burst, BurstEnd why) {
      log.add("ended " + why);
    }
  }
}
