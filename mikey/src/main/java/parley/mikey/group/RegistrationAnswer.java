package parley.mikey.group;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.DataType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;

/// A manager's answer to one message of a [Registration] (wire profile, section 10): HDR and T of
/// the request, IDRr, our extension with the verb and how long the address is kept, SIGN by whoever
/// signs the group's GMKs. It is always shorter than the request.
public final class RegistrationAnswer {
  private static final int SECONDS = 34;
  private static final int DATA_TYPE_OFFSET = 1;

  private final byte[] octets;
  private final int csbId;
  private final NtpTimestamp timestamp;
  private final Identity ue;
  private final RegistrationVerb verb;
  private final Duration kept;

  private RegistrationAnswer(byte[] octets, MikeyMessage message) throws MalformedMessage {
    this.octets = octets;
    csbId = message.header().csbId();
    var in = new PayloadSequence(message, RegistrationFields.CLAUSE);
    in.require(
        message.header().equals(RegistrationFields.header(DataType.PUBLIC_KEY_VERIFICATION, csbId)),
        "not the header of an answer");
    timestamp = in.ntpUtc();
    ue = in.idrUri(IdrRole.RESPONDER);
    VendorFields fields = JoinFields.fields(in);
    verb = RegistrationFields.verb(fields, in);
    in.require(verb.bringsAddress(), "an answer to " + verb);
    Octets seconds = fields.next(SECONDS);
    in.require(seconds.length() == Integer.BYTES, "not a number of seconds");
    kept = Duration.ofSeconds(Integer.toUnsignedLong(seconds.intAt(0)));
    fields.end();
    var _ = RegistrationFields.requireSign(in);
  }

  /// The answer to `request`, signed as the group's signer in the period of the request's T; the
  /// caller owns the octets. `kept` counts in whole seconds.
  public static byte[] seal(
      UnverifiedRegistration request, Duration kept, EccsiSigner signer, SecureRandom random) {
    int seconds = Math.toIntExact(kept.toSeconds());
    var extension =
        new VendorFields.Writer()
            .field(RegistrationFields.VERB, (byte) request.verb().code())
            .field(SECONDS, Octets.ofInt(seconds).bytes());
    var message =
        new MikeyMessage(
            RegistrationFields.header(DataType.PUBLIC_KEY_VERIFICATION, request.csbId()),
            List.of(
                RegistrationFields.timestamp(request.timestamp()),
                GroupCallLayout.idrUri(IdrRole.RESPONDER, request.ue().uri()),
                extension.extension(),
                RegistrationFields.blankSign()));
    byte[] octets = MikeyWriter.write(message);
    SignedTail.put(octets, signer, random);
    return octets;
  }

  /// Whether these octets are to be read as one.
  public static boolean isOne(byte[] octets) {
    return octets.length > DATA_TYPE_OFFSET
        && octets[DATA_TYPE_OFFSET] == DataType.PUBLIC_KEY_VERIFICATION.code();
  }

  /// Copies the octets.
  public static RegistrationAnswer read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new RegistrationAnswer(own, MikeyReader.read(own));
  }

  public RegistrationVerb verb() {
    return verb;
  }

  /// How long the manager keeps the address; register again before.
  public Duration kept() {
    return kept;
  }

  /// Whether `signer`, with keys of `kms`, made this for the newest message of `registration`.
  public boolean isFor(
      Registration registration, Identity signer, KmsCertificate kms, EccsiVerifier verifier) {
    return csbId == registration.csbId()
        && timestamp.equals(registration.lastT())
        && ue.equals(registration.ue())
        && SignedTail.isBy(kms.identifier(signer, timestamp), kms, octets, verifier);
  }
}
