package parley.mikey.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;

/// The manager's side of GMK distribution: the MIKEY-SAKKE I_MESSAGE to one member (wire profile,
/// section 2).
///
/// HDR, T, RAND, IDRi, IDRr, IDRkmsi, IDRkmsr, SAKKE, key parameters, SIGN. The GMK goes as the SSV
/// under the member's identifier, its id as CSB ID xor the member's salt.
public final class GmkDistribution {
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
      messages.add(sealed(offers.get(i), encapsulated.get(i), signer, kms, t, random));
    }
    return messages;
  }

  private static byte[] sealed(
      GmkOffer offer,
      byte[] encapsulated,
      EccsiSigner signer,
      KmsCertificate kms,
      NtpTimestamp t,
      SecureRandom random) {
    GroupMasterKey gmk = offer.gmk();
    return new KeyTransport(offer.manager(), offer.ue(), kms, t, gmk.csbIdFor(offer.ue()))
        .seal(encapsulated, gmk.key(), KeyParameters.of(gmk, groups(offer)), signer, random);
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

  /// A manager with an identity of its own may have many groups, so it says which this is for.
  private static List<Identity> groups(GmkOffer offer) {
    return offer.manager().equals(offer.group()) ? List.of() : List.of(offer.group());
  }
}
