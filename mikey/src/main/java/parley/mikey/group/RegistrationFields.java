package parley.mikey.group;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// What a registration says, and its place on the wire (wire profile, section 10): HDR with an
/// empty map, T, RAND, IDRi, IDRr, IDRkmsi, EXT, SIGN. It carries no key and no secret.
///
/// `address` is where the UE hears MIKEY: one host, never a group of them; null exactly where the
/// verb brings none.
record RegistrationFields(
    int csbId,
    Octets rand,
    Identity ue,
    Identity group,
    String kmsUri,
    RegistrationVerb verb,
    @Nullable InetSocketAddress address,
    NtpTimestamp timestamp) {
  static final String CLAUSE = "parley profile, 10";
  static final int RAND_OCTETS = 16;
  static final int SIGNATURE_OCTETS = SignedTail.OCTETS;

  static final int VERB = 32;
  static final int ADDRESS = 33;

  RegistrationFields {
    if (verb.bringsAddress() != (address != null)) {
      throw new IllegalArgumentException(verb + " with the address " + address);
    }
    if (address != null && (address.isUnresolved() || !isOneHost(address))) {
      throw new IllegalArgumentException(address + " is not the address and port of one host");
    }
  }

  private static boolean isOneHost(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    return address.getPort() != 0 && !host.isAnyLocalAddress() && !host.isMulticastAddress();
  }

  static Header header(DataType type, int csbId) {
    return new Header(type, false, MikeyPrf.HMAC_SHA_256, csbId, new CsIdMap.Empty(0));
  }

  static Payload.Timestamp timestamp(NtpTimestamp t) {
    return new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(t.octets()));
  }

  static Payload.Sign blankSign() {
    return new Payload.Sign(SignatureType.ECCSI, Octets.zeros(SIGNATURE_OCTETS));
  }

  /// The message with zeros where the signature will stand.
  MikeyMessage blank() {
    var extension = new VendorFields.Writer().field(VERB, (byte) verb.code());
    if (address != null) {
      extension = extension.field(ADDRESS, octets(address));
    }
    return new MikeyMessage(
        header(DataType.PUBLIC_KEY, csbId),
        List.of(
            timestamp(timestamp),
            new Payload.Rand(rand),
            GroupCallLayout.idrUri(IdrRole.INITIATOR, ue.uri()),
            GroupCallLayout.idrUri(IdrRole.RESPONDER, group.uri()),
            GroupCallLayout.idrUri(IdrRole.INITIATOR_KMS, kmsUri),
            extension.extension(),
            blankSign()));
  }

  private static byte[] octets(InetSocketAddress address) {
    byte[] host = address.getAddress().getAddress();
    return ByteBuffer.allocate(host.length + Short.BYTES)
        .put(host)
        .putShort((short) address.getPort())
        .array();
  }

  static RegistrationFields read(MikeyMessage message) throws MalformedMessage {
    var in = new PayloadSequence(message, CLAUSE);
    int csbId = message.header().csbId();
    in.require(
        message.header().equals(header(DataType.PUBLIC_KEY, csbId)),
        "not the header of a registration");
    NtpTimestamp timestamp = in.ntpUtc();
    Octets rand = in.next(Payload.Rand.class).value();
    in.require(rand.length() == RAND_OCTETS, "RAND of " + rand.length() + " octets");
    Identity ue = in.idrUri(IdrRole.INITIATOR);
    Identity group = in.idrUri(IdrRole.RESPONDER);
    String kmsUri = in.printableUri(IdrRole.INITIATOR_KMS);
    VendorFields fields = JoinFields.fields(in);
    RegistrationVerb verb = verb(fields, in);
    InetSocketAddress address =
        verb.bringsAddress() ? address(fields.next(ADDRESS).bytes(), in) : null;
    fields.end();
    requireSign(in);
    return new RegistrationFields(csbId, rand, ue, group, kmsUri, verb, address, timestamp);
  }

  static RegistrationVerb verb(VendorFields fields, PayloadSequence in) throws MalformedMessage {
    int code = fields.octet(VERB);
    return Arrays.stream(RegistrationVerb.values())
        .filter(verb -> verb.code() == code)
        .findFirst()
        .orElseThrow(() -> in.malformed("verb " + code + " is not known"));
  }

  private static InetSocketAddress address(byte[] octets, PayloadSequence in)
      throws MalformedMessage {
    int hostOctets = octets.length - Short.BYTES;
    in.require(hostOctets == 4 || hostOctets == 16, "an address of " + octets.length + " octets");
    try {
      var address =
          new InetSocketAddress(
              InetAddress.getByAddress(Arrays.copyOf(octets, hostOctets)),
              (octets[hostOctets] & 0xff) << 8 | (octets[hostOctets + 1] & 0xff));
      in.require(
          isOneHost(address) && address.getAddress().getAddress().length == hostOctets,
          "not the address of one host");
      return address;
    } catch (UnknownHostException _) {
      throw in.malformed("not the address of one host");
    }
  }

  /// The last payload, which the caller verifies.
  static Octets requireSign(PayloadSequence in) throws MalformedMessage {
    var sign = in.next(Payload.Sign.class);
    in.require(
        sign.type() == SignatureType.ECCSI && sign.signature().length() == SIGNATURE_OCTETS,
        "SIGN is no ECCSI signature of " + SIGNATURE_OCTETS + " octets");
    in.end();
    return sign.signature();
  }
}
