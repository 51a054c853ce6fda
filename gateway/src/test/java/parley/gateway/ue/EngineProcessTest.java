package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void seesItsVariablesAndTellsItsExitCode() throws Exception {
    assertThat(shell("test \"$PARLEY_SSRC\" = 77 && exit 9").await(PATIENCE)).isEqualTo(9);
  }

  @Test
  void aProgramThatIsNotThereIsNotStarted() {
    String nowhere = folder.resolve("nothing").toString();
    assertThatThrownBy(() -> EngineProcess.start(List.of(nowhere), Map.of()))
        .isInstanceOf(IOException.class);
  }

  /// A recorder finishes its file on SIGINT, whether it is the command or was started by it.
  @Test
  void endsWithSigintTheCommandAndWhatItStarted() throws Exception {
    Path ready = folder.resolve("ready");
    Path done = folder.resolve("done");
    String child =
        "trap 'echo finished > %s; exit' INT; touch %s; while :; do sleep 0.05; done"
            .formatted(done, ready);
    Path script = Files.writeString(folder.resolve("child.sh"), child);
    EngineProcess engine = shell("/bin/sh " + script + "; true");
    while (!Files.exists(ready)) {
      assertThat(engine.await(Duration.ofMillis(20))).isEqualTo(-1);
    }
    engine.stop();
    assertThat(done).hasContent("finished");
    assertThat(engine.await(PATIENCE)).isNotEqualTo(-1);
  }

  @Test
  void aPortIsOpenOnceSomebodyHasIt() throws Exception {
    InetSocketAddress address;
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      address = (InetSocketAddress) socket.getLocalSocketAddress();
      assertThat(LocalPorts.awaitOpen(address, PATIENCE)).isTrue();
    }
    assertThat(LocalPorts.awaitOpen(address, Duration.ZERO)).isFalse();
  }

  private static EngineProcess shell(String line) throws IOException {
    return EngineProcess.start(List.of("/bin/sh", "-c", line), Map.of("PARLEY_SSRC", "77"));
  }
}
