package parley.mikey.group;

import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.IdrRole;
import parley.mikey.message.KeyPurpose;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// An I_MESSAGE of TS 33.180 (E.1) with a PCK, a CSK or a GMK, as others write it. Nothing in it is
/// true until [#isSigned]; then [#open] may pay for the pairing. Immutable, thread-safe.
///
/// Looser than our own [UnverifiedGmkDistribution] where the standard leaves freedom, and only
/// there: HDR is first and SIGN last, the order between them is free; a user goes by a URI (IDR
/// roles 1, 2), by the hashed UID (roles 8, 9), or by both; crypto sessions, security policies, key
/// parameters and the sender's own copy (extension 6) may be there or not.
public final class UnverifiedKeyTransport {
  private static final String CLAUSE = "TS 33.180, E.1";
  private static final int UID_OCTETS = 32;

  private final KeyPurpose purpose;
  private final int csbId;
  private final Octets rand;
  private final Party initiator;
  private final Party responder;
  private final Optional<Payload.GeneralExtension> parameters;
  private final KeyEnvelope envelope;

  /// A user or server as the message names it: by URI, by UID or by both, and its KMS.
  private record Party(Optional<String> uri, Optional<Octets> uid, String kmsUri) {
    boolean is(Identity who, KmsCertificate kms, NtpTimestamp t) {
      return isOf(kms)
          && uri.map(named -> named.equals(who.uri())).orElse(true)
          && uid.map(hash -> hash.equals(Octets.of(kms.identifier(who, t)))).orElse(true);
    }

    /// Absent without a URI, and for one that is not canonical.
    Optional<Identity> identity() {
      try {
        return uri.map(Identity::new);
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }

    boolean isOf(KmsCertificate kms) {
      return kms.kmsUri().equals(kmsUri) && kms.userIdFormat() == UserIdFormat.TS_33180;
    }

    @Override
    public String toString() {
      return uri.orElseGet(() -> "UID " + HexFormat.of().formatHex(uid.orElseThrow().bytes()));
    }
  }

  private UnverifiedKeyTransport(byte[] octets, MikeyMessage message) throws MalformedMessage {
    var in = new PayloadSequence(message, ordered(message.payloads()), CLAUSE);
    KeyEnvelope.requireHeader(message.header(), in);
    in.require(!(message.header().map() instanceof CsIdMap.SrtpId), "a map of type SRTP-ID");
    csbId = message.header().csbId();
    purpose = purpose(csbId, in);
    NtpTimestamp timestamp = in.ntpUtc();
    rand = KeyEnvelope.rand(in);
    initiator = party(IdrRole.INITIATOR, IdrRole.INITIATOR_UID, IdrRole.INITIATOR_KMS, in);
    responder = party(IdrRole.RESPONDER, IdrRole.RESPONDER_UID, IdrRole.RESPONDER_KMS, in);
    in.skip(Payload.SecurityPolicy.class);
    Payload.Sakke sakke = KeyEnvelope.sakke(in);
    in.require(sakke.idScheme() == UserIdFormat.TS_33180.code(), "the identifiers are no UIDs");
    in.extensionIf(Payload.GeneralExtension.SAKKE_TO_SELF);
    parameters = in.extensionIf(Payload.GeneralExtension.KEY_PARAMETERS);
    envelope = new KeyEnvelope(octets, timestamp, sakke, KeyEnvelope.signature(in));
    in.end();
  }

  private static KeyPurpose purpose(int csbId, PayloadSequence in) throws MalformedMessage {
    KeyPurpose purpose =
        KeyPurpose.ofId(csbId).orElseThrow(() -> in.malformed("the CSB ID has no purpose tag"));
    return switch (purpose) {
      case GMK, PCK, CSK -> purpose;
      case SPK, MKFC, MSCCK, MUSIK -> throw in.malformed("a " + purpose + " is not read here");
    };
  }

