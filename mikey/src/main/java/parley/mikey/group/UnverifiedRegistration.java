package parley.mikey.group;

import java.net.InetSocketAddress;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;

/// A registration of the right grammar (wire profile, section 10). Nothing in it is true until
/// [#isSigned]. Immutable, thread-safe.
public final class UnverifiedRegistration {
  private static final int DATA_TYPE_OFFSET = 1;

  private final byte[] octets;
  private final RegistrationFields fields;

  private UnverifiedRegistration(byte[] octets, RegistrationFields fields) {
    this.octets = octets;
    this.fields = fields;
  }

  /// Whether these octets are to be read as one.
  public static boolean isOne(byte[] octets) {
    return octets.length > DATA_TYPE_OFFSET
        && octets[DATA_TYPE_OFFSET] == DataType.PUBLIC_KEY.code();
  }

  /// Copies the octets.
  public static UnverifiedRegistration read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new UnverifiedRegistration(own, RegistrationFields.read(MikeyReader.read(own)));
  }

  public RegistrationVerb verb() {
    return fields.verb();
  }

  public Identity ue() {
    return fields.ue();
  }

  public Identity group() {
    return fields.group();
  }

  /// The KMS of the UE's keys.
  public String kmsUri() {
    return fields.kmsUri();
  }

  /// Where the UE hears MIKEY.
  ///
  /// @throws IllegalStateException if the verb brings no address
  public InetSocketAddress address() {
    InetSocketAddress address = fields.address();
    if (address == null) {
      throw new IllegalStateException(verb() + " brings no address");
    }
    return address;
  }

  public NtpTimestamp timestamp() {
    return fields.timestamp();
  }

  public int csbId() {
    return fields.csbId();
  }

  /// Whether [#ue] signed this with keys of that KMS for the period of [#timestamp].
  public boolean isSigned(KmsCertificate kms, EccsiVerifier verifier) {
    return fields.kmsUri().equals(kms.kmsUri())
        && SignedTail.isBy(kms.identifier(ue(), timestamp()), kms, octets, verifier);
  }

  @Override
  public String toString() {
    return "UnverifiedRegistration[%s of %s in %s, T %s]"
        .formatted(verb(), ue(), group(), timestamp());
  }
}
