package parley.mikey.group;

import java.security.SecureRandom;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.secret.SecretBytes;

/// One key from one user to another user or a server: the MIKEY-SAKKE I_MESSAGE in the form that
/// [GmkDistribution] gives it as well.
///
/// HDR, T, RAND, IDRi, IDRr, IDRkmsi, IDRkmsr, SAKKE, key parameters, SIGN. The key goes as the SSV
/// under the responder's identifier.
public final class KeyTransport {
  private final Identity initiator;
  private final Identity responder;
  private final KmsCertificate kms;
  private final NtpTimestamp t;
  private final int csbId;

  KeyTransport(
      Identity initiator, Identity responder, KmsCertificate kms, NtpTimestamp t, int csbId) {
    this.initiator = initiator;
    this.responder = responder;
    this.kms = kms;
    this.t = t;
    this.csbId = csbId;
  }

  /// A PCK or CSK from `initiator`, as whom `signer` signs in the period of the key's T, to
  /// `responder`; both are certified by `kms`. Its id is the CSB ID (TS 33.180, annex G). The
  /// caller owns the octets; `key` stays the caller's.
  ///
  /// @throws IllegalArgumentException if `kms` is not of TS 33.180, which alone knows these keys
  public static byte[] seal(
      TransportedKey key,
      Identity initiator,
      Identity responder,
      EccsiSigner signer,
      KmsCertificate kms,
      SecureRandom random) {
    if (kms.userIdFormat() != UserIdFormat.TS_33180) {
      throw new IllegalArgumentException(kms + " has no identifiers of TS 33.180");
    }
    byte[] id = kms.identifier(responder, key.issued());
    return new KeyTransport(initiator, responder, kms, key.issued(), key.id())
        .seal(kms.encKey().encapsulate(id, key.key()), key.key(), key.parameters(), signer, random);
  }

  /// The message around a key that is encapsulated already.
  byte[] seal(
      byte[] encapsulated,
      SecretBytes key,
      KeyParameters about,
      EccsiSigner signer,
      SecureRandom random) {
    Octets rand = draw(KeyEnvelope.RAND_OCTETS, random);
    byte[] iv = draw(KeyParametersExtension.IV_OCTETS, random).bytes();
    Payload.GeneralExtension parameters = KeyParametersExtension.seal(about, key, csbId, t, iv);
    byte[] octets = MikeyWriter.write(blank(rand, encapsulated, parameters));
    SignedTail.put(octets, signer, random);
    return octets;
  }

  /// The message with zeros where the signature will stand.
  private MikeyMessage blank(
      Octets rand, byte[] encapsulated, Payload.GeneralExtension parameters) {
    var header =
        new Header(DataType.SAKKE, false, MikeyPrf.HMAC_SHA_256, csbId, new CsIdMap.Empty(0));
    int scheme = kms.userIdFormat().code();
    return new MikeyMessage(
        header,
        List.of(
            new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(t.octets())),
            new Payload.Rand(rand),
            GroupCallLayout.idrUri(IdrRole.INITIATOR, initiator.uri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER, responder.uri()),
            GroupCallLayout.idrUri(IdrRole.INITIATOR_KMS, kms.kmsUri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER_KMS, kms.kmsUri()),
            new Payload.Sakke(KeyEnvelope.PARAMETER_SET, scheme, Octets.of(encapsulated)),
            parameters,
            new Payload.Sign(SignatureType.ECCSI, Octets.zeros(EccsiSigner.SIGNATURE_OCTETS))));
  }

  private static Octets draw(int length, SecureRandom random) {
    var octets = new byte[length];
    random.nextBytes(octets);
    return Octets.of(octets);
  }
}
