package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;

/// A KMS that starts sealed, as after a reboot, until two of its three holders have come.
class KmsUnsealIT {
  @TempDir Path folder;
  private final List<ParleyProcess> processes = new ArrayList<>();
  private Path vault;
  private Path yaml;

  @BeforeEach
  void hold() throws Exception {
    var files = new BsfRig(folder);
    vault = files.file("sealed.vault");
    int port = FreePort.tcp();
    yaml =
        Files.writeString(
            files.file("kms.yaml"),
            """
            vault: {file: sealed.vault}
            url: https://localhost:%d
            https: {listen: "127.0.0.1:%d", certificate: kms.pem, key: kms-key.pem}
            admin: {listen: "127.0.0.1:0"}
            """
                .formatted(port, port));
    String[] holders = Stream.of("ann", "bea", "cleo").flatMap(this::share).toArray(String[]::new);
    assertThat(kms("init", holders, "--uri", "kms.example.org", "--needed", "2").exitCode())
        .isZero();
  }

  private Stream<String> share(String holder) {
    return Stream.of("--share", holder + "=" + passphrase(holder, "word of " + holder));
  }

  private Path passphrase(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name + ".pass"), text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Run kms(String verb, Object... words) {
    Stream<Object> own = Stream.of("kms", verb, "--vault", vault);
    Stream<Object> more =
        Stream.of(words)
            .flatMap(word -> word instanceof String[] some ? Stream.of(some) : Stream.of(word));
    return Run.of(Stream.concat(own, more).toArray());
  }

  private Run unseal(String holder) {
    return kms("unseal", "--share", holder + "=" + folder.resolve(holder + ".pass"));
  }

  private ParleyProcess sealed() throws Exception {
    var server = new ParleyProcess(List.of(), "kms", "run", "--config", yaml, "--sealed");
    processes.add(server);
    server.awaitSaying("sealed;");
    return server;
  }

  @AfterEach
  void end() {
    processes.forEach(ParleyProcess::close);
  }

  @Test
  void waitsForAsManyHoldersAsItsCeremonySaid() throws Exception {
    assertThat(unseal("ann").exitCode()).as("nobody waits yet").isEqualTo(3);
    ParleyProcess server = sealed();

    assertThat(unseal("ann").out()).contains("1 of 2 shares are here");
    assertThat(unseal("ann").out()).as("twice the same").contains("1 of 2");
    var _ = passphrase("bea", "wrong");
    Run wrong = unseal("bea");
    assertThat(wrong.exitCode()).isEqualTo(5);
    assertThat(wrong.err()).contains("wrong passphrase of the holder bea");
    var _ = passphrase("eve", "anything");
    assertThat(unseal("eve").err()).contains("eve holds no share");
    assertThat(server.said()).noneMatch(line -> line.contains("KMS ready"));

    assertThat(unseal("cleo").out()).contains("the vault is open");
    server.awaitSaying("KMS ready");
    assertThat(unseal("cleo").exitCode()).as("nobody waits any more").isEqualTo(3);
    assertThat(String.join("\n", server.said())).doesNotContain("word of");
    server.signal("TERM");
    assertThat(server.awaitEnd()).isZero();
  }

  @Test
  void endsWhenItIsTold() throws Exception {
    ParleyProcess server = sealed();
    server.signal("TERM");
    assertThat(server.awaitEnd()).isEqualTo(5);
    assertThat(folder.resolve("sealed.vault.unseal")).doesNotExist();
  }
}
