package parley.gateway.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import parley.mikey.identity.Identity;
import parley.mikey.prf.MikeyPrf;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;

/// What a recording says about itself: who spoke to whom, and all that decryption will need when
/// the GMK is long gone.
///
/// The GSK is in it, wrapped to the vault's recording key; of the recording key only its id. The
/// rest is public: it went over the air in the announcement. Immutable.
public final class RecordingHeader {
  /// One crypto session of the announcement's map: which SSRC is keyed by which CS ID.
  ///
  /// @param nextIndex the signed index of the first packet to come, -1 when it was not told
  record Session(int csId, int ssrc, long nextIndex) {
    String text() {
      return "%d %08x %s".formatted(csId, ssrc, nextIndex < 0 ? "-" : nextIndex);
    }

    static Session parse(String text) throws NotARecording {
      try {
        String[] parts = text.split(" ", -1);
        return new Session(
            Integer.parseInt(parts[0]),
            HexFormat.fromHexDigits(parts[1]),
            parts[2].equals("-") ? -1 : Long.parseLong(parts[2]));
      } catch (RuntimeException e) {
        throw new NotARecording("has a session that cannot be read: '" + text + "'", e);
      }
    }
  }

  private static final List<String> OF_A_CONTINUATION =
      List.of("part", "continues", "packets-before", "chain-before");

  private final Fields fields;
  private final Identity group;
  private final Identity talker;
  private final int csbId;
  private final Instant started;
  private final SrtpPolicy policy;
  private final List<Session> sessions;
  private final PayloadTypes payloadTypes;

  private RecordingHeader(Fields fields) throws NotARecording {
    this.fields = fields;
    if (fields.number("format") != Blocks.FORMAT) {
      throw new NotARecording(
          "is in a format this version does not know: " + fields.text("format"));
    }
    group = fields.read("group", Identity::new);
    talker = fields.read("talker", Identity::new);
    csbId = fields.word("csb-id");
    started = fields.read("started", Instant::parse);
    int mkiOctets = fields.octets("mki").length;
    boolean rccm3 = fields.read("rccm3", Boolean::parseBoolean);
    policy =
        fields.read("suite", suite -> new SrtpPolicy(SrtpProfile.valueOf(suite), rccm3, mkiOctets));
    var read = new ArrayList<Session>();
    for (String session : fields.all("session")) {
      read.add(Session.parse(session));
    }
    sessions = List.copyOf(read);
    payloadTypes = PayloadTypes.read(fields);
    if (fields.find("part").isPresent()) {
      fields.read("part", Integer::parseUnsignedInt);
      fields.read("packets-before", Long::parseUnsignedLong);
    }
  }

  static RecordingHeader of(Fields fields) throws NotARecording {
    return new RecordingHeader(fields);
  }

  Fields fields() {
    return fields;
  }

  /// The header of the file that goes on where this one's was taken away.
  ///
  /// @param file the name of that file
  /// @param srtpPackets that are in it; with those of the files before they stand in the new header
  /// @param chainHead over its blocks: what ties the two together
  RecordingHeader continuing(String file, long srtpPackets, byte[] chainHead) {
    Fields next =
        fields
            .without(OF_A_CONTINUATION)
            .put("part", part() + 1L)
            .put("continues", file)
            .put("packets-before", packetsBefore() + srtpPackets)
            .putHex("chain-before", chainHead);
    try {
      return new RecordingHeader(next);
    } catch (NotARecording e) {
      throw new IllegalStateException("a header that was good " + e.getMessage(), e);
    }
  }

  /// From 1; further parts are of a burst whose file was taken away while it was written.
  public int part() {
    return fields.find("part").map(Integer::parseInt).orElse(1);
  }

  /// The name of the file that this one continues.
  public Optional<String> continued() {
    return fields.find("continues");
  }

  boolean isContinuation() {
    return part() > 1;
  }

  /// SRTP packets in the parts before this one.
  public long packetsBefore() {
    return fields.find("packets-before").map(Long::parseLong).orElse(0L);
  }

  public Identity group() {
    return group;
  }

  /// Who signed the announcement.
  public Identity talker() {
    return talker;
  }

  /// The talker, and behind `via` the gateway that vouches for it where the burst was bridged.
  public String speaker() {
    return origin().map(origin -> origin + " via " + talker).orElse(talker.uri());
  }

  /// The talker in another group, where a bridge brought the burst here.
  public Optional<String> origin() {
    return fields.find("origin-talker");
  }

  public int csbId() {
    return csbId;
  }

  public Instant started() {
    return started;
  }

  SrtpPolicy policy() {
    return policy;
  }

  List<Session> sessions() {
    return sessions;
  }

  PayloadTypes payloadTypes() {
    return payloadTypes;
  }

  MikeyPrf prf() throws NotARecording {
    return fields.read("prf", MikeyPrf::valueOf);
  }

  byte[] rand() throws NotARecording {
    return fields.octets("rand");
  }

  byte[] mki() throws NotARecording {
    return fields.octets("mki");
  }

  byte[] wrappedGsk() throws NotARecording {
    return fields.octets("gsk-wrapped");
  }

  byte[] recordingKeyId() throws NotARecording {
    return fields.octets("recording-key");
  }

  byte[] kmsCertificate() throws NotARecording {
    return fields.octets("kms-certificate");
  }
}
