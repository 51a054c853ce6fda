package parley.mikey.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
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

/// The manager's side of GMK distribution: the MIKEY-SAKKE I_MESSAGE to one member (wire profile,
/// section 2).
///
/// HDR, T, RAND, IDRi, IDRr, IDRkmsi, IDRkmsr, SAKKE, key parameters, SIGN. The GMK goes as the SSV
/// under the member's identifier, its id as CSB ID xor the member's salt.
public final class GmkDistribution {
  static final int RAND_OCTETS = 16;
  static final int PARAMETER_SET = 1;

  private GmkDistribution() {}

  /// One message; the caller owns the octets.
  ///
  /// `signer` signs as the offer's manager in the period of `t`; `kms` certified both sides.
  public static byte[] seal(
      GmkOffer offer, EccsiSigner signer, KmsCertificate kms, NtpTimestamp t, SecureRandom random) {
    return seal(List.of(offer), signer, kms, t, random).getFirst();
  }

  /// A message for each of these offers, in their order; the caller owns the octets. Sixty-four and
  /// more at once cost the least.
  ///
  /// @throws IllegalArgumentException unless all offer the same GMK
  public static List<byte[]> seal(
      List<GmkOffer> offers,
      EccsiSigner signer,
      KmsCertificate kms,
      NtpTimestamp t,
      SecureRandom random) {
    List<byte[]> encapsulated = encapsulated(offers, kms, t);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < offers.size(); i++) {
      MikeyMessage blank = blank(offers.get(i), encapsulated.get(i), kms, t, random);
      messages.add(signed(MikeyWriter.write(blank), signer, random));
    }
    return messages;
  }

  /// The GMK under the identifier of each UE.
  private static List<byte[]> encapsulated(
      List<GmkOffer> offers, KmsCertificate kms, NtpTimestamp t) {
    if (offers.isEmpty()) {
      return List.of();
    }
    GroupMasterKey gmk = offers.getFirst().gmk();
    if (offers.stream().anyMatch(offer -> offer.gmk() != gmk)) {
      throw new IllegalArgumentException("offers of one batch are of one GMK");
    }
    List<byte[]> ids = offers.stream().map(offer -> kms.identifier(offer.ue(), t)).toList();
    return kms.encKey().encapsulate(ids, gmk.key());
  }

  private static byte[] signed(byte[] octets, EccsiSigner signer, SecureRandom random) {
    int signedOctets = octets.length - EccsiSigner.SIGNATURE_OCTETS;
    byte[] signature = signer.sign(octets, 0, signedOctets, random);
    System.arraycopy(signature, 0, octets, signedOctets, signature.length);
    return octets;
  }

  /// The message with zeros where the signature will stand.
  private static MikeyMessage blank(
      GmkOffer offer,
      byte[] encapsulated,
      KmsCertificate kms,
      NtpTimestamp t,
      SecureRandom random) {
    int csbId = offer.gmk().csbIdFor(offer.ue());
    var header =
        new Header(DataType.SAKKE, false, MikeyPrf.HMAC_SHA_256, csbId, new CsIdMap.Empty(0));
    return new MikeyMessage(
        header,
        List.of(
            new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(t.octets())),
            new Payload.Rand(draw(RAND_OCTETS, random)),
            GroupCallLayout.idrUri(IdrRole.INITIATOR, offer.manager().uri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER, offer.ue().uri()),
            GroupCallLayout.idrUri(IdrRole.INITIATOR_KMS, kms.kmsUri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER_KMS, kms.kmsUri()),
            new Payload.Sakke(PARAMETER_SET, kms.userIdFormat().code(), Octets.of(encapsulated)),
            parameters(offer, csbId, t, random),
            new Payload.Sign(SignatureType.ECCSI, Octets.zeros(EccsiSigner.SIGNATURE_OCTETS))));
  }

  private static Payload.GeneralExtension parameters(
      GmkOffer offer, int csbId, NtpTimestamp t, SecureRandom random) {
    byte[] iv = draw(KeyParametersExtension.IV_OCTETS, random).bytes();
    return KeyParametersExtension.seal(
        KeyParameters.of(offer.gmk(), groups(offer)), offer.gmk().key(), csbId, t, iv);
  }

  /// A manager with an identity of its own may have many groups, so it says which this is for.
  private static List<Identity> groups(GmkOffer offer) {
    return offer.manager().equals(offer.group()) ? List.of() : List.of(offer.group());
  }

  private static Octets draw(int length, SecureRandom random) {
    var octets = new byte[length];
    random.nextBytes(octets);
    return Octets.of(octets);
  }
}
