package parley.keys.gba.zn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parley.keys.gba.Fqdn;
import parley.keys.gba.KsNaf;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/// Questions and answers of Zn and Zpn in JSON. Field names are those of `Nbsp_GBA` (TS 29.309) as
/// far as we know them.
///
/// | | fields |
/// |---|---|
/// | bootstrapping question | `btid`, `nafFqdn`, `uaProtocolId` |
/// | push question | `userId`, `nafFqdn`, `uaProtocolId` |
/// | answer | `impi`, `identities`, `keyExpiryTime`, `gbaType`, `meKeyMaterial` |
/// | push answer | the same, `ptid`, `gbaPushInfo` |
///
/// All values are strings, `identities` a list of them. A field that is missing, unknown, twice or
/// of another kind is refused, and so is anything behind the end. Keys go from octets to octets,
/// past `String`; the buffers of the JSON reader keep a copy until they are collected.
public final class ZnJson {
  public static final String CONTENT_TYPE = "application/json";
  public static final int MOST_OCTETS = 16 * 1024;

  private static final String BTID = "btid";
  private static final String USER = "userId";
  private static final String FQDN = "nafFqdn";
  private static final String UA = "uaProtocolId";
  private static final String IMPI = "impi";
  private static final String IDENTITIES = "identities";
  private static final String EXPIRY = "keyExpiryTime";
  private static final String TYPE = "gbaType";
  private static final String GBA_ME = "GBA_ME";
  private static final String KEY = "meKeyMaterial";
  private static final String PTID = "ptid";
  private static final String GPI = "gbaPushInfo";
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(UTF_8);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ZnJson() {}

  /// What a NAF asks about a bootstrapped key.
  public record KeyQuestion(Tid tid, NafId naf) {
    byte[] json() {
      return JSON.writeValueAsBytes(
          Map.of(BTID, tid.text(), FQDN, naf.fqdn().name(), UA, naf.ua().toString()));
    }

    public static KeyQuestion parse(byte[] json) throws WrongJson {
      try (Fields fields = Fields.read(json, Set.of(BTID, FQDN, UA))) {
        return new KeyQuestion(new Tid(fields.text(BTID)), fields.naf());
      } catch (IllegalArgumentException e) {
        throw new WrongJson(String.valueOf(e.getMessage()));
      }
    }
  }

  /// What a NAF asks that wants to push.
  public record PushQuestion(Identity user, NafId naf) {
    byte[] json() {
      return JSON.writeValueAsBytes(
          Map.of(USER, user.uri(), FQDN, naf.fqdn().name(), UA, naf.ua().toString()));
    }

    public static PushQuestion parse(byte[] json) throws WrongJson {
      try (Fields fields = Fields.read(json, Set.of(USER, FQDN, UA))) {
        return new PushQuestion(new Identity(fields.text(USER)), fields.naf());
      } catch (IllegalArgumentException e) {
        throw new WrongJson(String.valueOf(e.getMessage()));
      }
    }
  }

  /// The answer with a key; the caller zeroes it when it is sent.
  public static byte[] json(NafKey key) {
    return withKey(answer(key), key.key());
  }

  /// The answer to a NAF that pushes; the caller zeroes it when it is sent.
  public static byte[] json(PushInfo push) {
    Map<String, Object> answer = answer(push.key());
    answer.put(PTID, push.key().tid().text());
    answer.put(GPI, HexFormat.of().formatHex(push.gpi()));
    return withKey(answer, push.key().key());
  }

