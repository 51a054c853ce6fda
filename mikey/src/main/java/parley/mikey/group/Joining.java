package parley.mikey.group;

import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;

/// The receiver's side of one stay at a gateway's unicast relay (wire profile, section 7): one CSB,
/// from its first JOIN to its LEAVE. The GMK stays its book's. Not thread-safe.
public final class Joining {
  /// Octets of a cookie.
  public static final int COOKIE_OCTETS = JoinFields.COOKIE_OCTETS;

  private final int csbId;
  private final Octets rand;
  private final Identity ue;
  private final String kmsUri;
  private final GroupMasterKey gmk;
  private Optional<NtpTimestamp> last = Optional.empty();

  private Joining(int csbId, Octets rand, Identity ue, String kmsUri, GroupMasterKey gmk) {
    this.csbId = csbId;
    this.rand = rand;
    this.ue = ue;
    this.kmsUri = kmsUri;
    this.gmk = gmk;
  }

  /// A new stay of `ue` in the group of `gmk`: draws CSB ID and RAND.
  public static Joining prepare(
      Identity ue, String kmsUri, GroupMasterKey gmk, SecureRandom random) {
    int csbId = random.nextInt();
    var nonce = new byte[BoundRand.NONCE_OCTETS];
    random.nextBytes(nonce);
    Octets rand = BoundRand.of(nonce, ue, gmk.group(), gmk.gmkId(), csbId);
    return new Joining(csbId, rand, ue, kmsUri, gmk);
  }

  public int csbId() {
    return csbId;
  }

  public int gmkId() {
    return gmk.gmkId();
  }

  Identity ue() {
    return ue;
  }

  Identity group() {
    return gmk.group();
  }

  /// T of the newest message; before the first one the lowest there is.
  public NtpTimestamp lastT() {
    return last.orElse(new NtpTimestamp(Long.MIN_VALUE));
  }

  /// One message, signed, to be sent now; the caller owns the octets.
  ///
  /// @param cookie the one of the newest answer; null before there was one
  /// @throws IllegalStateException if `t` is not later than that of the message before
  public byte[] seal(
      JoinVerb verb,
      @Nullable Octets cookie,
      NtpTimestamp t,
      EccsiSigner signer,
      SecureRandom random) {
    if (last.isPresent() && t.compareTo(last.get()) <= 0) {
      throw new IllegalStateException("T " + t + " is not later than " + last.get());
    }
    var fields = new JoinFields(csbId, rand, ue, gmk.group(), gmk.gmkId(), kmsUri, verb, cookie, t);
    MikeyMessage blank = fields.blank();
    last = Optional.of(t);
    byte[] octets = MikeyWriter.write(blank);
    var places = AnnouncementPlaces.of(blank);
    places.putMac(keys().mac(JoinFields.MAC, places.authenticated(octets)), octets);
    SignedTail.put(octets, signer, random);
    return octets;
  }

  PreSharedKeys keys() {
    return new PreSharedKeys(gmk, JoinFields.PRF, csbId, rand);
  }
}
