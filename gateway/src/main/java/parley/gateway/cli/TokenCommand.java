package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import parley.gateway.admin.AccessToken;
import parley.gateway.admin.TokensFile;
import parley.gateway.config.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley token`: somebody who may ask a gateway's admin server.
@Command(
    name = "token",
    description = "Makes an access token for a gateway's admin server and shows it once.",
    footer = {
      "",
      "The file keeps the name, the role and the SHA-256 of the token, not the token; a line that is",
      "deleted takes the access away. A running gateway reads the file again at its next reload,",
      "and its log says which tokens came and went.",
      "",
      "Examples:",
      "  parley token ops --role operate --file /etc/parley/tokens > ops.token",
      "  parley token prometheus --role read --file /etc/parley/tokens",
      "",
      "Exit codes: 0 made, 1 the name is taken or the file is wrong, 2 usage."
    })
final class TokenCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Whose token; stands in the audit log.")
  private String name = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "read|operate",
      description = "read: see everything; operate: change what the gateway does.")
  private Role role = Role.READ;

  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description =
          "The tokens file, admin.tokens in the configuration; made where it is not there.")
  private Path file = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws CommandFailed, IOException {
    if (!name.matches("[!-~&&[^#]]{1,64}")) {
      throw new CommandFailed(
          ExitCode.USAGE, "a name has 1 to 64 visible ASCII characters, no spaces and no #");
    }
    if (Files.exists(file)) {
      checkFree();
    }
    String token = AccessToken.draw(new SecureRandom());
    append(AccessToken.of(name, role, token).line() + "\n");
    PrintWriter out = spec.commandLine().getOut();
    out.println(token);
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "token of %s, role %s, added to %s; it is shown only now%n", name, role.label(), file);
    err.flush();
    return ExitCode.OK.code();
  }

  private void checkFree() throws CommandFailed {
    try {
      if (TokensFile.read(file).tokens().stream().anyMatch(t -> t.name().equals(name))) {
        throw new CommandFailed(
            ExitCode.FAILED, "%s has a token already; delete its line first".formatted(name));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private void append(String line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }
}
