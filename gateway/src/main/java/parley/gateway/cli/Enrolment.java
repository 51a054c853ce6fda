package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// What a KMS hands to a member without a network: keys of one period or more, inside a vault of
/// their own, so that no secret ever lies in a plain file. The KMS certificate is public and
/// travels as a file beside it.
final class Enrolment {
  private static final String TYPE = "issued";

  private Enrolment() {}

  static void write(Vault transfer, MemberKeys keys) throws VaultException {
    try (SecretBytes encoded = keys.encode()) {
      transfer.put(TYPE, keys.identity() + ", period " + keys.period().number(), encoded);
    }
  }

  /// Verifies and installs everything that `transfer` holds; tells what it was, one name for each
  /// key.
  static List<String> install(Vault transfer, KmsCertificate kms, Vault member)
      throws VaultException, InvalidKey, CommandFailed {
    List<String> names = transfer.names(TYPE);
    if (names.isEmpty()) {
      throw new CommandFailed(
          ExitCode.KEYS, transfer + " holds no issued keys; 'parley kms issue' writes them");
    }
    for (String name : names) {
      try (SecretBytes encoded = transfer.read(TYPE, name).orElseThrow();
          MemberKeys keys = MemberKeys.decode(encoded)) {
        Member.install(member, kms, keys);
      }
    }
    return names;
  }

  static KmsCertificate readCertificate(Path file) throws IOException, CommandFailed {
    try {
      return KmsCertificate.decode(Files.readAllBytes(file));
    } catch (InvalidKey e) {
      throw new CommandFailed(
          ExitCode.KEYS, file + " is no KMS certificate (" + e.getMessage() + ")", e);
    }
  }
}
