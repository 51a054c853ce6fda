package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Journey.PORT;
import static parley.gateway.system.Journey.say;

import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.Gateway;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.ImpairedWire.Direction;
import parley.gateway.net.ImpairedWire.Traffic;
import parley.gateway.net.Impairment;
import parley.gateway.net.WireAccount;

/// A line that loses, doubles and reorders, on one side of the gateway or on the other: the account
/// of every packet closes.
///
/// The line is an [ImpairedWire] between veth devices and not netem, which few kernels of virtual
/// machines have and which does not tell what it did to which stream.
@BothPaths
class BadLineTest {
  private static final int COUNT = 400;
  private static final int BETWEEN_REPEATS = 100;
  private static final int BETWEEN_FORGERIES = 10;
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final String GROUP = "239.6.2.1";
  private static final int GROUP_PORT = 5006;

  private static final Impairment BAD =
      Impairment.NONE
          .withLoss(0.05)
          .withDuplication(0.05)
          .withReordering(0.1, Duration.ofMillis(15))
          .withDelay(Duration.ofMillis(2), Duration.ofMillis(3));

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final String io;
  private Journey journey;

  @SuppressWarnings("NullAway.Init")
  BadLineTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void start() throws Exception {
    journey = new Journey(open, folder, io);
  }

  /// A talker, what it has sent, and who opens it.
  private static final class Voice {
    final LabTalker talker;
    final LabListener listener;
    final Map<ByteBuffer, Integer> sent = new HashMap<>();

    Voice(LabTalker talker, LabListener listener) {
      this.talker = talker;
      this.listener = listener;
    }

    byte[] next() {
      byte[] packet = talker.packet(sent.size());
      sent.put(ByteBuffer.wrap(packet), sent.size());
      return packet;
    }

    /// Octet for octet what was sent, each once; and it opens.
    void assertHeardOnce(List<byte[]> packets) {
      Set<Integer> numbers = new HashSet<>();
      for (byte[] packet : packets) {
        Integer number = sent.get(ByteBuffer.wrap(packet));
        assertThat(number).as("one of those sent").isNotNull();
        assertThat(numbers.add(number)).as("packet %d for the first time", number).isTrue();
      }
    }

    void assertOpens(List<byte[]> packets) {
      for (byte[] packet : packets) {
        assertThat(Journey.number(listener, packet)).isEqualTo(sent.get(ByteBuffer.wrap(packet)));
      }
    }

    List<byte[]> of(List<byte[]> heard) {
      return heard.stream()
          .filter(packet -> ByteBuffer.wrap(packet).getInt(8) == talker.ssrc())
          .toList();
    }
  }

  /// Announces a burst that everybody hears.
  private Voice begin(LabMember who, DatagramSocket mouth, String to, DatagramSocket... ears)
      throws Exception {
    LabTalker talker = who.talker(Journey.FIRE);
    say(mouth, talker.announce(), to);
    byte[] announcement = new byte[0];
    for (DatagramSocket ear : ears) {
      announcement = Journey.hear(ear);
    }
    return new Voice(talker, LabListener.of(journey.carol, announcement));
  }

