package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.MessageVerdict;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.Dissection;
import parley.mikey.message.MalformedMessage;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley mikey decode`: what is in a MIKEY message.
@Command(
    name = "mikey",
    description = "Shows what is in a MIKEY message, and whether it is genuine.",
    subcommands = {
      MikeyCommand.DecodeCommand.class,
      MikeySampleCommand.class,
      MikeySegmentsCommand.class,
      MikeyJoinCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley mikey decode message.bin",
      "  parley mikey decode --kms-certificate kms.cert 'a=key-mgmt:mikey AQAFAA...'"
    })
final class MikeyCommand {
  /// `parley mikey decode`.
  @Command(
      name = "decode",
      description = "Prints a message field by field, and verifies it as far as keys are given.",
      footer = {
        "",
        "The message is a file or the argument itself: octets, hexadecimal, base64, or an SDP",
        "attribute a=key-mgmt:mikey. Nothing is stored and nobody is answered.",
        "",
        "A KMS certificate verifies who signed. A member's vault verifies that and the MAC, and opens",
        "the keys; they are printed with --show-secrets only.",
        "",
        "Examples:",
        "  parley mikey decode message.bin",
        "  parley mikey decode 011a00010a0b0c0d...",
        "  parley mikey decode --kms-certificate kms.cert offer.sdp",
        "  parley mikey decode --vault alice.vault --identity sip:alice@example.org message.bin",
        "",
        "Exit codes: 0 well-formed, and genuine as far as it was verified; 1 malformed or not",
        "genuine; 2 usage; 5 vault or passphrase; 7 keys missing."
      })
  static final class DecodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|MESSAGE", description = "The message.")
    String message = "";

    @Option(
        names = "--kms-certificate",
        paramLabel = "FILE",
        description = "The public keys of a KMS.")
    @Nullable Path certificate;

    @ArgGroup(exclusive = false, heading = "The vault of a member that the message is for:%n")
    @Nullable OwnVault own;

    @Option(names = "--identity", paramLabel = "URI", description = "Which member of the vault.")
    @Nullable Identity identity;

    @Option(
        names = "--show-secrets",
        description = "Print the keys that were opened. Whoever sees them can listen and forge.")
    boolean showSecrets;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call()
        throws IOException, CommandFailed, InvalidKey, VaultException, KeysMissing {
      byte[] octets = MikeyInput.read(message);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("MIKEY message, %d octets%n", octets.length);
      try {
        Dissection.of(octets).parts().forEach(part -> print(out, part));
      } catch (MalformedMessage e) {
        throw new CommandFailed(ExitCode.FAILED, "this is no MIKEY message: " + e.getMessage(), e);
      }
      boolean genuine = true;
      for (MessageVerdict verdict : verdicts(octets)) {
        out.println(verdict.sentence());
        genuine &= verdict.isGood();
      }
      out.flush();
      return (genuine ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static void print(PrintWriter out, Dissection.Part part) {
      out.printf("%6d  %-18s %s%n", part.offset(), part.name(), part.text());
      part.details().forEach(detail -> out.printf("%27s%s%n", "", detail));
    }

    private List<MessageVerdict> verdicts(byte[] octets)
        throws IOException, CommandFailed, InvalidKey, VaultException, KeysMissing {
      if (own == null) {
        return certificate == null
            ? List.of()
            : MessageVerdict.signature(octets, certificate(certificate));
      }
      if (identity == null) {
        throw new CommandFailed(
            ExitCode.USAGE, "--vault needs --identity, which of its members to be");
      }
      try (Vault opened = own.access().openToRead();
          Member member = Member.open(opened, identity, InstantSource.system())) {
        List<MessageVerdict> verdicts = new ArrayList<>();
        if (certificate != null) {
          verdicts.addAll(MessageVerdict.signature(octets, certificate(certificate)));
        }
        verdicts.addAll(MessageVerdict.ofMember(octets, member, showSecrets));
        return verdicts;
      }
    }

    private static KmsCertificate certificate(Path file) throws IOException, InvalidKey {
      return KmsCertificate.decode(Files.readAllBytes(file));
    }
  }
}
