package parley.mikey.group;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.SigningNonce;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.KeyData;
import parley.mikey.message.KeyValidity;
import parley.mikey.message.Octets;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The talker's side of one burst (wire profile, section 3): one CSB, one GSK, announced again and
/// again.
///
/// Everything but T, the state of the streams, MAC and signature is made when it is prepared, which
/// may be long before it is used: the octets are written, the keys under the GMK derived, and with
/// [#drawNonceAhead] half of the first signature is done. Each [#seal] completes one message to
/// send.
///
/// It lives in memory alone, so a restart erases it. Owns the GSK and what it derived, and zeroes
/// both when it closes; the GMK stays its book's. Not thread-safe.
public final class GskAnnouncement implements AutoCloseable {
  private static final int MAX_SESSIONS = 32;
  private static final SecretAccess ACCESS = SecretAccess.token();

  private final AnnouncementProfile profile;
  private final AnnouncementFields fields;
  private final GroupMasterKey gmk;
  private final GroupSessionKey gsk;
  private final SecretBytes keyData;
  private final DerivedKeys keys;
  private AnnouncementTemplate template;
  private @Nullable SigningNonce nonce;
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
    keys =
        new PreSharedKeys(gmk, profile.prf(), fields.csbId(), fields.rand()).derived(profile.mac());
    keyData = keyData(gsk);
    template = AnnouncementTemplate.of(profile, fields, keyData.length());
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

  /// Draws the nonce of the next message's signature now, unless one is there: what is left for
  /// [#seal] then is about half the work.
  public void drawNonceAhead(SecureRandom random) {
    if (nonce == null) {
      nonce = SigningNonce.draw(random);
    }
  }

  /// One message, signed as the talker, to be sent now; the caller owns the octets.
  ///
  /// `now` names the same streams with the index that each stands at. `random` is asked for a nonce
  /// where none was drawn ahead.
  ///
  /// @throws IllegalStateException if `t` is not later than that of the message before, or the GMK
  ///   or this object is closed
  /// @throws IllegalArgumentException if the streams are not those of this burst
  public byte[] seal(
      NtpTimestamp t, List<CryptoSession> now, EccsiSigner signer, SecureRandom random) {
    if (last.isPresent() && t.compareTo(last.get()) <= 0) {
      throw new IllegalStateException("T " + t + " is not later than " + last.get());
    }
    if (gmk.key().isClosed()) {
      throw new IllegalStateException(gmk + " is closed");
    }
    requireSameStreams(now);
    last = Optional.of(t);
    byte[] octets = encrypted(t, now);
    AnnouncementPlaces places = template.places();
    places.putMac(keys.mac(places.authenticated(octets)), octets);
    byte[] signature = sign(octets, places.signedOctets(), signer, random);
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

  /// The message with zeros where MAC and signature will stand. It is written anew where a stream
  /// states its index for the first time, or no longer.
  private byte[] encrypted(NtpTimestamp t, List<CryptoSession> now) {
    if (!template.fits(now)) {
      template = AnnouncementTemplate.of(profile, fields.with(now), keyData.length());
    }
    return template.with(t, now, keyData.lend(ACCESS, plaintext -> keys.crypt(t, plaintext)));
  }

  private byte[] sign(byte[] octets, int length, EccsiSigner signer, SecureRandom random) {
    SigningNonce ahead = nonce;
    nonce = null;
    return ahead == null
        ? signer.sign(octets, 0, length, random)
        : signer.sign(octets, 0, length, ahead, random);
  }

  private static SecretBytes keyData(GroupSessionKey gsk) {
    KeyValidity validity =
        gsk.hasId() ? new KeyValidity.Spi(Octets.ofInt(gsk.gskId())) : new KeyValidity.Unlimited();
    byte[] plaintext = KeyData.write(List.of(KeyData.of(KeyData.Type.TGK, gsk.key(), validity)));
    return SecretBytes.take(plaintext, "key data of " + gsk);
  }

  @Override
  public void close() {
    gsk.close();
    keyData.close();
    keys.close();
    if (nonce != null) {
      nonce.close();
    }
  }

  /// Whether nothing secret is left of it.
  boolean isZeroed() {
    return gsk.key().isClosed()
        && keyData.isClosed()
        && keys.isClosed()
        && (nonce == null || nonce.isSpent());
  }

  @Override
  public String toString() {
    return "GskAnnouncement[CSB %s, %s]".formatted(GroupMasterKey.hex(fields.csbId()), gsk);
  }
}
