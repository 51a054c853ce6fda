package parley.mikey.group;

import java.util.List;
import java.util.Optional;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// A GMK distribution of the right grammar (wire profile, section 2). Nothing in it is true until
/// [#isSigned]; then [#open] may pay for the pairing. Immutable, thread-safe.
public final class UnverifiedGmkDistribution {
  private static final String CLAUSE = "parley profile, 2";
  private static final int SIGNATURE_OCTETS = 129;

  private final byte[] octets;
  private final int csbId;
  private final NtpTimestamp timestamp;
  private final Octets rand;
  private final Identity initiator;
  private final Identity responder;
  private final String initiatorKmsUri;
  private final String responderKmsUri;
  private final Payload.Sakke sakke;
  private final Payload.GeneralExtension parameters;
  private final Octets signature;

  private UnverifiedGmkDistribution(byte[] octets, MikeyMessage message) throws MalformedMessage {
    this.octets = octets;
    csbId = message.header().csbId();
    var in = new PayloadSequence(message, CLAUSE);
    requireHeader(message.header(), in);
    timestamp = in.ntpUtc();
    rand = in.next(Payload.Rand.class).value();
    in.require(
        rand.length() >= GmkDistribution.RAND_OCTETS, "RAND of " + rand.length() + " octets");
    initiator = in.idrUri(IdrRole.INITIATOR);
    responder = in.idrUri(IdrRole.RESPONDER);
    initiatorKmsUri = in.kmsUri(IdrRole.INITIATOR_KMS);
    responderKmsUri = in.kmsUri(IdrRole.RESPONDER_KMS);
    sakke = in.next(Payload.Sakke.class);
    in.require(sakke.parameterSet() == GmkDistribution.PARAMETER_SET, "not parameter set 1");
    parameters = in.next(Payload.GeneralExtension.class);
    in.require(
        parameters.type() == Payload.GeneralExtension.KEY_PARAMETERS, "no key parameters here");
    signature = signature(in);
    in.end();
  }

  private static void requireHeader(Header header, PayloadSequence in) throws MalformedMessage {
    in.require(header.dataType() == DataType.SAKKE, "not a SAKKE message");
    in.require(!header.verificationWanted(), "V bit set");
    in.require(header.prf() == MikeyPrf.HMAC_SHA_256, "PRF is " + header.prf());
    in.require(header.map().equals(new CsIdMap.Empty(0)), "a map of crypto sessions");
  }

  private static Octets signature(PayloadSequence in) throws MalformedMessage {
    var sign = in.next(Payload.Sign.class);
    in.require(
        sign.type() == SignatureType.ECCSI && sign.signature().length() == SIGNATURE_OCTETS,
        "SIGN is no ECCSI signature of 129 octets");
    return sign.signature();
  }

  /// Reads one I_MESSAGE; copies the octets.
  public static UnverifiedGmkDistribution read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new UnverifiedGmkDistribution(own, MikeyReader.read(own));
  }

  /// The whole message; a copy.
  public byte[] octets() {
    return octets.clone();
  }

  public int csbId() {
    return csbId;
  }

  public NtpTimestamp timestamp() {
    return timestamp;
  }

  /// A copy.
  public byte[] rand() {
    return rand.bytes();
  }

  /// Who claims to have signed it; the receiver looks for the manager it knows, never for this.
  public Identity initiator() {
    return initiator;
  }

  /// Whom it is for.
  public Identity responder() {
    return responder;
  }

  /// The KMS of the signer.
  public String initiatorKmsUri() {
    return initiatorKmsUri;
  }

  /// The KMS under whose public key the GMK is encrypted.
  public String responderKmsUri() {
    return responderKmsUri;
  }

  /// The ID scheme of the SAKKE payload, which is the responder's UserIdFormat.
  public int idScheme() {
    return sakke.idScheme();
  }

  /// SHA-256 of the signed octets: equal for a repeat, whatever became of its signature.
  public byte[] signedDigest() {
    return Sha256.of(octets, signedOctets());
  }

  private int signedOctets() {
    return octets.length - SIGNATURE_OCTETS;
  }

  /// Whether `expectedSigner`, taken from the receiver's own list of groups, signed this with keys
  /// of `kms`.
  public boolean isSigned(Identity expectedSigner, KmsCertificate kms, EccsiVerifier verifier) {
    return initiator.equals(expectedSigner)
        && initiatorKmsUri.equals(kms.kmsUri())
        && verifier.verify(
            kms.authKey(),
            kms.identifier(expectedSigner, timestamp),
            octets,
            0,
            signedOctets(),
            signature.bytes());
  }

  /// The GMK, which the caller closes; absent if the message was not encrypted to this receiver.
  ///
  /// Only after [#isSigned]. `receiver` is that of `ue` in the period of [#timestamp].
  ///
  /// @throws MalformedMessage if it is for another member or group, or its key parameters are wrong
  public Optional<GroupMasterKey> open(Identity group, Identity ue, SakkeReceiver receiver)
      throws MalformedMessage {
    require(responder.equals(ue), "this is for " + responder);
    Optional<SecretBytes> ssv = receiver.decapsulate(sakke.data().bytes());
    if (ssv.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(gmk(group, ssv.get()));
    } catch (MalformedMessage e) {
      ssv.get().close();
      throw e;
    }
  }

  private GroupMasterKey gmk(Identity group, SecretBytes key) throws MalformedMessage {
    int gmkId = csbId ^ GroupMasterKey.userSalt(key, responder);
    require(GroupMasterKey.isGmkId(gmkId), "the CSB ID hides no GMK-ID");
    KeyParameters about = KeyParametersExtension.open(parameters, key, csbId);
    require(about.keyType() == KeyParameters.GMK, "key type " + about.keyType() + " is no GMK");
    require(isFor(group, about.groups()), "this GMK is not for " + group);
    require(about.activation().isBefore(about.expiry()), "the period of use is empty");
    return GroupMasterKey.of(
        group, gmkId, key, timestamp, about.activation(), about.expiry(), about.isRevoked());
  }

  /// A manager that signs as the group needs no list; any other names the groups.
  private boolean isFor(Identity group, List<Identity> groups) {
    return groups.isEmpty() ? initiator.equals(group) : groups.contains(group);
  }

  private void require(boolean holds, String otherwise) throws MalformedMessage {
    if (!holds) {
      throw new MalformedMessage(CLAUSE, 0, otherwise);
    }
  }

  @Override
  public String toString() {
    return "UnverifiedGmkDistribution[" + initiator + " to " + responder + ", T " + timestamp + "]";
  }
}
