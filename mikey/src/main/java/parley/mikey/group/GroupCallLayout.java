package parley.mikey.group;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// The order of the wire profile, section 3: HDR with a GENERIC-ID map, T, RAND, IDRi, IDRr,
/// IDRpsk, IDRkmsi, SP, extensions, KEMAC, SIGN.
enum GroupCallLayout implements AnnouncementLayout {
  LAYOUT;

  static final String CLAUSE = "parley profile, 3";

  private static final int SESSION_OCTETS = 10;
  private static final int SSRC_OCTETS = 4;

  @Override
  public MikeyMessage write(
      AnnouncementFields f, NtpTimestamp t, Payload.Kemac kemac, Payload.Sign sign) {
    var payloads = new ArrayList<Payload>();
    payloads.add(new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(t.octets())));
    payloads.add(new Payload.Rand(f.rand()));
    payloads.add(idrUri(IdrRole.INITIATOR, f.talker().uri()));
    payloads.add(idrUri(IdrRole.RESPONDER, f.group().uri()));
    payloads.add(
        new Payload.Idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING, Octets.ofInt(f.gmkId())));
    payloads.add(idrUri(IdrRole.INITIATOR_KMS, f.kmsUri()));
    payloads.add(f.policy());
    if (f.origin() != null) {
      payloads.add(BridgeOriginExtension.write(f.origin()));
    }
    payloads.add(kemac);
    payloads.add(sign);
    return new MikeyMessage(header(f), payloads);
  }

  static Payload.Idr idrUri(IdrRole role, String uri) {
    return new Payload.Idr(role, IdType.URI, Octets.of(uri.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public Header header(AnnouncementFields f) {
    Octets spi = f.gskId() == GroupSessionKey.NO_ID ? Octets.NONE : Octets.ofInt(f.gskId());
    List<CsIdMap.GenericIdEntry> map =
        f.sessions().stream().map(session -> entry(session, spi)).toList();
    return new Header(
        DataType.PRE_SHARED_KEY,
        false,
        MikeyPrf.HMAC_SHA_256,
        f.csbId(),
        new CsIdMap.GenericId(map));
  }

  private static CsIdMap.GenericIdEntry entry(CryptoSession session, Octets spi) {
    var data = ByteBuffer.allocate(session.indexKnown() ? SESSION_OCTETS : SSRC_OCTETS);
    data.putInt(session.ssrc());
    if (session.indexKnown()) {
      data.putInt((int) session.roc()).putShort((short) session.seq());
    }
    return new CsIdMap.GenericIdEntry(
        session.csId(),
        CsIdMap.GenericIdEntry.SRTP,
        session.indexKnown(),
        List.of(0),
        Octets.of(data.array()),
        spi);
  }

  @Override
  public AnnouncementFields read(MikeyMessage message) throws MalformedMessage {
    var in = new PayloadSequence(message, CLAUSE);
    List<CsIdMap.GenericIdEntry> map = map(message.header(), in);
    in.ntpUtc();
    Octets rand = in.next(Payload.Rand.class).value();
    in.require(rand.length() == BoundRand.OCTETS, "RAND of " + rand.length() + " octets");
    Identity talker = in.idrUri(IdrRole.INITIATOR);
    Identity group = in.idrUri(IdrRole.RESPONDER);
    int gmkId = gmkId(in.idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING), in);
    String kmsUri = in.printableUri(IdrRole.INITIATOR_KMS);
    var policy = in.next(Payload.SecurityPolicy.class);
    BridgeOrigin origin = origin(talker, in);
    in.next(Payload.Kemac.class);
    in.next(Payload.Sign.class);
    in.end();
    return new AnnouncementFields(
        message.header().csbId(),
        rand,
        talker,
        group,
        gmkId,
        kmsUri,
        sessions(map, in),
        gskId(map, in),
        policy,
        origin);
  }

  static int gmkId(Octets value, PayloadSequence in) throws MalformedMessage {
    in.require(value.length() == Integer.BYTES, "GMK-ID of " + value.length() + " octets");
    in.require(GroupMasterKey.isGmkId(value.intAt(0)), "not a GMK-ID");
    return value.intAt(0);
  }

  private static List<CsIdMap.GenericIdEntry> map(Header header, PayloadSequence in)
      throws MalformedMessage {
    in.require(header.dataType() == DataType.PRE_SHARED_KEY, "not a pre-shared key message");
    in.require(!header.verificationWanted(), "V bit set");
    in.require(header.prf() == MikeyPrf.HMAC_SHA_256, "PRF is " + header.prf());
    if (header.map() instanceof CsIdMap.GenericId map && map.sessions() > 0) {
      return map.entries();
    }
    throw in.malformed("no GENERIC-ID map with at least one stream");
  }

  private static List<CryptoSession> sessions(List<CsIdMap.GenericIdEntry> map, PayloadSequence in)
      throws MalformedMessage {
    var sessions = new ArrayList<CryptoSession>();
    var ssrcs = new HashSet<Integer>();
    for (CsIdMap.GenericIdEntry entry : map) {
      CryptoSession session = session(entry, in);
      in.require(session.csId() >= CryptoSession.FIRST_CS_ID, "CS ID " + session.csId());
      in.require(session.ssrc() != 0 && ssrcs.add(session.ssrc()), "an SSRC is 0 or repeated");
      sessions.add(session);
    }
    return sessions;
  }

  private static CryptoSession session(CsIdMap.GenericIdEntry entry, PayloadSequence in)
      throws MalformedMessage {
    in.require(
        entry.protocol() == CsIdMap.GenericIdEntry.SRTP
            && entry.policyNumbers().equals(List.of(0))
            && entry.data().length() >= SSRC_OCTETS,
        "a stream is not SRTP under policy 0 with an SSRC");
    var data = ByteBuffer.wrap(entry.data().bytes());
    int ssrc = data.getInt();
    return entry.hasIndex()
        ? new CryptoSession(
            entry.csId(),
            ssrc,
            true,
            Integer.toUnsignedLong(data.getInt()),
            Short.toUnsignedInt(data.getShort()))
        : new CryptoSession(entry.csId(), ssrc, false, 0, 0);
  }

  /// The one GSK-ID of all streams, or none at all.
  private static int gskId(List<CsIdMap.GenericIdEntry> map, PayloadSequence in)
      throws MalformedMessage {
    Octets spi = map.getFirst().spi();
    for (CsIdMap.GenericIdEntry entry : map) {
      in.require(entry.spi().equals(spi), "the streams name different keys");
    }
    if (spi.length() == 0) {
      return GroupSessionKey.NO_ID;
    }
    in.require(
        spi.length() == GroupSessionKey.ID_OCTETS && GroupSessionKey.isGskId(spi.intAt(0)),
        "the SPI is no GSK-ID");
    return spi.intAt(0);
  }

  private static @Nullable BridgeOrigin origin(Identity talker, PayloadSequence in)
      throws MalformedMessage {
    BridgeOrigin origin = null;
    var extension = in.nextIf(Payload.GeneralExtension.class);
    while (extension.isPresent()) {
      if (VendorFields.isOurs(extension.get())) {
        in.require(origin == null, "a second origin");
        origin = BridgeOriginExtension.read(extension.get(), in);
        in.require(origin.gateway().equals(talker), "the last gateway is not the announcer");
      }
      extension = in.nextIf(Payload.GeneralExtension.class);
    }
    return origin;
  }
}
