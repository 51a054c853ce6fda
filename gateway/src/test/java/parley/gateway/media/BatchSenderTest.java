package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.PacketBatch;

/// A kernel that takes only so much, or refuses: what is lost is counted by leg and reason, the
/// rest goes on, and nothing stays queued.
class BatchSenderTest {
  private static final int FD = 77;
  private static final int RECEIVERS = 5;

  /// Answers as it is told, then takes everything.
  private static final class ScriptedKernel extends LinuxCalls {
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<Integer> offered = new ArrayList<>();
    private int cameBack;

    @Override
    int send(int fd, long messages, int most) {
      assertThat(fd).isEqualTo(FD);
      offered.add(most);
      return answers.isEmpty() ? most : answers.remove();
    }

    @Override
    int receiveError(int fd, long message) {
      return cameBack-- > 0 ? 0 : -EAGAIN;
    }
  }

  private final ScriptedKernel kernel = new ScriptedKernel();
  private final SendLosses losses = new SendLosses();
  private final BatchSender sender =
      new BatchSender(kernel, FD, false, true, new BatchErrors(), losses);
  private final GroupCounters counters = new GroupCounters();
  private final PacketBatch batch = PacketBatch.allocate(1, 64);
  private final List<LegCounters> legs = new ArrayList<>();
  private final List<Destination> receivers = new ArrayList<>();