  private static Map<String, Object> answer(NafKey key) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(IMPI, key.impi());
    answer.put(IDENTITIES, key.identities().stream().map(Identity::uri).toList());
    answer.put(EXPIRY, key.until().truncatedTo(ChronoUnit.SECONDS).toString());
    answer.put(TYPE, GBA_ME);
    return answer;
  }

  private static byte[] withKey(Map<String, Object> answer, SecretBytes key) {
    byte[] rest = JSON.writeValueAsBytes(answer);
    byte[] name = (",\"" + KEY + "\":\"").getBytes(UTF_8);
    ByteBuffer json = ByteBuffer.allocate(rest.length + name.length + 2 * key.length() + 1);
    json.put(rest, 0, rest.length - 1).put(name);
    key.lendTo(
        SecretAccess.token(),
        octets -> {
          for (byte octet : octets) {
            json.put(DIGITS[(octet >>> 4) & 0xF]).put(DIGITS[octet & 0xF]);
          }
        });
    return json.put((byte) '"').put((byte) '}').array();
  }

  static NafKey key(KeyQuestion asked, byte[] json) throws WrongJson {
    Set<String> names = Set.of(IMPI, IDENTITIES, EXPIRY, TYPE, KEY);
    try (Fields fields = Fields.read(json, names)) {
      return fields.key(asked.tid(), asked.naf());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WrongJson(String.valueOf(e.getMessage()));
    }
  }

  static PushInfo push(PushQuestion asked, byte[] json) throws WrongJson {
    Set<String> names = Set.of(IMPI, IDENTITIES, EXPIRY, TYPE, KEY, PTID, GPI);
    try (Fields fields = Fields.read(json, names)) {
      byte[] gpi = HexFormat.of().parseHex(fields.text(GPI));
      return new PushInfo(gpi, fields.key(new Tid(fields.text(PTID)), asked.naf()));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WrongJson(String.valueOf(e.getMessage()));
    }
  }

  /// What is not of the table above. Without a stack trace, as strangers send it.
  public static final class WrongJson extends IOException {
    private static final long serialVersionUID = 1;

    WrongJson(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /// The fields of one object.
  private static final class Fields implements AutoCloseable {
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<Identity> identities = new ArrayList<>();
    private SecretBytes key = SecretBytes.take(new byte[0], "no Ks_NAF");

    static Fields read(byte[] json, Set<String> names) throws WrongJson {
      if (json.length > MOST_OCTETS) {
        throw new WrongJson("over 16 KiB");
      }
      Fields fields = new Fields();
      boolean done = false;
      try (JsonParser in = JSON.createParser(json)) {
        fields.read(in, names);
        done = true;
        return fields;
      } catch (JacksonException _) {
        throw new WrongJson("not JSON");
      } finally {
        if (!done) {
          fields.close();
        }
      }
    }

    private void read(JsonParser in, Set<String> names) throws WrongJson {
      require(in.nextToken() == JsonToken.START_OBJECT, "an object");
      int count = 0;
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        require(names.contains(name), "no unknown field");
        count++;
        switch (name) {
          case IDENTITIES -> readIdentities(in);
          case KEY -> readKey(in);
          default -> {
            require(in.nextToken() == JsonToken.VALUE_STRING, "strings");
            texts.put(name, in.getString());
          }
        }
      }
      require(count == names.size(), "every field");
      require(in.nextToken() == null, "one object");
    }

    private void readIdentities(JsonParser in) throws WrongJson {
      require(in.nextToken() == JsonToken.START_ARRAY, "a list of identities");
      while (in.nextToken() == JsonToken.VALUE_STRING) {
        try {
          identities.add(new Identity(in.getString()));
        } catch (IllegalArgumentException e) {
          throw new WrongJson(String.valueOf(e.getMessage()));
        }
      }
      require(in.currentToken() == JsonToken.END_ARRAY, "identities as strings");
    }

    private void readKey(JsonParser in) throws WrongJson {
      require(in.nextToken() == JsonToken.VALUE_STRING, "strings");
      char[] digits = in.getStringCharacters();
      int from = in.getStringOffset();
      require(in.getStringLength() == 2 * KsNaf.OCTETS, "a key of 32 octets");
      byte[] octets = new byte[KsNaf.OCTETS];
      for (int i = 0; i < octets.length; i++) {
        int high = Character.digit(digits[from + 2 * i], 16);
        int low = Character.digit(digits[from + 2 * i + 1], 16);
        require(high >= 0 && low >= 0, "a key in hex");
        octets[i] = (byte) (high << 4 | low);
      }
      Arrays.fill(digits, from, from + 2 * octets.length, '0');
      key = SecretBytes.take(octets, "Ks_NAF");
    }

    private static void require(boolean held, String what) throws WrongJson {
      if (!held) {
        throw new WrongJson("this takes " + what);
      }
    }

    String text(String name) {
      String text = texts.get(name);
      if (text == null) {
        throw new IllegalStateException(name);
      }
      return text;
    }

    NafId naf() {
      return new NafId(new Fqdn(text(FQDN)), UaProtocol.parse(text(UA)));
    }

    /// Without GBA_U, of which nothing is known here.
    NafKey key(Tid tid, NafId naf) {
      if (!text(TYPE).equals(GBA_ME)) {
        throw new IllegalArgumentException("a key of another kind than GBA_ME");
      }
      Instant until = Instant.parse(text(EXPIRY));
      return new NafKey(tid, naf, text(IMPI), identities, until, key.duplicate());
    }

    @Override
    public void close() {
      key.close();
    }
  }
}
