package parley.mikey.group;

import java.util.ArrayList;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdType;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// RFC 3830 alone: HDR with an SRTP-ID map, T, RAND, IDi, IDr, Key ID extension, SP, KEMAC, SIGN.
///
/// The Key ID extension (RFC 4563) has one entry of the private type 0xF1: the GMK-ID. No KMS is
/// named.
enum BasicLayout implements AnnouncementLayout {
  LAYOUT;

  private static final String CLAUSE = "parley profile, RFC 3830 only";
  private static final int GMK_ID_TYPE = 0xf1;
  private static final int KEY_ID_HEAD = 2;
  private static final int RAND_OCTETS = 16;

  @Override
  public MikeyMessage write(
      AnnouncementFields f, NtpTimestamp t, Payload.Kemac kemac, Payload.Sign sign) {
    return new MikeyMessage(
        header(f),
        List.of(
            new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(t.octets())),
            new Payload.Rand(f.rand()),
            new Payload.Id(IdType.URI, Octets.of(f.talker().octets())),
            new Payload.Id(IdType.URI, Octets.of(f.group().octets())),
            keyId(f.gmkId()),
            f.policy(),
            kemac,
            sign));
  }

  @Override
  public Header header(AnnouncementFields f) {
    List<CsIdMap.SrtpIdEntry> map =
        f.sessions().stream()
            .map(session -> new CsIdMap.SrtpIdEntry(0, session.ssrc(), (int) session.roc()))
            .toList();
    return new Header(
        DataType.PRE_SHARED_KEY, false, MikeyPrf.MIKEY_1, f.csbId(), new CsIdMap.SrtpId(map));
  }

  private static Payload.GeneralExtension keyId(int gmkId) {
    byte[] id = Octets.ofInt(gmkId).bytes();
    return new Payload.GeneralExtension(
        Payload.GeneralExtension.KEY_ID,
        Octets.of(new byte[] {(byte) GMK_ID_TYPE, (byte) id.length, id[0], id[1], id[2], id[3]}));
  }

  @Override
  public AnnouncementFields read(MikeyMessage message) throws MalformedMessage {
    var in = new PayloadSequence(message, CLAUSE);
    List<CryptoSession> sessions = sessions(message.header(), in);
    in.ntpUtc();
    Octets rand = in.next(Payload.Rand.class).value();
    in.require(rand.length() >= RAND_OCTETS, "RAND of " + rand.length() + " octets");
    Identity talker = in.idUri("IDi");
    Identity group = in.idUri("IDr");
    int gmkId = gmkId(in.next(Payload.GeneralExtension.class), in);
    var policy = in.next(Payload.SecurityPolicy.class);
    in.next(Payload.Kemac.class);
    in.next(Payload.Sign.class);
    in.end();
    return new AnnouncementFields(
        message.header().csbId(),
        rand,
        talker,
        group,
        gmkId,
        "",
        sessions,
        GroupSessionKey.NO_ID,
        policy,
        null);
  }

  private static List<CryptoSession> sessions(Header header, PayloadSequence in)
      throws MalformedMessage {
    in.require(header.dataType() == DataType.PRE_SHARED_KEY, "not a pre-shared key message");
    in.require(header.prf() == MikeyPrf.MIKEY_1, "PRF is " + header.prf());
    if (!(header.map() instanceof CsIdMap.SrtpId map) || map.sessions() == 0) {
      throw in.malformed("no SRTP-ID map with at least one stream");
    }
    var sessions = new ArrayList<CryptoSession>();
    for (CsIdMap.SrtpIdEntry entry : map.entries()) {
      in.require(entry.policyNumber() == 0 && entry.ssrc() != 0, "no stream under policy 0");
      long roc = Integer.toUnsignedLong(entry.roc());
      sessions.add(new CryptoSession(sessions.size() + 1, entry.ssrc(), false, roc, 0));
    }
    return sessions;
  }

  private static int gmkId(Payload.GeneralExtension extension, PayloadSequence in)
      throws MalformedMessage {
    byte[] data = extension.data().bytes();
    in.require(
        extension.type() == Payload.GeneralExtension.KEY_ID
            && data.length == KEY_ID_HEAD + Integer.BYTES
            && (data[0] & 0xff) == GMK_ID_TYPE
            && data[1] == Integer.BYTES,
        "no Key ID extension with a GMK-ID");
    return GroupCallLayout.gmkId(Octets.of(data, KEY_ID_HEAD, Integer.BYTES), in);
  }
}
