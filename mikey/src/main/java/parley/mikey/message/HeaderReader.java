package parley.mikey.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import parley.mikey.prf.MikeyPrf;

/// Reads the common header and its map of crypto sessions (RFC 3830, 6.1; RFC 6043, 6.1.1).
final class HeaderReader {
  private static final int SRTP_ENTRY_OCTETS = 9;
  private static final int SSRC_OCTETS = 4;
  private static final int SSRC_AND_INDEX_OCTETS = 10;

  private HeaderReader() {}

  static Header read(OctetReader in) throws MalformedMessage {
    in.enter("RFC 3830, 6.1");
    int version = in.u8();
    in.require(version == Header.VERSION, "version " + version + " is not 1");
    DataType dataType = in.code(DataType.values(), "data type");
    int _ = in.u8(); // next payload: the reader of payloads starts from it
    int verificationAndPrf = in.u8();
    MikeyPrf prf = prf(verificationAndPrf & 0x7f, in);
    int csbId = in.i32();
    return new Header(dataType, (verificationAndPrf & 0x80) != 0, prf, csbId, map(in));
  }

  private static MikeyPrf prf(int code, OctetReader in) throws MalformedMessage {
    return MikeyPrf.withCode(code)
        .orElseThrow(() -> in.malformed("PRF function " + code + " is not known"));
  }

  private static CsIdMap map(OctetReader in) throws MalformedMessage {
    int sessions = in.u8();
    int type = in.u8();
    in.require(
        sessions <= MikeyReader.MAX_CRYPTO_SESSIONS,
        sessions + " crypto sessions, at most " + MikeyReader.MAX_CRYPTO_SESSIONS);
    return switch (type) {
      case 0 -> srtpId(sessions, in);
      case 1 -> new CsIdMap.Empty(sessions);
      case 2 -> genericId(sessions, in);
      default -> throw in.malformed("CS ID map type " + type + " is not known");
    };
  }

  private static CsIdMap srtpId(int sessions, OctetReader in) throws MalformedMessage {
    in.enter("RFC 3830, 6.1.1");
    in.require(in.remaining() >= sessions * SRTP_ENTRY_OCTETS, "the CS ID map is cut short");
    var entries = new ArrayList<CsIdMap.SrtpIdEntry>();
    for (int i = 0; i < sessions; i++) {
      entries.add(new CsIdMap.SrtpIdEntry(in.u8(), in.i32(), in.i32()));
    }
    return new CsIdMap.SrtpId(entries);
  }

  private static CsIdMap genericId(int sessions, OctetReader in) throws MalformedMessage {
    in.enter("RFC 6043, 6.1.1");
    var entries = new ArrayList<CsIdMap.GenericIdEntry>();
    var csIds = new HashSet<Integer>();
    for (int i = 0; i < sessions; i++) {
      CsIdMap.GenericIdEntry entry = genericEntry(in);
      in.require(csIds.add(entry.csId()), "CS ID " + entry.csId() + " repeated");
      entries.add(entry);
    }
    return new CsIdMap.GenericId(entries);
  }

  private static CsIdMap.GenericIdEntry genericEntry(OctetReader in) throws MalformedMessage {
    int csId = in.u8();
    int protocol = in.u8();
    int indexAndPolicies = in.u8();
    boolean hasIndex = (indexAndPolicies & 0x80) != 0;
    List<Integer> policies = numbers(indexAndPolicies & 0x7f, in);
    int length = in.u16();
    in.require(
        protocol != CsIdMap.GenericIdEntry.SRTP || isSessionDataLength(length, hasIndex),
        length + " octets of session data do not fit the S bit");
    return new CsIdMap.GenericIdEntry(
        csId, protocol, hasIndex, policies, in.octets(length), in.octets(in.u8()));
  }

  private static boolean isSessionDataLength(int length, boolean hasIndex) {
    return hasIndex ? length == SSRC_AND_INDEX_OCTETS : length == SSRC_OCTETS || length == 0;
  }

  private static List<Integer> numbers(int count, OctetReader in) throws MalformedMessage {
    in.require(in.remaining() >= count, "the policy numbers are cut short");
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      numbers.add(in.u8());
    }
    return numbers;
  }
}
