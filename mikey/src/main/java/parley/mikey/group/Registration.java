package parley.mikey.group;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;

/// The UE's side of its registration with a group's manager (wire profile, section 10): one CSB for
/// all its messages. Not thread-safe.
public final class Registration {
  private final int csbId;
  private final Octets rand;
  private final Identity ue;
  private final Identity group;
  private final String kmsUri;
  private Optional<NtpTimestamp> last = Optional.empty();

  private Registration(int csbId, Octets rand, Identity ue, Identity group, String kmsUri) {
    this.csbId = csbId;
    this.rand = rand;
    this.ue = ue;
    this.group = group;
    this.kmsUri = kmsUri;
  }

  /// `kmsUri` names the KMS of the UE's keys. Draws CSB ID and RAND.
  public static Registration prepare(
      Identity ue, Identity group, String kmsUri, SecureRandom random) {
    int csbId = random.nextInt();
    var rand = new byte[RegistrationFields.RAND_OCTETS];
    random.nextBytes(rand);
    return new Registration(csbId, Octets.of(rand), ue, group, kmsUri);
  }

  public int csbId() {
    return csbId;
  }

  public Identity ue() {
    return ue;
  }

  public Identity group() {
    return group;
  }

  /// T of the newest message; before the first one the lowest there is.
  public NtpTimestamp lastT() {
    return last.orElse(new NtpTimestamp(Long.MIN_VALUE));
  }

  /// One message, signed, to be sent now; the caller owns the octets.
  ///
  /// @param address where this UE hears MIKEY; it goes as it is, whatever the message comes from
  /// @throws IllegalStateException if `t` is not later than that of the message before
  /// @throws IllegalArgumentException if `address` is not that of one host, or the verb brings none
  public byte[] seal(
      RegistrationVerb verb,
      InetSocketAddress address,
      NtpTimestamp t,
      EccsiSigner signer,
      SecureRandom random) {
    return put(verb, address, t, signer, random);
  }

  /// The same for a verb that brings no address: a question to the manager's HTTPS server.
  public byte[] ask(
      RegistrationVerb verb, NtpTimestamp t, EccsiSigner signer, SecureRandom random) {
    return put(verb, null, t, signer, random);
  }

  private byte[] put(
      RegistrationVerb verb,
      @Nullable InetSocketAddress address,
      NtpTimestamp t,
      EccsiSigner signer,
      SecureRandom random) {
    if (last.isPresent() && t.compareTo(last.get()) <= 0) {
      throw new IllegalStateException("T " + t + " is not later than " + last.get());
    }
    var fields = new RegistrationFields(csbId, rand, ue, group, kmsUri, verb, address, t);
    byte[] octets = MikeyWriter.write(fields.blank());
    last = Optional.of(t);
    SignedTail.put(octets, signer, random);
    return octets;
  }
}
