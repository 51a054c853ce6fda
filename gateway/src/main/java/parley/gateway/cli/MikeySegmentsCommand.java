package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SmsFileName;
import parley.mikey.transport.SmsSegments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley mikey segments`: a message as short messages.
@Command(
    name = "segments",
    description = "Cuts a message into the user data of short messages, one file each.",
    footer = {
      "",
      "Each file has at most 140 octets: a header of concatenation (3GPP TS 23.040) and up to 134 of",
      "the message, which may have 1072. They are named SENDER.REFERENCE-NUMBER.sms, as a folder of",
      "GMKs (manager: file:FOLDER/) takes them. An SMS gateway sends them as 8-bit data with a user",
      "data header. Another message of the same sender needs another reference.",
      "",
      "Examples:",
      "  parley mikey segments inbox/sip_alice@example.org.mikey --out sms/",
      "  parley mikey segments 011a00010a0b0c0d... --sender +4791234567 --reference 7 --out sms/",
      "",
      "Exit codes: 0 written; 1 too long, or a file is there already; 2 usage."
    })
final class MikeySegmentsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE|MESSAGE",
      description = "A file or the message itself: octets, hexadecimal, base64, or SDP.")
  String message = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the files go; made if it is not there.")
  Path out = Path.of("");

  @Option(
      names = "--sender",
      paramLabel = "NUMBER",
      defaultValue = "parley",
      description = "Whom the files name as the sender (default: ${DEFAULT-VALUE}).")
  String sender = "";

  @Option(
      names = "--reference",
      paramLabel = "N",
      description = "0 to 255, the same for all segments (default: random).")
  @Nullable Integer reference;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, CommandFailed {
    byte[] octets = MikeyInput.read(message);
    int number = reference == null ? new SecureRandom().nextInt(256) : reference;
    PrintWriter terminal = spec.commandLine().getOut();
    try {
      List<byte[]> segments = SmsSegments.split(octets, number);
      Files.createDirectories(out);
      for (int i = 0; i < segments.size(); i++) {
        Path file = out.resolve(SmsFileName.of(sender, number, i + 1).toString());
        Files.write(file, segments.get(i), StandardOpenOption.CREATE_NEW);
        terminal.println(file);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          ExitCode.FAILED, e.getFile() + " is there already; choose another --reference", e);
    }
    terminal.flush();
    return ExitCode.OK.code();
  }
}
