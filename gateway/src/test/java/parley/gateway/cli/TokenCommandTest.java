package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.AccessToken;
import parley.gateway.admin.TokensFile;
import parley.gateway.config.Role;

class TokenCommandTest {
  @TempDir Path folder;

  private Run token(String name, String role) {
    return Run.of("token", name, "--role", role, "--file", folder.resolve("tokens").toString());
  }

  @Test
  void showsATokenOnceAndKeepsItsHash() throws Exception {
    Run ops = token("ops", "operate");
    Run reader = token("prometheus", "read");

    assertThat(ops.exitCode()).as(ops.err()).isZero();
    assertThat(ops.out()).matches("parley_[A-Za-z0-9_-]{43}\n").isNotEqualTo(reader.out());
    Path file = folder.resolve("tokens");
    assertThat(Files.readString(file)).doesNotContain(ops.out().strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(TokensFile.read(file).tokens())
        .containsExactly(
            AccessToken.of("ops", Role.OPERATE, ops.out().strip()),
            AccessToken.of("prometheus", Role.READ, reader.out().strip()));
  }

  @Test
  void doesNotReplaceATokenSilently() throws Exception {
    assertThat(token("ops", "read").exitCode()).isZero();
    String before = Files.readString(folder.resolve("tokens"));

    Run again = token("ops", "operate");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("ops has a token already");
    assertThat(again.out()).isEmpty();
    assertThat(Files.readString(folder.resolve("tokens"))).isEqualTo(before);
  }

  @Test
  void refusesNamesThatTheFileCouldNotHold() {
    assertThat(token("two words", "read").exitCode()).isEqualTo(2);
    assertThat(token("#ops", "read").exitCode()).isEqualTo(2);
    assertThat(token("ops", "admin").exitCode()).isEqualTo(2);
    assertThat(folder.resolve("tokens")).doesNotExist();
  }
}
