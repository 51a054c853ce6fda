package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpPolicy;

/// The table finds what a plain list would find.
class StreamTableTest {
  private static final SrtpPolicy WITHOUT_MKI = new SrtpPolicy(TestTalker.GCM.profile(), false, 0);

  private final PacketBatch batch = PacketBatch.allocate(1, 64);

  private static Stream stream(SrtpPolicy policy, int ssrc, int mki) {
    return new TestTalker(new NoCipher(), policy, ssrc, mki).burst(1).streams().getFirst();
  }

  private @Nullable Stream find(StreamTable table, int ssrc, int mki, boolean mkiOptional) {
    batch.clear();
    batch.add(ByteBuffer.allocate(40).putInt(36, mki).array());
    return table.find(batch, 0, ssrc, false, mkiOptional);
  }

  @Test
  void agreesWithAListUnderRandomCommands() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int run = 0; run < 20; run++) {
      StreamTable table = new StreamTable(16);
      List<Stream> model = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        if (model.size() < 16 && random.nextBoolean()) {
          Stream added = stream(TestTalker.GCM, random.nextInt(12), 1 + random.nextInt(3));
          table.add(added);
          model.add(added);
        } else if (!model.isEmpty()) {
          assertThat(table.remove(model.remove(random.nextInt(model.size())))).isTrue();
        }
        int ssrc = random.nextInt(12);
        int mki = 1 + random.nextInt(3);
        assertThat(find(table, ssrc, mki, false))
            .as("seed %d run %d step %d", seed, run, step)
            .isSameAs(first(model, ssrc, mki));
        assertThat(table.knows(ssrc)).isEqualTo(model.stream().anyMatch(s -> s.ssrc() == ssrc));
        assertThat(table.size()).isEqualTo(model.size());
      }
    }
  }

  private static @Nullable Stream first(List<Stream> model, int ssrc, int mki) {
    for (Stream stream : model) {
      if (stream.ssrc() == ssrc && stream.burst().mki() == mki) {
        return stream;
      }
    }
    return null;
  }

  @Test
  void refusesMoreThanItsBound() {
    StreamTable table = new StreamTable(2);
    table.add(stream(TestTalker.GCM, 1, 1));
    table.add(stream(TestTalker.GCM, 2, 1));
    assertThat(table.hasRoom(1)).isFalse();
    assertThatThrownBy(() -> table.add(stream(TestTalker.GCM, 3, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(table.remove(stream(TestTalker.GCM, 1, 1))).isFalse();
  }

  @Test
  void prefersAStreamWithItsMkiToOneWithout() {
    StreamTable table = new StreamTable(4);
    Stream bare = stream(WITHOUT_MKI, 5, 0);
    Stream marked = stream(TestTalker.GCM, 5, 7);
    table.add(bare);
    table.add(marked);
    assertThat(find(table, 5, 7, true)).isSameAs(marked);
    assertThat(find(table, 5, 8, true)).isSameAs(bare);
    assertThat(find(table, 5, 8, false)).isNull();
  }
}
