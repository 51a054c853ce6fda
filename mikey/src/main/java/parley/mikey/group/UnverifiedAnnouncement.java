package parley.mikey.group;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.KeyData;
import parley.mikey.message.KeyValidity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;

/// An announcement of the right grammar (wire profile, section 3). Nothing in it is true until the
/// checks here were made, in the order of [AnnouncementGate] and [AnnouncementVerifier]. Immutable,
/// thread-safe.
public final class UnverifiedAnnouncement {
  /// Octets of [#shortKey].
  public static final int SHORT_KEY_OCTETS = 16;

  private static final int TAIL_PAYLOADS = 2;
  private static final int SIGNATURE_OCTETS = 129;

  private final byte[] octets;
  private final AnnouncementProfile profile;
  private final AnnouncementFields fields;
  private final NtpTimestamp timestamp;
  private final Payload.Kemac kemac;
  private final Payload.Sign sign;
  private final AnnouncementPlaces places;

  private UnverifiedAnnouncement(
      byte[] octets, AnnouncementProfile profile, MikeyMessage message, AnnouncementFields fields)
      throws MalformedMessage {
    this.octets = octets;
    this.profile = profile;
    this.fields = fields;
    timestamp = new PayloadSequence(message, GroupCallLayout.CLAUSE).ntpUtc();
    kemac = (Payload.Kemac) message.payloads().get(message.payloads().size() - TAIL_PAYLOADS);
    sign = (Payload.Sign) message.payloads().getLast();
    places = AnnouncementPlaces.of(message);
  }

  /// Reads an announcement of the group call profile.
  public static UnverifiedAnnouncement read(byte[] octets) throws MalformedMessage {
    return read(octets, AnnouncementProfile.GROUP_CALL);
  }

  /// Reads an announcement of the named profile; copies the octets.
  public static UnverifiedAnnouncement read(byte[] octets, AnnouncementProfile profile)
      throws MalformedMessage {
    byte[] own = octets.clone();
    MikeyMessage message = MikeyReader.read(own);
    AnnouncementFields fields = profile.layout().read(message);
    var announcement = new UnverifiedAnnouncement(own, profile, message, fields);
    announcement.requireAlgorithms();
    return announcement;
  }

  private void requireAlgorithms() throws MalformedMessage {
    if (kemac.encryption() != EncryptionAlgorithm.AES_CM_128
        || kemac.macAlgorithm() != profile.mac()) {
      throw new MalformedMessage(
          GroupCallLayout.CLAUSE, places.kemacOffset(), "KEMAC algorithms are not the profile's");
    }
    if (sign.type() != SignatureType.ECCSI || sign.signature().length() != SIGNATURE_OCTETS) {
      throw new MalformedMessage(
          GroupCallLayout.CLAUSE,
          places.signedOctets(),
          "SIGN is no ECCSI signature of 129 octets");
    }
  }

  public AnnouncementProfile profile() {
    return profile;
  }

  /// The whole message; a copy.
  public byte[] octets() {
    return octets.clone();
  }

  public int csbId() {
    return fields.csbId();
  }

  public NtpTimestamp timestamp() {
    return timestamp;
  }

  /// A copy.
  public byte[] rand() {
    return fields.rand().bytes();
  }

  public Identity talker() {
    return fields.talker();
  }

  public Identity group() {
    return fields.group();
  }

  public int gmkId() {
    return fields.gmkId();
  }

  /// The KMS of the talker; empty under [AnnouncementProfile#RFC_3830_BASIC], which names none.
  public String kmsUri() {
    return fields.kmsUri();
  }

  public List<CryptoSession> sessions() {
    return fields.sessions();
  }

  /// The MKI that the map announces, [GroupSessionKey#NO_ID] if packets carry none. [#unwrap]
  /// insists that the encrypted key has the same.
  public int gskId() {
    return fields.gskId();
  }

