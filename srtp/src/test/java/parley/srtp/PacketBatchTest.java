package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PacketBatchTest {
  private final PacketBatch batch = PacketBatch.allocate(3, 100);

  @Test
  void slotsAreAlignedAndHaveSlackBehindThem() {
    assertThat(batch.memory().isNative()).isTrue();
    for (int slot = 0; slot < 3; slot++) {
      assertThat((batch.memory().address() + batch.offset(slot)) % 64).isZero();
      long next = slot < 2 ? batch.offset(slot + 1) : batch.memory().byteSize();
      assertThat(next - batch.offset(slot)).isGreaterThanOrEqualTo(100 + 96);
    }
    assertThat(batch.buffer().capacity()).isEqualTo(batch.memory().byteSize());
  }

  @Test
  void aSlotStartsWithoutContextOrResult() {
    int slot = batch.add(Streams.rtp(1, 1));
    batch.context(slot, SrtpContext.receiver(Streams.session(Streams.gcm()), 1));
    batch.packetIndex(slot, 7);
    batch.clear();
    assertThat(batch.context(slot)).isNull();
    assertThat(batch.add(5)).isEqualTo(slot);
    assertThat(batch.context(slot)).isNull();
    assertThat(batch.verdict(slot)).isEqualTo(Verdict.NO_CONTEXT);
    assertThat(batch.packetIndex(slot)).isEqualTo(-1);
    assertThat(batch.length(slot)).isEqualTo(5);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> batch.add(101)).isInstanceOf(IllegalArgumentException.class);
    assertThat(batch.size()).isZero();
    batch.add(1);
    batch.add(1);
    batch.add(1);
    assertThatThrownBy(() -> batch.add(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void copiesASlotToAnotherBatch() {
    PacketBatch other = PacketBatch.allocate(2, 64);
    batch.packetIndex(batch.add(Streams.rtp(1, 9)), 9);
    int to = other.add(0);
    batch.copy(0, other, to);
    assertThat(other.octets(to)).isEqualTo(Streams.rtp(1, 9));
    assertThat(other.packetIndex(to)).isEqualTo(9);
  }
}
