package parley.mikey.group;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// A JOIN, REFRESH or LEAVE of the right grammar (wire profile, section 7). Nothing in it is true
/// until the checks here were made, in the order of [JoinGate] and [JoinVerifier]. Immutable,
/// thread-safe.
public final class UnverifiedJoin {
  private static final int DATA_TYPE_OFFSET = 1;
  private static final int SESSIONS_OFFSET = 8;

  private final byte[] octets;
  private final JoinFields fields;
  private final Octets mac;
  private final Octets signature;
  private final AnnouncementPlaces places;

  private UnverifiedJoin(byte[] octets, MikeyMessage message, JoinFields fields) {
    this.octets = octets;
    this.fields = fields;
    mac = ((Payload.Kemac) message.payloads().get(message.payloads().size() - 2)).mac();
    signature = ((Payload.Sign) message.payloads().getLast()).signature();
    places = AnnouncementPlaces.of(message);
  }

  /// Whether these octets are to be read as one: a pre-shared key message about no crypto session.
  public static boolean isOne(byte[] octets) {
    return octets.length > SESSIONS_OFFSET
        && octets[DATA_TYPE_OFFSET] == DataType.PRE_SHARED_KEY.code()
        && octets[SESSIONS_OFFSET] == 0;
  }

  /// Copies the octets.
  public static UnverifiedJoin read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    MikeyMessage message = MikeyReader.read(own);
    return new UnverifiedJoin(own, message, JoinFields.read(message));
  }

  public JoinVerb verb() {
    return fields.verb();
  }

  /// Null before the first answer.
  public @Nullable Octets cookie() {
    return fields.cookie();
  }

  public Identity ue() {
    return fields.ue();
  }

  public Identity group() {
    return fields.group();
  }

  public int gmkId() {
    return fields.gmkId();
  }

  public int csbId() {
    return fields.csbId();
  }

  public NtpTimestamp timestamp() {
    return fields.timestamp();
  }

  public String kmsUri() {
    return fields.kmsUri();
  }

  int octetCount() {
    return octets.length;
  }

  /// SHA-256 of the signed octets.
  byte[] replayKey() {
    return Sha256.of(octets, places.signedOctets());
  }

  /// SHA-256 of the whole message, its signature included.
  byte[] digest() {
    return Sha256.of(octets, octets.length);
  }

  /// Whether RAND binds the keys to this receiver. Needs no key.
  boolean isRandBound() {
    return BoundRand.isBound(
        fields.rand(), fields.ue(), fields.group(), fields.gmkId(), fields.csbId());
  }

  /// Whether a holder of `gmk` made this. A few microseconds.
  boolean isMacValid(GroupMasterKey gmk) {
    return MessageDigest.isEqual(
        keys(gmk).mac(JoinFields.MAC, places.authenticated(octets)), mac.bytes());
  }

  /// Whether [#ue] signed this with keys of that KMS for the period of [#timestamp].
  public boolean isSigned(KmsCertificate kms, EccsiVerifier verifier) {
    return verifier.verify(
        kms.authKey(),
        kms.identifier(ue(), timestamp()),
        octets,
        0,
        places.signedOctets(),
        signature.bytes());
  }

  PreSharedKeys keys(GroupMasterKey gmk) {
    return new PreSharedKeys(gmk, JoinFields.PRF, fields.csbId(), fields.rand());
  }

  @Override
  public String toString() {
    return "UnverifiedJoin[%s, CSB %s, %s in %s, T %s]"
        .formatted(verb(), GroupMasterKey.hex(csbId()), ue(), group(), timestamp());
  }
}
