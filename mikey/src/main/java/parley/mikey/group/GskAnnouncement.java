package parley.mikey.group;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.KeyData;
import parley.mikey.message.KeyValidity;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;

/// The talker's side of one burst (wire profile, section 3): one CSB, one GSK, announced again and
/// again.
///
/// Everything but T, the state of the streams, MAC and signature is fixed when it is prepared; each
/// [#seal] gives one message to send. Owns the GSK; the GMK stays its book's. Not thread-safe.
public final class GskAnnouncement implements AutoCloseable {
  private static final int MAX_SESSIONS = 32;

  private final AnnouncementProfile profile;
  private final AnnouncementFields fields;
  private final GroupMasterKey gmk;
  private final GroupSessionKey gsk;
  private Optional<NtpTimestamp> last = Optional.empty();

  GskAnnouncement(
      AnnouncementProfile profile,
      AnnouncementFields fields,
      GroupMasterKey gmk,
      GroupSessionKey gsk) {
    requireSessions(profile, fields.sessions());
    requireConsistent(fields, gmk);
    this.profile = profile;
    this.fields = fields;
    this.gmk = gmk;
    this.gsk = gsk;
  }

  /// A new burst of `talker` in `group`: takes over `gsk`, draws CSB ID and RAND.
  ///
  /// @throws IllegalArgumentException for no stream or more than 32, an SSRC that is 0 or repeated,
  ///   a CS ID below 4 or repeated, a GMK of another group, or an `origin` whose last gateway is
  ///   not `talker`
  public static GskAnnouncement prepare(
      Identity talker,
      Identity group,
      String kmsUri,
      MediaPolicy policy,
      List<CryptoSession> sessions,
      @Nullable BridgeOrigin origin,
      GroupMasterKey gmk,
      GroupSessionKey gsk,
      SecureRandom random) {
    int csbId = random.nextInt();
    var nonce = new byte[BoundRand.NONCE_OCTETS];
    random.nextBytes(nonce);
    Octets rand = BoundRand.of(nonce, talker, group, gmk.gmkId(), csbId);
    var fields =
        new AnnouncementFields(
            csbId,
            rand,
            talker,
            group,
            gmk.gmkId(),
            kmsUri,
            sessions,
            gsk.gskId(),
            policy.payload(),
            origin);
    return new GskAnnouncement(AnnouncementProfile.GROUP_CALL, fields, gmk, gsk);
  }

  private static void requireSessions(AnnouncementProfile profile, List<CryptoSession> sessions) {
    long ssrcs =
        sessions.stream()
            .mapToInt(CryptoSession::ssrc)
            .filter(ssrc -> ssrc != 0)
            .distinct()
            .count();
    long csIds = sessions.stream().mapToInt(CryptoSession::csId).distinct().count();
    if (sessions.isEmpty() || sessions.size() > MAX_SESSIONS) {
      throw new IllegalArgumentException(sessions.size() + " streams in one burst");
    }
    if (ssrcs != sessions.size() || csIds != sessions.size()) {
      throw new IllegalArgumentException("an SSRC is 0, or an SSRC or a CS ID is repeated");
    }
    if (profile == AnnouncementProfile.GROUP_CALL
        && sessions.stream().anyMatch(session -> session.csId() < CryptoSession.FIRST_CS_ID)) {
      throw new IllegalArgumentException("CS IDs of a group call start at 4");
    }
  }

  private static void requireConsistent(AnnouncementFields fields, GroupMasterKey gmk) {
    if (!gmk.group().equals(fields.group())) {
      throw new IllegalArgumentException(gmk + " is not for " + fields.group());
    }
    if (fields.origin() != null && !fields.origin().gateway().equals(fields.talker())) {
      throw new IllegalArgumentException("the last gateway of the path must be " + fields.talker());
    }
  }

  public int csbId() {
    return fields.csbId();
  }

  /// A copy.
  public byte[] rand() {
    return fields.rand().bytes();
  }

  /// Still owned by this object.
  public GroupSessionKey gsk() {
    return gsk;
  }

  /// As prepared.
  public List<CryptoSession> sessions() {
    return fields.sessions();
  }

  /// One message, signed as the talker, to be sent now; the caller owns the octets.
  ///
  /// `now` names the same streams with the index that each stands at.
  ///
  /// @throws IllegalStateException if `t` is not later than that of the message before
  /// @throws IllegalArgumentException if the streams are not those of this burst
  public byte[] seal(
      NtpTimestamp t, List<CryptoSession> now, EccsiSigner signer, SecureRandom random) {
    if (last.isPresent() && t.compareTo(last.get()) <= 0) {
      throw new IllegalStateException("T " + t + " is not later than " + last.get());
    }
    requireSameStreams(now);
    MikeyMessage blank = blank(t, now);
    last = Optional.of(t);
    byte[] octets = MikeyWriter.write(blank);
    var places = AnnouncementPlaces.of(blank);
    places.putMac(preSharedKeys().mac(profile.mac(), places.authenticated(octets)), octets);
    byte[] signature = signer.sign(octets, 0, places.signedOctets(), random);
    System.arraycopy(signature, 0, octets, places.signedOctets(), signature.length);
    return octets;
  }

  private void requireSameStreams(List<CryptoSession> now) {
    boolean same = now.size() == fields.sessions().size();
    for (int i = 0; same && i < now.size(); i++) {
      same = now.get(i).isSameStream(fields.sessions().get(i));
    }
    if (!same) {
      throw new IllegalArgumentException("the streams of a burst never change");
    }
  }

  /// The message with zeros where MAC and signature will stand.
  private MikeyMessage blank(NtpTimestamp t, List<CryptoSession> now) {
    var kemac =
        new Payload.Kemac(
            EncryptionAlgorithm.AES_CM_128,
            Octets.of(encryptedKeyData(t)),
            profile.mac(),
            Octets.zeros(profile.mac().octets()));
    var sign = new Payload.Sign(SignatureType.ECCSI, Octets.zeros(EccsiSigner.SIGNATURE_OCTETS));
    return profile.layout().write(fields.with(now), t, kemac, sign);
  }

  private byte[] encryptedKeyData(NtpTimestamp t) {
    KeyValidity validity =
        gsk.hasId() ? new KeyValidity.Spi(Octets.ofInt(gsk.gskId())) : new KeyValidity.Unlimited();
    byte[] plaintext = KeyData.write(List.of(KeyData.of(KeyData.Type.TGK, gsk.key(), validity)));
    try {
      return preSharedKeys().crypt(t, plaintext);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private PreSharedKeys preSharedKeys() {
    return new PreSharedKeys(gmk, profile.prf(), fields.csbId(), fields.rand());
  }

  @Override
  public void close() {
    gsk.close();
  }
}
