package parley.gateway.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import parley.gateway.kms.UnsealDoor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms unseal`: a holder brings its share to a KMS that waits for it.
@Command(
    name = "unseal",
    description = "Brings shares to a KMS or an issuer that was started sealed.",
    footer = {
      "",
      "'parley kms run --sealed' and 'parley kms issuer --sealed' wait beside their vault until as",
      "many holders have come as its ceremony said: each by this command, on the same host as the",
      "same user, one after the other. Nothing is written anywhere.",
      "",
      "Examples:",
      "  parley kms unseal --vault kms.vault --share alice",
      "  parley kms unseal --vault kms.vault --share alice=alice.pass --share bob=bob.pass"
    })
final class KmsUnsealCommand implements Callable<Integer> {
  private static final int MOST_OCTETS = 1024;

  @Option(names = "--vault", required = true, paramLabel = "FILE", description = "The vault.")
  Path vault = Path.of("");

  @Option(
      names = "--share",
      required = true,
      paramLabel = "HOLDER[=FILE]",
      mapFallbackValue = "",
      description = "A holder of a share and the passphrase file (default: asked); repeatable.")
  Map<String, Path> shares = new LinkedHashMap<>();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws CommandFailed, IOException {
    for (Map.Entry<String, Path> share : shares.entrySet()) {
      String holder = share.getKey();
      byte[] passphrase =
          share.getValue().equals(KeySource.ASK) ? asked(holder) : read(share.getValue());
      String answer =
          UnsealDoor.bring(vault, holder, passphrase)
              .orElseThrow(() ->
                  new CommandFailed(
                      ExitCode.MISSING_PREREQUISITE,
                      "nobody waits beside %s; start 'parley kms run --sealed' first"
                          .formatted(vault)));
      if (!UnsealDoor.isTaken(answer)) {
        throw new CommandFailed(ExitCode.VAULT, answer);
      }
      spec.commandLine().getOut().println(answer);
    }
    return ExitCode.OK.code();
  }

  private static byte[] asked(String holder) throws CommandFailed {
    char[] typed = Terminal.ask("Passphrase of " + holder);
    ByteBuffer octets = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    Arrays.fill(typed, '\0');
    byte[] passphrase = new byte[octets.remaining()];
    octets.get(passphrase).rewind().put(new byte[passphrase.length]);
    return passphrase;
  }

  /// Its first line, without the line end.
  private static byte[] read(Path file) throws CommandFailed, IOException {
    if (!Files.exists(file) || Files.size(file) > MOST_OCTETS) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE, file + " is no file with a passphrase");
    }
    byte[] all = Files.readAllBytes(file);
    int end = 0;
    while (end < all.length && all[end] != '\n' && all[end] != '\r') {
      end++;
    }
    byte[] passphrase = Arrays.copyOf(all, end);
    Arrays.fill(all, (byte) 0);
    return passphrase;
  }
}
