package parley.keys.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;

/// Signs the head of the chain with the ECCSI key of its owner's identity, a gateway's for example.
///
/// What is signed is a text of our own, `parley audit seal` and what follows, which is no MIKEY
/// message: those begin with the octet 1. So neither can be taken for the other.
public final class Seal {
  private static final int CACHED_SIGNERS = 16;

  private Seal() {}

  /// Whoever can sign for the log's owner now.
  public interface Signer {
    Identity identity();

    /// With the key of the period that holds `at`.
    ///
    /// @throws Exception when there is none
    byte[] sign(byte[] octets, Instant at) throws Exception;
  }

  /// The seal as a line of the log: `target` is the signer, `outcome` the signature.
  static AuditLine line(long n, Instant at, String prev, Signer signer) throws Exception {
    byte[] signature = signer.sign(text(n, at, prev), at);
    return new AuditLine(
        n,
        at,
        AuditLine.LOG_ITSELF,
        AuditLine.SEAL,
        signer.identity().uri(),
        Base64.getEncoder().encodeToString(signature),
        prev);
  }

  /// Whether a seal line was signed by the identity that it names, with a key of `kms`.
  public static boolean isGenuine(AuditLine seal, KmsCertificate kms) {
    try {
      var signer = new Identity(seal.target());
      byte[] octets = text(seal.n(), seal.at(), seal.prev());
      return new EccsiVerifier(CACHED_SIGNERS)
          .verify(
              kms.authKey(),
              kms.identifier(signer, NtpTimestamp.of(seal.at())),
              octets,
              0,
              octets.length,
              Base64.getDecoder().decode(seal.outcome()));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static byte[] text(long n, Instant at, String prev) {
    return "parley audit seal\n%d\n%s\n%s\n"
        .formatted(n, at, prev)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