  /// Null if the SP payload states none of ours.
  public @Nullable MediaPolicy policy() {
    return MediaPolicy.of(fields.policy()).orElse(null);
  }

  /// Null unless a gateway announces.
  public @Nullable BridgeOrigin origin() {
    return fields.origin();
  }

  /// SHA-256 of the signed octets, which stay the same where the signature itself is bent (s to q -
  /// s).
  public byte[] replayKey() {
    return Sha256.of(octets, places.signedOctets());
  }

  /// The first 16 octets of [#replayKey].
  public Octets shortKey() {
    return Octets.of(replayKey(), 0, SHORT_KEY_OCTETS);
  }

  /// Whether RAND binds the keys to this talker. Needs no key.
  public boolean isRandBound() {
    return BoundRand.isBound(fields);
  }

  /// Whether a holder of `gmk` made this. A few microseconds.
  public boolean isMacValid(GroupMasterKey gmk) {
    byte[] mac = keys(gmk).mac(profile.mac(), places.authenticated(octets));
    return MessageDigest.isEqual(mac, kemac.mac().bytes());
  }

  /// Whether [#talker] signed this with keys of that KMS for the period of [#timestamp]. Costs a
  /// scalar multiplication or two.
  public boolean isSigned(KmsCertificate kms, EccsiVerifier verifier) {
    return verifier.verify(
        kms.authKey(),
        kms.identifier(talker(), timestamp),
        octets,
        0,
        places.signedOctets(),
        sign.signature().bytes());
  }

  /// The session key; the caller closes it. Only after the MAC and the signature were found valid.
  ///
  /// @throws MalformedMessage if the key data is anything but one GSK under the announced id
  public GroupSessionKey unwrap(GroupMasterKey gmk) throws MalformedMessage {
    byte[] plaintext = keys(gmk).crypt(timestamp, kemac.encryptedData().bytes());
    try {
      return onlyKey(KeyData.read(plaintext));
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private GroupSessionKey onlyKey(List<KeyData> keys) throws MalformedMessage {
    KeyData key = keys.getFirst();
    OptionalInt gskId = gskId(key.validity());
    boolean isGsk =
        keys.size() == 1
            && key.type() == KeyData.Type.TGK
            && key.key().length() == GroupSessionKey.KEY_OCTETS
            && gskId.isPresent()
            && isAnnounced(gskId.getAsInt());
    if (!isGsk) {
      keys.forEach(KeyData::close);
      throw new MalformedMessage(
          GroupCallLayout.CLAUSE, places.kemacOffset(), "the key data is not the announced GSK");
    }
    return GroupSessionKey.of(gskId.getAsInt(), key.key());
  }

  private static OptionalInt gskId(KeyValidity validity) {
    return switch (validity) {
      case KeyValidity.Unlimited _ -> OptionalInt.of(GroupSessionKey.NO_ID);
      case KeyValidity.Spi spi -> gskId(spi.value());
      case KeyValidity.Interval _ -> OptionalInt.empty();
    };
  }

  private static OptionalInt gskId(Octets spi) {
    boolean isGskId =
        spi.length() == GroupSessionKey.ID_OCTETS && GroupSessionKey.isGskId(spi.intAt(0));
    return isGskId ? OptionalInt.of(spi.intAt(0)) : OptionalInt.empty();
  }

  /// An SRTP-ID map cannot name a key, so under it the key data alone says the id.
  private boolean isAnnounced(int gskId) {
    return profile == AnnouncementProfile.RFC_3830_BASIC || gskId == fields.gskId();
  }

  PreSharedKeys keys(GroupMasterKey gmk) {
    return new PreSharedKeys(gmk, profile.prf(), fields.csbId(), fields.rand());
  }

  @Override
  public String toString() {
    return "UnverifiedAnnouncement[CSB "
        + GroupMasterKey.hex(csbId())
        + ", "
        + talker()
        + " to "
        + group()
        + ", T "
        + timestamp
        + "]";
  }
}