  @BeforeEach
  void name() throws Exception {
    batch.add(new byte[] {1});
    for (int i = 0; i < RECEIVERS; i++) {
      InetAddress host = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) i});
      Leg leg = Leg.unicast(new InetSocketAddress(host, 5004));
      legs.add(counters.leg(leg, LegCounters.Direction.OUT));
      receivers.add(Destination.of(leg.address(), legs.getLast()));
    }
  }

  private void sendToAll() {
    receivers.forEach(to -> sender.queue(batch, 0, to));
    sender.flush();
  }

  private List<Long> dropped(DropReason reason) {
    return legs.stream().map(leg -> leg.dropped(reason)).toList();
  }

  @Test
  void whatAFullBufferDoesNotTakeIsDroppedAndCountedByLeg() {
    kernel.answers.addAll(List.of(2, -LinuxCalls.EAGAIN));
    sendToAll();
    assertThat(dropped(DropReason.SEND_FULL)).containsExactly(0L, 0L, 1L, 1L, 1L);
    sendToAll();
    assertThat(kernel.offered).as("nothing waits behind a flush").containsExactly(5, 3, 5);
  }

  /// A device that is full is on the way to some receivers, and not to all of the socket.
  @Test
  void aFullDeviceOnOneWayCostsTheOthersNothing() {
    kernel.answers.addAll(List.of(1, -LinuxCalls.ENOBUFS, 1, -LinuxCalls.ENOMEM));
    sendToAll();
    assertThat(dropped(DropReason.SEND_FULL)).containsExactly(0L, 1L, 0L, 1L, 0L);
    assertThat(kernel.offered).containsExactly(5, 4, 3, 2, 1);
    assertThat(legs.get(1).fault()).isNull();
  }

  @Test
  void aRefusedMessageIsCountedAndThoseBehindItGoOn() {
    kernel.answers.addAll(
        List.of(
            2,
            -LinuxCalls.ENETUNREACH,
            -LinuxCalls.ENETUNREACH,
            -LinuxCalls.EPERM,
            -LinuxCalls.EPERM));
    sendToAll();
    assertThat(dropped(DropReason.SEND_UNREACHABLE)).containsExactly(0L, 0L, 1L, 0L, 0L);
    assertThat(dropped(DropReason.SEND_FORBIDDEN)).containsExactly(0L, 0L, 0L, 1L, 0L);
    assertThat(legs.get(2).fault())
        .isEqualTo("there is no way to 10.0.0.2 now; see ip route get 10.0.0.2");
    assertThat(legs.get(3).fault()).contains("this host forbids sending to 10.0.0.3");
    assertThat(legs.get(4).fault()).isNull();
    assertThat(kernel.offered).containsExactly(5, 3, 3, 2, 2, 1);
  }

  /// Those that joined have one label.
  @Test
  void aReceiverThatIsGoneIsNoFaultOfThoseWithItsLabel() {
    LegCounters joined =
        counters.leg(legs.getFirst().leg().named("joined"), LegCounters.Direction.OUT);
    receivers.replaceAll(to -> Destination.of(to.address(), joined));
    kernel.answers.addAll(List.of(2, -LinuxCalls.ENETUNREACH, -LinuxCalls.ENETUNREACH));
    sendToAll();
    assertThat(joined.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);
    assertThat(joined.fault()).isNull();
  }

  /// How a talker begins: what is queued of both kinds is one system call, and one message, as the
  /// packet is the shorter one.
  @Test
  void anAnnouncementAndThePacketBehindItLeaveInOneCall() {
    Destination to = receivers.getFirst();
    sender.queue(ByteBuffer.allocate(400), to);
    sender.queue(batch, 0, to);
    assertThat(kernel.offered).isEmpty();
    sender.flush();
    assertThat(kernel.offered).containsExactly(1);
    sender.queue(ByteBuffer.allocate(400), Destination.of(to.address()));
    sender.queue(batch, 0, Destination.of(to.address()));
    sender.flush();
    assertThat(kernel.offered).as("two messages in the second call").containsExactly(1, 2);
  }

  @Test
  void whatComesBackOfOneReceiverIsNotTheLossOfAnother() {
    int connectionRefused = 111;
    kernel.cameBack = 3;
    kernel.answers.addAll(List.of(1, -connectionRefused, 2, -connectionRefused));
    sendToAll();
    for (DropReason reason : DropReason.values()) {
      assertThat(counters.dropped(reason)).as(reason.label()).isZero();
    }
  }

  @Test
  void anAnswerThatFoundNoRoomInTheErrorQueueHarmsNobody() {
    kernel.answers.addAll(List.of(-111, 3, -LinuxCalls.EHOSTUNREACH));
    sendToAll();
    assertThat(counters.dropped(DropReason.SEND_FAILED)).isZero();
    assertThat(counters.dropped(DropReason.SEND_UNREACHABLE)).isZero();
  }

  @Test
  void aMessageThatFailsForEverIsGivenUp() {
    kernel.cameBack = Integer.MAX_VALUE;
    for (int i = 0; i < 16; i++) {
      kernel.answers.add(-LinuxCalls.EMSGSIZE);
    }
    sender.queue(batch, 0, receivers.getFirst());
    sender.flush();
    assertThat(dropped(DropReason.SEND_FAILED).getFirst()).isEqualTo(1);
    assertThat(legs.getFirst().fault()).isEqualTo("sending to 10.0.0.0 fails: error 90");
  }

  @Test
  void aFullRingLeavesEarlyAndLongDatagramsDoNotOverflowIt() {
    for (int i = 0; i < SendRing.MOST + 1; i++) {
      sender.queue(batch, 0, receivers.get(i % 2));
    }
    assertThat(kernel.offered).containsExactly(SendRing.MOST);
    sender.flush();
    sender.queue(ByteBuffer.allocate(65_000), receivers.getFirst());
    sender.queue(ByteBuffer.allocate(65_000), receivers.getFirst());
    sender.flush();
    assertThat(kernel.offered).containsExactly(SendRing.MOST, 1, 1, 1);
  }

  private void sendInARow(Destination to, int datagrams) {
    for (int i = 0; i < datagrams; i++) {
      sender.queue(batch, 0, to);
    }
  }

  @Test
  void datagramsInARowToOneReceiverAreOneMessageAndAreCountedOneByOne() {
    kernel.answers.addAll(List.of(1, -LinuxCalls.ENOBUFS, -LinuxCalls.EAGAIN));
    sendInARow(receivers.get(0), 3);
    sendInARow(receivers.get(1), 4);
    sendInARow(receivers.get(2), SendRing.MOST_SEGMENTS + 1);
    sender.flush();
    assertThat(kernel.offered).containsExactly(4, 3, 2);
    assertThat(dropped(DropReason.SEND_FULL)).containsExactly(0L, 4L, 65L, 0L, 0L);
  }

  @ParameterizedTest
  @ValueSource(ints = {LinuxCalls.EIO, LinuxCalls.EINVAL, LinuxCalls.EMSGSIZE})
  void whereNothingIsCutApartDatagramsAreSentOneByOneFromThenOn(int refusal) {
    kernel.answers.addAll(List.of(-refusal, 3));
    for (int time = 0; time < 2; time++) {
      sendInARow(receivers.get(0), 3);
      sendInARow(receivers.get(1), 2);
      sender.flush();
    }
    assertThat(kernel.offered)
        .as("both; three apart; the other; three and the other")
        .containsExactly(2, 3, 1, 4);
    assertThat(dropped(DropReason.SEND_FAILED)).containsOnly(0L);
  }

  @Test
  void whatIsSentApartAndRefusedIsCountedOneByOne() {
    kernel.answers.addAll(List.of(-LinuxCalls.EIO, 1, -LinuxCalls.EPERM, -LinuxCalls.EPERM));
    sendInARow(receivers.get(0), 3);
    sender.flush();
    assertThat(dropped(DropReason.SEND_FORBIDDEN).getFirst()).isEqualTo(1);
    assertThat(kernel.offered).containsExactly(1, 3, 2, 2, 1);
  }

  @Test
  void lossesOfNobodysLegAreCountedByTheSocket() {
    kernel.answers.addAll(List.of(-LinuxCalls.EACCES, -LinuxCalls.EACCES, -LinuxCalls.EAGAIN));
    sender.queue(batch, 0, Destination.of(receivers.get(0).address()));
    sender.queue(batch, 0, Destination.of(receivers.get(1).address()));
    sender.flush();
    assertThat(losses.failed()).isEqualTo(1);
    assertThat(losses.full()).isEqualTo(1);
  }
}