  @ParameterizedTest
  @ValueSource(strings = {Journey.SITE, "ff08::6"})
  void whatABadLineDidNotLoseIsRelayedOnce(String to) throws Exception {
    ImpairedWire line = journey.wireToField(4711, PORT);
    journey.cableToCentre();
    Gateway gateway =
        journey.gateway(
            Journey.hears(to), Journey.to(Journey.CENTRE), Journey.toGroup(GROUP, GROUP_PORT));
    DatagramSocket ear = journey.ear();
    DatagramSocket member = journey.member(GROUP, GROUP_PORT);
    DatagramSocket mouth = journey.mouth();
    List<Voice> voices = new ArrayList<>();
    for (LabMember who : List.of(journey.alice, journey.bob)) {
      voices.add(begin(who, mouth, to, ear, member));
    }
    Voice forged = begin(journey.carol, mouth, to, ear, member);

    line.impair(Direction.FORTH, BAD);
    for (int i = 0; i < COUNT; i++) {
      for (Voice voice : voices) {
        if (i % BETWEEN_REPEATS == 0) {
          say(mouth, voice.talker.announce(), to);
        }
        say(mouth, voice.next(), to);
      }
      if (i % BETWEEN_FORGERIES == 0) {
        byte[] packet = forged.talker.packet(i);
        packet[12]++;
        say(mouth, packet, to);
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    line.awaitIdle();
    LegCounters in = Journey.leg(gateway, to);
    long delivered = line.account(Direction.FORTH, PORT, Traffic.ANY).delivered();
    Await.until("all arrived", () -> in.packets() == delivered);

    GroupCounters media = Journey.counters(gateway);
    List<byte[]> byUnicast = Journey.drain(ear);
    List<byte[]> byMulticast = Journey.drain(member);
    long copies = 0;
    for (Voice voice : voices) {
      WireAccount wire = line.stream(Direction.FORTH, PORT, voice.talker.ssrc());
      assertThat(wire.entered()).isEqualTo(COUNT);
      assertThat(List.of(wire.lost(), wire.duplicated(), wire.reordered())).doesNotContain(0L);
      copies += wire.duplicated();
      for (List<byte[]> heard : List.of(byUnicast, byMulticast)) {
        assertThat(voice.of(heard)).as("sent = heard + lost").hasSize((int) wire.survived());
        voice.assertHeardOnce(voice.of(heard));
      }
      voice.assertOpens(voice.of(byUnicast));
    }
    WireAccount forgeries = line.stream(Direction.FORTH, PORT, forged.talker.ssrc());
    assertThat(forgeries.delivered()).isPositive();
    assertThat(forged.of(byUnicast)).isEmpty();
    assertThat(forged.of(byMulticast)).isEmpty();
    assertDrops(
        media, Map.of(DropReason.REPLAYED, copies, DropReason.BAD_TAG, forgeries.delivered()));
  }

  /// These and no others.
  private static void assertDrops(GroupCounters media, Map<DropReason, Long> expected) {
    for (DropReason reason : DropReason.values()) {
      assertThat(media.dropped(reason))
          .as(reason.label())
          .isEqualTo(expected.getOrDefault(reason, 0L));
    }
  }

  @Test
  void receiversBehindABadLineHaveWhatItLetThrough() throws Exception {
    journey.cableToField();
    ImpairedWire line = journey.wireToCentre(4712, PORT, GROUP_PORT);
    Gateway gateway =
        journey.gateway(
            Journey.hears(Journey.SITE),
            Journey.to(Journey.CENTRE),
            Journey.toGroup(GROUP, GROUP_PORT));
    DatagramSocket ear = journey.ear();
    DatagramSocket member = journey.member(GROUP, GROUP_PORT);
    DatagramSocket mouth = journey.mouth();
    Voice voice = begin(journey.alice, mouth, Journey.SITE, ear, member);
    line.impair(Direction.FORTH, BAD);
    for (int i = 0; i < COUNT; i++) {
      say(mouth, voice.next(), Journey.SITE);
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    Await.until("all arrived", () -> Journey.leg(gateway, Journey.SITE).packets() == COUNT + 1);
    line.awaitIdle();

    List<byte[]> byUnicast = Journey.drain(ear);
    assertAccount(line, PORT, voice, byUnicast);
    assertAccount(line, GROUP_PORT, voice, Journey.drain(member));
    voice.assertOpens(distinct(byUnicast));
    assertThat(Journey.leg(gateway, Journey.CENTRE).packets()).isEqualTo(COUNT + 1);
    assertThat(Journey.leg(gateway, GROUP).packets()).isEqualTo(COUNT + 1);
    assertDrops(Journey.counters(gateway), Map.of());
  }

  private static void assertAccount(ImpairedWire line, int port, Voice voice, List<byte[]> heard) {
    WireAccount wire = line.account(Direction.FORTH, port, Traffic.RTP);
    assertThat(wire.entered()).as("all went out").isEqualTo(COUNT);
    assertThat(List.of(wire.lost(), wire.duplicated(), wire.reordered())).doesNotContain(0L);
    assertThat(heard).hasSize((int) wire.delivered());
    assertThat(distinct(heard)).hasSize((int) wire.survived());
    voice.assertHeardOnce(distinct(heard));
  }

  private static List<byte[]> distinct(List<byte[]> packets) {
    return packets.stream().map(ByteBuffer::wrap).distinct().map(ByteBuffer::array).toList();
  }
}