  private static Party party(IdrRole byUri, IdrRole byUid, IdrRole kms, PayloadSequence in)
      throws MalformedMessage {
    Optional<String> uri = in.isIdr(byUri) ? Optional.of(in.printableUri(byUri)) : Optional.empty();
    Optional<Octets> uid = in.isIdr(byUid) ? Optional.of(uid(byUid, in)) : Optional.empty();
    in.require(uri.isPresent() || uid.isPresent(), byUri + " has neither URI nor UID");
    return new Party(uri, uid, in.printableUri(kms));
  }

  /// 32 octets that others send under the type of a URI.
  private static Octets uid(IdrRole role, PayloadSequence in) throws MalformedMessage {
    Octets uid = in.next(Payload.Idr.class).value();
    in.require(uid.length() == UID_OCTETS, role + " has " + uid.length() + " octets");
    return uid;
  }

  /// The payloads in the order in which they are read here. What has no place in it comes before
  /// SIGN, where nothing waits for it.
  private static List<Payload> ordered(List<Payload> payloads) {
    return payloads.stream().sorted(Comparator.comparingInt(UnverifiedKeyTransport::rank)).toList();
  }

  private static int rank(Payload payload) {
    return switch (payload) {
      case Payload.Timestamp _ -> 0;
      case Payload.Rand _ -> 1;
      case Payload.Idr idr -> rank(idr.role());
      case Payload.SecurityPolicy _ -> 8;
      case Payload.Sakke _ -> 9;
      case Payload.GeneralExtension extension ->
          extension.type() == Payload.GeneralExtension.SAKKE_TO_SELF ? 10 : 11;
      case Payload.Kemac _,
          Payload.Pke _,
          Payload.Dh _,
          Payload.Id _,
          Payload.Cert _,
          Payload.CertHash _,
          Payload.Verification _,
          Payload.ErrorReport _ ->
          12;
      case Payload.Sign _ -> 13;
    };
  }

  private static int rank(IdrRole role) {
    return switch (role) {
      case INITIATOR -> 2;
      case INITIATOR_UID -> 3;
      case INITIATOR_KMS -> 4;
      case RESPONDER -> 5;
      case RESPONDER_UID -> 6;
      case RESPONDER_KMS -> 7;
      case KMS, PRE_SHARED_KEY, APPLICATION -> 12;
    };
  }

  /// Reads one I_MESSAGE; copies the octets.
  public static UnverifiedKeyTransport read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new UnverifiedKeyTransport(own, MikeyReader.read(own));
  }

  public KeyPurpose purpose() {
    return purpose;
  }

  /// PCK-ID or CSK-ID; for a GMK its id xor the responder's salt.
  public int csbId() {
    return csbId;
  }

  public NtpTimestamp timestamp() {
    return envelope.timestamp();
  }

  /// Who claims to have signed it: a URI, in any form, or the UID in hexadecimal. For people.
  public String initiator() {
    return initiator.toString();
  }

  /// Whom it is for, in the same words.
  public String responder() {
    return responder.toString();
  }

  Octets rand() {
    return rand;
  }

  /// Whether all that the message says of its initiator is true of `who` at `kms`: its URI, its
  /// UID, or both. Not yet that it signed.
  public boolean isClaimedBy(Identity who, KmsCertificate kms) {
    return initiator.is(who, kms, timestamp());
  }

  /// Whether all that the message says of its responder is true of `who` at `kms`.
  public boolean isFor(Identity who, KmsCertificate kms) {
    return responder.is(who, kms, timestamp());
  }

  public String initiatorKmsUri() {
    return initiator.kmsUri();
  }

  public String responderKmsUri() {
    return responder.kmsUri();
  }

  /// SHA-256 of the signed octets: equal for a repeat, whatever became of its signature.
  public byte[] signedDigest() {
    return envelope.signedDigest();
  }

