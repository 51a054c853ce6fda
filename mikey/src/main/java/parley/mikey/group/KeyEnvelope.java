package parley.mikey.group;

import java.util.Optional;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// What both grammars of a MIKEY-SAKKE I_MESSAGE end in, ours and that of TS 33.180: signed octets
/// around one encapsulated key. Immutable, thread-safe.
///
/// The static steps read what is the same in both, at the place where the caller's grammar has it.
final class KeyEnvelope {
  static final int RAND_OCTETS = 16;
  static final int PARAMETER_SET = 1;
  static final int SIGNATURE_OCTETS = 129;

  private final byte[] octets;
  private final NtpTimestamp timestamp;
  private final Payload.Sakke sakke;
  private final Octets signature;

  /// `octets` belong to this object from now on.
  KeyEnvelope(byte[] octets, NtpTimestamp timestamp, Payload.Sakke sakke, Octets signature) {
    this.octets = octets;
    this.timestamp = timestamp;
    this.sakke = sakke;
    this.signature = signature;
  }

  static void requireHeader(Header header, PayloadSequence in) throws MalformedMessage {
    in.require(header.dataType() == DataType.SAKKE, "not a SAKKE message");
    in.require(!header.verificationWanted(), "V bit set");
    in.require(header.prf() == MikeyPrf.HMAC_SHA_256, "PRF is " + header.prf());
  }

  static Octets rand(PayloadSequence in) throws MalformedMessage {
    Octets rand = in.next(Payload.Rand.class).value();
    in.require(rand.length() >= RAND_OCTETS, "RAND of " + rand.length() + " octets");
    return rand;
  }

  static Payload.Sakke sakke(PayloadSequence in) throws MalformedMessage {
    var sakke = in.next(Payload.Sakke.class);
    in.require(sakke.parameterSet() == PARAMETER_SET, "not parameter set 1");
    return sakke;
  }

  static Octets signature(PayloadSequence in) throws MalformedMessage {
    var sign = in.next(Payload.Sign.class);
    in.require(
        sign.type() == SignatureType.ECCSI && sign.signature().length() == SIGNATURE_OCTETS,
        "SIGN is no ECCSI signature of 129 octets");
    return sign.signature();
  }

  /// A copy.
  byte[] octets() {
    return octets.clone();
  }

  NtpTimestamp timestamp() {
    return timestamp;
  }

  int idScheme() {
    return sakke.idScheme();
  }

  byte[] signedDigest() {
    return Sha256.of(octets, signedOctets());
  }

  private int signedOctets() {
    return octets.length - SIGNATURE_OCTETS;
  }

  /// Whether `signer` signed this with keys of `kms` for the period of T.
  boolean isSigned(Identity signer, KmsCertificate kms, EccsiVerifier verifier) {
    return isSigned(kms.identifier(signer, timestamp), kms, verifier);
  }

  boolean isSigned(byte[] signerId, KmsCertificate kms, EccsiVerifier verifier) {
    return verifier.verify(kms.authKey(), signerId, octets, 0, signedOctets(), signature.bytes());
  }

  /// The key, which the caller closes; absent if it was not encrypted to this receiver.
  Optional<SecretBytes> decapsulate(SakkeReceiver receiver) {
    return receiver.decapsulate(sakke.data().bytes());
  }
}
