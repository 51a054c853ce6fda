package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;

/// Frames become runs, runs become messages; a kernel that takes only so much, or no runs, costs
/// what it does not take and nothing else.
class TrunkSenderTest {
  private static final int FD = 77;
  private static final int TAG = GroupTag.OCTETS;

  /// One message as the kernel would see it.
  private static final class Message {
    private final byte[] octets;
    private final int segment;

    Message(byte[] octets, int segment) {
      this.octets = octets;
      this.segment = segment;
    }

    int segment() {
      return segment;
    }

    int length() {
      return octets.length;
    }

    List<byte[]> datagrams() {
      int each = segment == 0 ? Math.max(1, octets.length) : segment;
      List<byte[]> all = new ArrayList<>();
      for (int at = 0; at == 0 || at < octets.length; at += each) {
        all.add(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + each)));
      }
      return all;
    }
  }

  private static final class ScriptedKernel extends LinuxCalls {
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<Message> taken = new ArrayList<>();
    private boolean knowsRuns = true;

    @Override
    @SuppressWarnings("restricted")
    int send(int fd, long messages, int most) {
      int answer = answers.isEmpty() ? most : answers.remove();
      MemorySegment all =
          MemorySegment.ofAddress(messages).reinterpret((long) most * MessageHeader.MESSAGE_OCTETS);
      for (int i = 0; i < answer; i++) {
        taken.add(message(all.asSlice((long) i * MessageHeader.MESSAGE_OCTETS)));
      }
      return answer;
    }

    @SuppressWarnings("restricted")
    private static Message message(MemorySegment header) {
      MemorySegment vector =
          MemorySegment.ofAddress(header.get(JAVA_LONG, MessageHeader.VECTOR)).reinterpret(16);
      byte[] octets =
          MemorySegment.ofAddress(vector.get(JAVA_LONG, 0))
              .reinterpret(vector.get(JAVA_LONG, 8))
              .toArray(ValueLayout.JAVA_BYTE);
      if (header.get(JAVA_LONG, MessageHeader.CONTROL_OCTETS) == 0) {
        return new Message(octets, 0);
      }
      MemorySegment control =
          MemorySegment.ofAddress(header.get(JAVA_LONG, MessageHeader.CONTROL)).reinterpret(24);
      assertThat(control.get(JAVA_LONG, 0)).isEqualTo(18);
      assertThat(control.get(JAVA_INT, 8)).isEqualTo(17);
      assertThat(control.get(JAVA_INT, 12)).isEqualTo(103);
      return new Message(octets, Short.toUnsignedInt(control.get(ValueLayout.JAVA_SHORT, 16)));
    }

    @Override
    int receiveError(int fd, long message) {
      return -EAGAIN;
    }

    @Override
    int option(int fd, int level, int option) throws IOException {
      if (!knowsRuns) {
        throw new IOException("getsockopt 17/103: error 92");
      }
      return 0;
    }
  }

  private final ScriptedKernel kernel = new ScriptedKernel();
  private final GroupCounters groups = new GroupCounters();
  private final TrunkCounters counters = new TrunkCounters("peer", LegCounters.Direction.OUT);
  private final PacketBatch batch = PacketBatch.allocate(1, 2048);
  private final List<byte[]> sent = new ArrayList<>();
  private final Destination fire = to("sip:fire@example.org");
  private final Destination police = to("sip:police@example.org");

  private TrunkSender sender() {
    return new TrunkSender(
        kernel, FD, fire.name(false), new TrunkErrors(), new SendLosses(), counters);
  }

  private Destination to(String group) {
    GroupTag tag = GroupTag.of(new Identity(group));
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5010);
    Leg leg = Leg.trunk(peer, tag).named(group);
    return Destination.of(peer, groups.leg(leg, LegCounters.Direction.OUT));
  }

  private static LegCounters leg(Destination of) {
    return Objects.requireNonNull(of.leg());
  }

  private void queue(TrunkSender by, int octets, Destination to) {
    byte[] packet = new byte[octets];
    Arrays.fill(packet, (byte) sent.size());
    batch.clear();
    batch.add(packet);
    by.queue(batch, 0, to);
    GroupTag tag = Objects.requireNonNull(to.tag());
    sent.add(ByteBuffer.allocate(TAG + octets).putLong(tag.octets()).put(packet).array());
  }

  private List<byte[]> datagrams() {
    return kernel.taken.stream().flatMap(message -> message.datagrams().stream()).toList();
  }

  private void expectAllInOrder() {
    assertThat(datagrams()).usingElementComparator(Arrays::compare).isEqualTo(sent);
  }

  @Test
  void framesOfOneLengthAreOneMessageThatAShorterOneCloses() {
    TrunkSender sender = sender();
    queue(sender, 100, fire);
    queue(sender, 100, police);
    queue(sender, 60, fire);
    queue(sender, 60, fire);
    queue(sender, 100, police);
    sender.flush();
    assertThat(kernel.taken).extracting(Message::segment).containsExactly(108, 0, 0);
    expectAllInOrder();
    assertThat(counters.frames()).isEqualTo(5);
    assertThat(counters.messages()).isEqualTo(3);
  }

  /// Whatever the lengths: every frame goes out whole, once and in order, in messages that the
  /// kernel takes.
  @Test
  void anyLengthsComeApartAsTheyWere() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TrunkSender sender = sender();
    int length = 0;
    for (int i = 0; i < 5000; i++) {
      length = random.nextInt(4) == 0 ? random.nextInt(1500) : length;
      queue(sender, length, random.nextBoolean() ? fire : police);
      if (random.nextInt(900) == 0) {
        sender.flush();
      }
    }
    sender.flush();
    assertThat(datagrams())
        .as("seed %d", seed)
        .usingElementComparator(Arrays::compare)
        .isEqualTo(sent);
    assertThat(kernel.taken)
        .as("seed %d", seed)
        .allMatch(message -> message.length() <= 65_507)
        .allMatch(message -> message.datagrams().size() <= 64);
    assertThat(counters.messages()).isLessThan(counters.frames() / 2);
  }

  @Test
  void aFullBufferCostsEachLegItsOwnFrames() {
    TrunkSender sender = sender();
    queue(sender, 100, fire);
    queue(sender, 200, police);
    queue(sender, 200, police);
    queue(sender, 300, fire);
    kernel.answers.addAll(List.of(1, -LinuxCalls.EAGAIN));
    sender.flush();
    assertThat(leg(fire).dropped(DropReason.SEND_FULL)).isEqualTo(1);
    assertThat(leg(police).dropped(DropReason.SEND_FULL)).isEqualTo(2);
    assertThat(counters.frames()).isEqualTo(1);
    assertThat(sender.isEmpty()).as("nothing waits behind a flush").isTrue();
  }

  @Test
  void aDeviceThatIsFullCostsOneMessage() {
    TrunkSender sender = sender();
    queue(sender, 100, fire);
    queue(sender, 200, police);
    kernel.answers.add(-LinuxCalls.ENOBUFS);
    sender.flush();
    assertThat(leg(fire).dropped(DropReason.SEND_FULL)).isEqualTo(1);
    assertThat(leg(police).dropped(DropReason.SEND_FULL)).isZero();
  }

  @Test
  void whereRunsAreRefusedFramesGoOneByOneFromThenOn() {
    TrunkSender sender = sender();
    for (int round = 0; round < 2; round++) {
      queue(sender, 50, police);
      for (int i = 0; i < 10; i++) {
        queue(sender, 100, fire);
      }
      if (round == 0) {
        kernel.answers.addAll(List.of(1, -LinuxCalls.EIO));
      }
      sender.flush();
    }
    expectAllInOrder();
    assertThat(kernel.taken).hasSize(22).allMatch(message -> message.segment() == 0);
    assertThat(groups.dropped(DropReason.SEND_FAILED)).isZero();
  }

  @Test
  void aPathThatIsTooNarrowForLongFramesStillTakesRunsOfShortOnes() {
    TrunkSender sender = sender();
    queue(sender, 1400, fire);
    queue(sender, 1400, fire);
    queue(sender, 100, fire);
    queue(sender, 100, fire);
    kernel.answers.add(-LinuxCalls.EINVAL);
    sender.flush();
    expectAllInOrder();
    assertThat(kernel.taken).extracting(Message::segment).containsExactly(0, 0, 108);
  }

  @Test
  void aKernelWithoutRunsIsAskedForNone() {
    kernel.knowsRuns = false;
    TrunkSender sender = sender();
    queue(sender, 100, fire);
    queue(sender, 100, fire);
    sender.flush();
    assertThat(kernel.taken).hasSize(2).allMatch(message -> message.segment() == 0);
  }

  @Test
  void aRefusedMessageIsItsLegsLoss() {
    TrunkSender sender = sender();
    queue(sender, 100, fire);
    queue(sender, 200, police);
    kernel.answers.addAll(List.of(-LinuxCalls.EPERM, -LinuxCalls.EPERM));
    sender.flush();
    assertThat(leg(fire).dropped(DropReason.SEND_FORBIDDEN)).isEqualTo(1);
    assertThat(leg(police).dropped(DropReason.SEND_FORBIDDEN)).isZero();
    assertThat(leg(police).fault()).isNull();
  }
}