  /// Whether `expectedSigner`, whom the receiver expects and not the message, signed this with keys
  /// of `kms`. What the message names beside it must agree, both URI and UID.
  public boolean isSigned(Identity expectedSigner, KmsCertificate kms, EccsiVerifier verifier) {
    return initiator.is(expectedSigner, kms, timestamp())
        && envelope.isSigned(expectedSigner, kms, verifier);
  }

  /// Whether the initiator that the message itself names signed it with keys of `kms`: for a look
  /// at it, not for a receiver. A UID alone is enough for that, though it says nobody's name.
  public boolean isSignedAsClaimed(KmsCertificate kms, EccsiVerifier verifier) {
    if (!initiator.isOf(kms)) {
      return false;
    }
    if (initiator.uri().isEmpty()) {
      return envelope.isSigned(initiator.uid().orElseThrow().bytes(), kms, verifier);
    }
    Optional<Identity> named = initiator.identity();
    return named.isPresent() && isSigned(named.get(), kms, verifier);
  }

  /// The key, which the caller closes; absent if the message was not encrypted to this receiver.
  ///
  /// Only after [#isSigned]. `receiver` is that of `who` at `kms` in the period of [#timestamp].
  ///
  /// @throws MalformedMessage if it is for another one, or the key or its parameters are wrong
  public Optional<TransportedKey> open(Identity who, KmsCertificate kms, SakkeReceiver receiver)
      throws MalformedMessage {
    require(responder.is(who, kms, timestamp()), "this is for " + responder);
    Optional<SecretBytes> ssv = envelope.decapsulate(receiver);
    if (ssv.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(key(who, ssv.get()));
    } catch (MalformedMessage e) {
      ssv.get().close();
      throw e;
    }
  }

  /// The GMK of `group`, whose manager signs as `signer`; the caller closes it. Absent if the
  /// message was not encrypted to this receiver.
  ///
  /// Only after [#isSigned] by that signer. `receiver` is that of `who` at `kms` in the period of
  /// [#timestamp].
  ///
  /// @throws MalformedMessage if it brings another kind of key, for another member or group, or
  ///   says nothing of its period of use
  public Optional<GroupMasterKey> openGmk(
      Identity group, Identity signer, Identity who, KmsCertificate kms, SakkeReceiver receiver)
      throws MalformedMessage {
    require(purpose == KeyPurpose.GMK, "this brings a " + purpose);
    require(parameters.isPresent(), "no key parameters here");
    Optional<TransportedKey> opened = open(who, kms, receiver);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (TransportedKey key = opened.get()) {
      List<Identity> groups = key.groups();
      require(
          groups.isEmpty() ? signer.equals(group) : groups.contains(group),
          "this GMK is not for " + group);
      return Optional.of(
          GroupMasterKey.of(
              group,
              key.id(),
              key.key().duplicate(),
              timestamp(),
              key.activation(),
              key.expiry(),
              key.isRevoked()));
    }
  }

  private TransportedKey key(Identity who, SecretBytes key) throws MalformedMessage {
    require(key.length() == TransportedKey.KEY_OCTETS, "a key of " + key.length() + " octets");
    KeyParameters about =
        parameters.isPresent()
            ? KeyParametersExtension.open(parameters.get(), key, csbId)
            : KeyParameters.inForce(purpose, Instant.EPOCH, Instant.MAX);
    require(about.keyType() == purpose.code(), "key type " + about.keyType() + " in a " + purpose);
    require(about.activation().isBefore(about.expiry()), "the period of use is empty");
    int id = purpose == KeyPurpose.GMK ? csbId ^ GroupMasterKey.userSalt(key, who) : csbId;
    return TransportedKey.received(purpose, id, key, timestamp(), about);
  }

  private static void require(boolean holds, String otherwise) throws MalformedMessage {
    if (!holds) {
      throw new MalformedMessage(CLAUSE, 0, otherwise);
    }
  }

  @Override
  public String toString() {
    return "UnverifiedKeyTransport[%s, %s to %s, T %s]"
        .formatted(purpose, initiator, responder, timestamp());
  }
}
