package parley.mikey.group;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.Header;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// What a JOIN, REFRESH or LEAVE says in clear, and its place on the wire (wire profile, section
/// 7): HDR with an empty map, T, RAND, IDRi, IDRr, IDRpsk, IDRkmsi, EXT, KEMAC without key data,
/// SIGN.
///
/// No crypto session, so no SP: that and the map tell it from an announcement by its ninth octet.
record JoinFields(
    int csbId,
    Octets rand,
    Identity ue,
    Identity group,
    int gmkId,
    String kmsUri,
    JoinVerb verb,
    @Nullable Octets cookie,
    NtpTimestamp timestamp) {
  static final String CLAUSE = "parley profile, 7";
  static final int COOKIE_OCTETS = 16;
  static final MacAlgorithm MAC = MacAlgorithm.HMAC_SHA_256_256;
  static final MikeyPrf PRF = MikeyPrf.HMAC_SHA_256;

  static final int VERB = 16;
  static final int COOKIE = 17;

  private static final int SIGNATURE_OCTETS = 129;

  private static Header header(int csbId) {
    return new Header(DataType.PRE_SHARED_KEY, false, PRF, csbId, new CsIdMap.Empty(0));
  }

  /// The message with zeros where MAC and signature will stand.
  MikeyMessage blank() {
    var kemac =
        new Payload.Kemac(EncryptionAlgorithm.NULL, Octets.NONE, MAC, Octets.zeros(MAC.octets()));
    return new MikeyMessage(
        header(csbId),
        List.of(
            new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(timestamp.octets())),
            new Payload.Rand(rand),
            GroupCallLayout.idrUri(IdrRole.INITIATOR, ue.uri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER, group.uri()),
            new Payload.Idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING, Octets.ofInt(gmkId)),
            GroupCallLayout.idrUri(IdrRole.INITIATOR_KMS, kmsUri),
            extension(),
            kemac,
            new Payload.Sign(SignatureType.ECCSI, Octets.zeros(SIGNATURE_OCTETS))));
  }

  private Payload.GeneralExtension extension() {
    var fields = new VendorFields.Writer().field(VERB, (byte) verb.code());
    return (cookie == null ? fields : fields.field(COOKIE, cookie.bytes())).extension();
  }

  static JoinFields read(MikeyMessage message) throws MalformedMessage {
    var in = new PayloadSequence(message, CLAUSE);
    int csbId = message.header().csbId();
    in.require(message.header().equals(header(csbId)), "not the header of a receiver's message");
    NtpTimestamp timestamp = in.ntpUtc();
    Octets rand = in.next(Payload.Rand.class).value();
    in.require(rand.length() == BoundRand.OCTETS, "RAND of " + rand.length() + " octets");
    Identity ue = in.idrUri(IdrRole.INITIATOR);
    Identity group = in.idrUri(IdrRole.RESPONDER);
    int gmkId = GroupCallLayout.gmkId(in.idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING), in);
    String kmsUri = in.printableUri(IdrRole.INITIATOR_KMS);
    VendorFields fields = fields(in);
    JoinVerb verb = verb(fields.octet(VERB), in);
    Octets cookie = cookie(fields, in);
    fields.end();
    requireTail(in);
    return new JoinFields(csbId, rand, ue, group, gmkId, kmsUri, verb, cookie, timestamp);
  }

  static VendorFields fields(PayloadSequence in) throws MalformedMessage {
    var extension = in.next(Payload.GeneralExtension.class);
    in.require(VendorFields.isOurs(extension), "another vendor's extension");
    return new VendorFields(extension, in);
  }

  static JoinVerb verb(int code, PayloadSequence in) throws MalformedMessage {
    return Arrays.stream(JoinVerb.values())
        .filter(verb -> verb.code() == code)
        .findFirst()
        .orElseThrow(() -> in.malformed("verb " + code + " is not known"));
  }

  static @Nullable Octets cookie(VendorFields fields, PayloadSequence in) throws MalformedMessage {
    Octets cookie = fields.nextIf(COOKIE).orElse(null);
    in.require(
        cookie == null || cookie.length() == COOKIE_OCTETS,
        "the cookie is not " + COOKIE_OCTETS + " octets");
    return cookie;
  }

  private static void requireTail(PayloadSequence in) throws MalformedMessage {
    var kemac = in.next(Payload.Kemac.class);
    in.require(
        kemac.encryption() == EncryptionAlgorithm.NULL
            && kemac.encryptedData().length() == 0
            && kemac.macAlgorithm() == MAC,
        "KEMAC is not one without key data");
    var sign = in.next(Payload.Sign.class);
    in.require(
        sign.type() == SignatureType.ECCSI && sign.signature().length() == SIGNATURE_OCTETS,
        "SIGN is no ECCSI signature of 129 octets");
    in.end();
  }
}
