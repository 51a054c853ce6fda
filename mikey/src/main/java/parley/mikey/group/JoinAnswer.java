package parley.mikey.group;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;

/// A gateway's answer to one message of a [Joining] (wire profile, section 7).
///
/// A verification message (RFC 3830, 3.1) under the GMK: HDR and T of the request, our extension
/// with verb, cookie and outcome, and V, the MAC over this message up to V's data, IDi, IDr and T
/// (5.2), with the CSB ID and RAND of the request. It proves that a holder of the GMK has seen the
/// request, no more; it is always shorter than it.
public final class JoinAnswer {
  /// More bursts than this are not named: an answer stays shorter than its request.
  public static final int MOST_RUNNING = 8;

  private static final int OUTCOME = 18;
  private static final int RUNNING = 19;

  private final byte[] octets;
  private final int csbId;
  private final NtpTimestamp timestamp;
  private final JoinVerb verb;
  private final JoinOutcome outcome;
  private final @Nullable Octets cookie;
  private final List<Octets> running;
  private final Octets mac;

  private JoinAnswer(byte[] octets, MikeyMessage message) throws MalformedMessage {
    this.octets = octets;
    csbId = message.header().csbId();
    var in = new PayloadSequence(message, JoinFields.CLAUSE);
    in.require(message.header().equals(header(csbId)), "not the header of a verification message");
    timestamp = in.ntpUtc();
    VendorFields fields = JoinFields.fields(in);
    verb = JoinFields.verb(fields.octet(JoinFields.VERB), in);
    cookie = JoinFields.cookie(fields, in);
    outcome = outcome(fields.octet(OUTCOME), in);
    running = running(fields.nextIf(RUNNING), in);
    fields.end();
    in.require(running.isEmpty() || outcome == JoinOutcome.DONE, "bursts where none belong");
    in.require(outcome.bringsCookie() == (cookie != null), "a cookie where none belongs, or none");
    var verification = in.next(Payload.Verification.class);
    in.require(verification.algorithm() == JoinFields.MAC, "V is not HMAC-SHA-256-256");
    mac = verification.data();
    in.end();
  }

  private static JoinOutcome outcome(int code, PayloadSequence in) throws MalformedMessage {
    return Arrays.stream(JoinOutcome.values())
        .filter(outcome -> outcome.code() == code)
        .findFirst()
        .orElseThrow(() -> in.malformed("outcome " + code + " is not known"));
  }

  private static List<Octets> running(Optional<Octets> field, PayloadSequence in)
      throws MalformedMessage {
    if (field.isEmpty()) {
      return List.of();
    }
    byte[] keys = field.get().bytes();
    int count = keys.length / UnverifiedAnnouncement.SHORT_KEY_OCTETS;
    in.require(
        count >= 1
            && count <= MOST_RUNNING
            && keys.length == count * UnverifiedAnnouncement.SHORT_KEY_OCTETS,
        "the running bursts are not 1 to 8 keys");
    List<Octets> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          Octets.of(
              keys,
              i * UnverifiedAnnouncement.SHORT_KEY_OCTETS,
              UnverifiedAnnouncement.SHORT_KEY_OCTETS));
    }
    return all;
  }

  private static Header header(int csbId) {
    return new Header(
        DataType.PRE_SHARED_KEY_VERIFICATION, false, JoinFields.PRF, csbId, new CsIdMap.Empty(0));
  }

  /// The answer to `request`; the caller owns the octets. `cookie` counts only where the outcome
  /// brings one. `running` are the newest announcements that run, by their short keys; of more than
  /// [#MOST_RUNNING] the first.
  public static byte[] seal(
      UnverifiedJoin request,
      GroupMasterKey gmk,
      JoinOutcome outcome,
      Octets cookie,
      List<Octets> running) {
    var fields = new VendorFields.Writer().field(JoinFields.VERB, (byte) request.verb().code());
    if (outcome.bringsCookie()) {
      fields.field(JoinFields.COOKIE, cookie.bytes());
    }
    var message =
        new MikeyMessage(
            header(request.csbId()),
            List.of(
                new Payload.Timestamp(
                    TimestampType.NTP_UTC, Octets.of(request.timestamp().octets())),
                named(fields.field(OUTCOME, (byte) outcome.code()), running).extension(),
                new Payload.Verification(JoinFields.MAC, Octets.zeros(JoinFields.MAC.octets()))));
    byte[] octets = MikeyWriter.write(message);
    byte[] mac = mac(octets, request.keys(gmk), request.ue(), request.group(), request.timestamp());
    System.arraycopy(mac, 0, octets, octets.length - mac.length, mac.length);
    return octets;
  }

  private static VendorFields.Writer named(VendorFields.Writer fields, List<Octets> running) {
    var keys = new ByteArrayOutputStream();
    running.stream().limit(MOST_RUNNING).forEach(key -> keys.writeBytes(key.bytes()));
    return keys.size() == 0 ? fields : fields.field(RUNNING, keys.toByteArray());
  }

  /// Whether these octets may be one: a verification message.
  public static boolean isOne(byte[] octets) {
    return octets.length > 1 && octets[1] == DataType.PRE_SHARED_KEY_VERIFICATION.code();
  }

  /// Copies the octets.
  public static JoinAnswer read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new JoinAnswer(own, MikeyReader.read(own));
  }

  public JoinVerb verb() {
    return verb;
  }

  public JoinOutcome outcome() {
    return outcome;
  }

  /// For the next message; null where the outcome brings none.
  public @Nullable Octets cookie() {
    return cookie;
  }

  /// What runs at the gateway now, by short keys.
  public List<Octets> running() {
    return List.copyOf(running);
  }

  /// T of the message that this answers.
  public NtpTimestamp timestamp() {
    return timestamp;
  }

  /// Whether a holder of the GMK made this for a message of `joining`.
  public boolean isFor(Joining joining) {
    return csbId == joining.csbId()
        && MessageDigest.isEqual(
            mac(octets, joining.keys(), joining.ue(), joining.group(), timestamp), mac.bytes());
  }

  private static byte[] mac(
      byte[] octets, PreSharedKeys keys, Identity ue, Identity group, NtpTimestamp t) {
    return keys.mac(
        JoinFields.MAC,
        Arrays.copyOf(octets, octets.length - JoinFields.MAC.octets()),
        ue.octets(),
        group.octets(),
        t.octets());
  }
}
