package parley.gateway.ue;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import parley.gateway.keying.SrtpKeying;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaSuite;

/// The keys and numbers of one stream as environment variables of a media engine, which does its
/// SRTP in a process of its own.
///
/// Given out once: a second engine under the same key would encrypt two packets under one (key,
/// IV). An environment is made of strings, which cannot be zeroed; they go with the garbage.
public final class EngineEnvironment {
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, String> open = new LinkedHashMap<>();
  private final Map<String, String> secret = new LinkedHashMap<>();
  private boolean taken;

  private EngineEnvironment() {}

  /// The variables of crypto session `terms.stream()`, whose keys come from `gsk`; it stays the
  /// caller's.
  static EngineEnvironment of(EngineTerms terms, GroupSessionKey gsk, byte[] rand) {
    var made = new EngineEnvironment();
    made.describe(terms);
    return SrtpKeying.lendMaster(
        terms.policy().suite(),
        gsk,
        terms.stream().csId(),
        terms.csbId(),
        rand,
        (key, salt) -> made.with(key, salt));
  }

  private EngineEnvironment with(byte[] key, byte[] salt) {
    var both = new byte[key.length + salt.length];
    System.arraycopy(key, 0, both, 0, key.length);
    System.arraycopy(salt, 0, both, key.length, salt.length);
    secret.put("PARLEY_SRTP_KEY", HEX.formatHex(key));
    secret.put("PARLEY_SRTP_SALT", HEX.formatHex(salt));
    secret.put("PARLEY_SRTP_KEY_SALT", HEX.formatHex(both));
    secret.put("PARLEY_SRTP_KEY_SALT_BASE64", Base64.getEncoder().encodeToString(both));
    Arrays.fill(both, (byte) 0);
    return this;
  }

  private void describe(EngineTerms terms) {
    MediaSuite suite = terms.policy().suite();
    int ssrc = terms.stream().ssrc();
    open.put("PARLEY_TALKER", terms.talker().uri());
    open.put("PARLEY_GROUP", terms.group().uri());
    open.put("PARLEY_CSB_ID", hex(terms.csbId()));
    open.put("PARLEY_PROFILE", suite.name());
    open.put("PARLEY_RCCM3", terms.policy().rccm3() ? "1" : "0");
    open.put("PARLEY_GST_CIPHER", gstCipher(suite));
    open.put("PARLEY_GST_AUTH", suite.isAead() ? "null" : "hmac-sha1-80");
    if (!suite.isAead()) {
      open.put("PARLEY_FFMPEG_SUITE", suite.name());
    }
    if (terms.hasMki()) {
      open.put("PARLEY_MKI", hex(terms.gskId()));
    }
    open.put("PARLEY_SSRC", Integer.toUnsignedString(ssrc));
    open.put("PARLEY_SSRC_SIGNED", Integer.toString(ssrc));
    open.put("PARLEY_SSRC_HEX", hex(ssrc));
    if (terms.stream().indexKnown()) {
      open.put("PARLEY_SEQ", Integer.toString(terms.stream().seq()));
    }
    open.put("PARLEY_ROC", Long.toString(terms.stream().roc()));
    open.put("PARLEY_ADDRESS", terms.address().getAddress().getHostAddress());
    open.put("PARLEY_PORT", Integer.toString(terms.address().getPort()));
    if (terms.interfaceName() != null) {
      open.put("PARLEY_INTERFACE", terms.interfaceName());
      open.put("PARLEY_TTL", Integer.toString(terms.ttl()));
    }
    if (terms.payloadType() != null) {
      open.put("PARLEY_PAYLOAD_TYPE", terms.payloadType().toString());
    }
  }

  private static String gstCipher(MediaSuite suite) {
    return switch (suite) {
      case AEAD_AES_128_GCM -> "aes-128-gcm";
      case AEAD_AES_256_GCM -> "aes-256-gcm";
      case AES_CM_128_HMAC_SHA1_80 -> "aes-128-icm";
    };
  }

  private static String hex(int value) {
    return String.format("%08x", value);
  }

  /// Everything, for the one process that gets it.
  ///
  /// @throws IllegalStateException at the second call
  public Map<String, String> take() {
    if (taken) {
      throw new IllegalStateException("these keys were given to an engine before");
    }
    taken = true;
    Map<String, String> all = new LinkedHashMap<>(open);
    all.putAll(secret);
    secret.clear();
    return all;
  }

  /// What may be shown: everything but the keys.
  public Map<String, String> withoutKeys() {
    return Map.copyOf(open);
  }

  /// Names only.
  @Override
  public String toString() {
    return "EngineEnvironment" + open.keySet();
  }
}
