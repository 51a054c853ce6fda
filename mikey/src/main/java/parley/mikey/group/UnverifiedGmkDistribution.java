package parley.mikey.group;

import java.util.List;
import java.util.Optional;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// A GMK distribution of the right grammar (wire profile, section 2). Nothing in it is true until
/// [#isSigned]; then [#open] may pay for the pairing. Immutable, thread-safe.
public final class UnverifiedGmkDistribution {
  private static final String CLAUSE = "parley profile, 2";

  private final int csbId;
  private final Octets rand;
  private final Identity initiator;
  private final Identity responder;
  private final String initiatorKmsUri;
  private final String responderKmsUri;
  private final Payload.GeneralExtension parameters;
  private final KeyEnvelope envelope;

  private UnverifiedGmkDistribution(byte[] octets, MikeyMessage message) throws MalformedMessage {
    csbId = message.header().csbId();
    var in = new PayloadSequence(message, CLAUSE);
    KeyEnvelope.requireHeader(message.header(), in);
    in.require(message.header().map().equals(new CsIdMap.Empty(0)), "a map of crypto sessions");
    in.require(GroupMasterKey.isGmkId(csbId), "the CSB ID hides no GMK-ID");
    NtpTimestamp timestamp = in.ntpUtc();
    rand = KeyEnvelope.rand(in);
    initiator = in.idrUri(IdrRole.INITIATOR);
    responder = in.idrUri(IdrRole.RESPONDER);
    initiatorKmsUri = in.printableUri(IdrRole.INITIATOR_KMS);
    responderKmsUri = in.printableUri(IdrRole.RESPONDER_KMS);
    Payload.Sakke sakke = KeyEnvelope.sakke(in);
    parameters = in.next(Payload.GeneralExtension.class);
    in.require(
        parameters.type() == Payload.GeneralExtension.KEY_PARAMETERS, "no key parameters here");
    envelope = new KeyEnvelope(octets, timestamp, sakke, KeyEnvelope.signature(in));
    in.end();
  }

  /// Reads one I_MESSAGE; copies the octets.
  public static UnverifiedGmkDistribution read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new UnverifiedGmkDistribution(own, MikeyReader.read(own));
  }

  /// The whole message; a copy.
  public byte[] octets() {
    return envelope.octets();
  }

  public int csbId() {
    return csbId;
  }

  public NtpTimestamp timestamp() {
    return envelope.timestamp();
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
    return envelope.idScheme();
  }

  /// SHA-256 of the signed octets: equal for a repeat, whatever became of its signature.
  public byte[] signedDigest() {
    return envelope.signedDigest();
  }

  /// Whether `expectedSigner`, taken from the receiver's own list of groups, signed this with keys
  /// of `kms`.
  public boolean isSigned(Identity expectedSigner, KmsCertificate kms, EccsiVerifier verifier) {
    return initiator.equals(expectedSigner)
        && initiatorKmsUri.equals(kms.kmsUri())
        && envelope.isSigned(expectedSigner, kms, verifier);
  }

  /// The GMK, which the caller closes; absent if the message was not encrypted to this receiver.
  ///
  /// Only after [#isSigned]. `receiver` is that of `ue` in the period of [#timestamp].
  ///
  /// @throws MalformedMessage if it is for another member or group, or its key parameters are wrong
  public Optional<GroupMasterKey> open(Identity group, Identity ue, SakkeReceiver receiver)
      throws MalformedMessage {
    require(responder.equals(ue), "this is for " + responder);
    Optional<SecretBytes> ssv = envelope.decapsulate(receiver);
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
    KeyParameters about = KeyParametersExtension.open(parameters, key, csbId);
    require(about.keyType() == KeyParameters.GMK, "key type " + about.keyType() + " is no GMK");
    require(isFor(group, about.groups()), "this GMK is not for " + group);
    require(about.activation().isBefore(about.expiry()), "the period of use is empty");
    return GroupMasterKey.of(
        group, gmkId, key, timestamp(), about.activation(), about.expiry(), about.isRevoked());
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
    return "UnverifiedGmkDistribution["
        + initiator
        + " to "
        + responder
        + ", T "
        + timestamp()
        + "]";
  }
}
