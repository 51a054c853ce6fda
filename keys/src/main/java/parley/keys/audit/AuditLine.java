package parley.keys.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One line of the audit log: a JSON object in ASCII, in one form only.
///
/// `{"n":7,"at":"…","actor":"…","act":"…","target":"…","outcome":"…","prev":"…","hash":"…"}`, where
/// `hash` is the SHA-256 of the line up to `,"hash"`, and `prev` the `hash` of the line before.
///
/// @param n counts all lines from 1, through all files
/// @param prev 64 hexadecimal digits; zeros in the first line of a chain
public record AuditLine(
    long n, Instant at, String actor, String act, String target, String outcome, String prev) {
  /// What the first line of a chain has as `prev`.
  public static final String NOTHING_BEFORE = "0".repeat(64);

  static final int MAX_OCTETS = 16_384;

  /// The act that a signature of the head is. The actor of what the log does by itself.
  static final String LOG_ITSELF = "log";

  static final String SEAL = "seal";

  private static final int MAX_TEXT = 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  public AuditLine {
    actor = cut(actor);
    act = cut(act);
    target = cut(target);
    outcome = cut(outcome);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
  }

  public String hash() {
    return sha256(body());
  }

  public boolean isSeal() {
    return act.equals(SEAL);
  }

  /// With its line feed.
  byte[] octets() {
    return (text() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  String text() {
    String body = body();
    return body + ",\"hash\":\"" + sha256(body) + "\"}";
  }

  private String body() {
    ObjectNode node = JSON.createObjectNode();
    node.put("n", n)
        .put("at", at.toString())
        .put("actor", actor)
        .put("act", act)
        .put("target", target)
        .put("outcome", outcome)
        .put("prev", prev);
    String whole = JSON.writeValueAsString(node);
    return whole.substring(0, whole.length() - 1);
  }

  /// Empty for whatever [#text] would not have written: other spaces, another order, a wrong hash.
  static Optional<AuditLine> parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      var line =
          new AuditLine(
              node.path("n").asLong(0),
              Instant.parse(node.path("at").asString("")),
              node.path("actor").asString(""),
              node.path("act").asString(""),
              node.path("target").asString(""),
              node.path("outcome").asString(""),
              node.path("prev").asString(""));
      return line.text().equals(text) ? Optional.of(line) : Optional.empty();
    } catch (JacksonException | DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
