package parley.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.gateway.record.Tools;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.Header;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.sample.Sample;
import parley.mikey.sample.SampleSet;

/// Wireshark's dissector, which is not ours, reads every published sample field for field as our
/// own reader does, as far as it knows the payloads.
///
/// Two things it does not know (version 4.0). The GENERIC-ID map of announcements (RFC 6043): what
/// it makes of them as they are ends in the header; so their payloads are shown to it behind an
/// empty map, which changes nothing but the header. HMAC-SHA-256-256 as the MAC of KEMAC and V (RFC
/// 6043): its length is not known to it, so it reads up to that algorithm and not the MAC, nor the
/// SIGN behind a KEMAC. The SIGN of I_MESSAGEs, which have no KEMAC, it reads.
class SampleDissectionTest {
  private static final String NONE = "";
  private static final int NEXT_PAYLOAD_OFFSET = 2;

  @TempDir static Path folder;

  /// What is compared, and what our own reader says of it; values of repeated payloads are joined
  /// by commas.
  private static final Map<String, Function<MikeyMessage, Stream<Object>>> FIELDS = fields();

  private static final List<Sample> SAMPLES = SampleSet.make().samples();
  private static Map<String, List<String>> dissected = Map.of();

  private static Map<String, Function<MikeyMessage, Stream<Object>>> fields() {
    var fields = new LinkedHashMap<String, Function<MikeyMessage, Stream<Object>>>();
    fields.put("mikey.version", _ -> Stream.of(1));
    fields.put("mikey.type", message -> Stream.of(message.header().dataType().code()));
    fields.put("mikey.v.set", _ -> Stream.of(0));
    fields.put("mikey.prf_func", message -> Stream.of(message.header().prf().code()));
    fields.put(
        "mikey.csb_id",
        message -> Stream.of("0x" + HexFormat.of().toHexDigits(message.header().csbId())));
    fields.put("mikey.cs_count", message -> Stream.of(message.header().map().sessions()));
    fields.put("mikey.cs_id_map_type", message -> Stream.of(message.header().map().type()));
    fields.put("mikey.next_payload", SampleDissectionTest::nextPayloads);
    put(fields, "mikey.t.ts_type", Payload.Timestamp.class, t -> Stream.of(t.type().code()));
    put(fields, "mikey.rand.len", Payload.Rand.class, r -> Stream.of(r.value().length()));
    put(fields, "mikey.rand.data", Payload.Rand.class, rand -> hex(rand.value()));
    put(fields, "mikey.id.role", Payload.Idr.class, idr -> Stream.of(idr.role().code()));
    put(fields, "mikey.id.type", Payload.Idr.class, idr -> Stream.of(idr.type().code()));
    put(fields, "mikey.id.len", Payload.Idr.class, idr -> Stream.of(idr.value().length()));
    put(fields, "mikey.id.data", Payload.Idr.class, idr -> text(idr.value()));
    put(fields, "mikey.sp.no", Payload.SecurityPolicy.class, sp -> Stream.of(sp.number()));
    put(fields, "mikey.sp.proto_type", Payload.SecurityPolicy.class, p -> Stream.of(p.protocol()));
    put(
        fields,
        "mikey.sp.param.type",
        Payload.SecurityPolicy.class,
        sp -> sp.parameters().stream().map(Payload.SecurityPolicy.Parameter::type));
    put(
        fields,
        "mikey.sp.param.len",
        Payload.SecurityPolicy.class,
        sp -> sp.parameters().stream().map(parameter -> parameter.value().length()));
    // the dissector's own spelling
    put(
        fields,
        "mikey.sp.patam.value",
        Payload.SecurityPolicy.class,
        sp -> sp.parameters().stream().flatMap(parameter -> hex(parameter.value())));
    put(fields, "mikey.ext.type", Payload.GeneralExtension.class, e -> Stream.of(e.type()));
    put(fields, "mikey.ext.len", Payload.GeneralExtension.class, e -> Stream.of(e.data().length()));
    put(fields, "mikey.ext.data", Payload.GeneralExtension.class, e -> hex(e.data()));
    put(fields, "mikey.sakke.params", Payload.Sakke.class, s -> Stream.of(s.parameterSet()));
    put(fields, "mikey.sakke.idscheme", Payload.Sakke.class, s -> Stream.of(s.idScheme()));
    put(fields, "mikey.sakke.len", Payload.Sakke.class, s -> Stream.of(s.data().length()));
    put(fields, "mikey.sakke.data", Payload.Sakke.class, s -> hex(s.data()));
    put(fields, "mikey.kemac.encr_alg", Payload.Kemac.class, k -> Stream.of(k.encryption().code()));
    put(
        fields,
        "mikey.kemac.key_data_len",
        Payload.Kemac.class,
        k -> Stream.of(k.encryptedData().length()));
    put(fields, "mikey.kemac.key_data", Payload.Kemac.class, k -> hex(k.encryptedData()));
    put(
        fields,
        "mikey.kemac.mac_alg",
        Payload.Kemac.class,
        k -> Stream.of(k.macAlgorithm().code()));
    put(
        fields,
        "mikey.v.auth_alg",
        Payload.Verification.class,
        v -> Stream.of(v.algorithm().code()));
    put(fields, "mikey.sign.type", Payload.Sign.class, s -> Stream.of(s.type().code()));
    put(fields, "mikey.sign.len", Payload.Sign.class, s -> Stream.of(s.signature().length()));
    put(fields, "mikey.sign.data", Payload.Sign.class, s -> hex(s.signature()));
    fields.put("_ws.malformed", _ -> Stream.of());
    return fields;
  }

  private static <P extends Payload> void put(
      Map<String, Function<MikeyMessage, Stream<Object>>> fields,
      String name,
      Class<P> type,
      Function<P, Stream<?>> values) {
    fields.put(
        name,
        message ->
            visible(message).stream()
                .filter(type::isInstance)
                .flatMap(payload -> values.apply(type.cast(payload))));
  }

  private static Stream<String> hex(Octets octets) {
    return Stream.of(octets.length() == 0 ? "<MISSING>" : HexFormat.of().formatHex(octets.bytes()));
  }

  /// A byte string is shown as text as well; what is not printable in it is left out here.
  private static Stream<String> text(Octets octets) {
    return Stream.of(printable(new String(octets.bytes(), StandardCharsets.ISO_8859_1)));
  }

  private static String printable(String text) {
    return text.replaceAll("\\\\00[0-7]|[\\x00-\\x1f]", "");
  }

  /// The payloads up to one whose length the dissector cannot know.
  private static List<Payload> visible(MikeyMessage message) {
    var visible = new ArrayList<Payload>();
    for (Payload payload : message.payloads()) {
      visible.add(payload);
      if (payload instanceof Payload.Kemac kemac
          && kemac.macAlgorithm() == MacAlgorithm.HMAC_SHA_256_256) {
        break;
      }
    }
    return visible;
  }

  /// What HDR and every visible payload but SIGN say comes next, as it stands on the wire.
  private static Stream<Object> nextPayloads(MikeyMessage message) {
    byte[] octets = MikeyWriter.write(message);
    List<Payload> visible = visible(message);
    var chain = new ArrayList<Object>();
    chain.add((int) octets[NEXT_PAYLOAD_OFFSET]);
    for (int i = 0; i < visible.size(); i++) {
      if (!(visible.get(i) instanceof Payload.Sign)) {
        chain.add((int) octets[message.offsetOf(i)]);
      }
    }
    return chain.stream();
  }

  /// As it is, or behind a map that the dissector knows.
  private static MikeyMessage shown(Sample sample) throws MalformedMessage {
    MikeyMessage message = MikeyReader.read(sample.message().bytes());
    Header header = message.header();
    if (!(header.map() instanceof CsIdMap.GenericId)) {
      return message;
    }
    return new MikeyMessage(
        new Header(header.dataType(), false, header.prf(), header.csbId(), new CsIdMap.Empty(0)),
        message.payloads());
  }

  @BeforeAll
  static void dissect() throws Exception {
    Tools.run("tshark", "--version");
    var messages = new ArrayList<byte[]>();
    for (Sample sample : SAMPLES) {
      messages.add(MikeyWriter.write(shown(sample)));
    }
    List<List<String>> rows = rows(messages, FIELDS.keySet().stream().toList());
    var all = new LinkedHashMap<String, List<String>>();
    for (int i = 0; i < SAMPLES.size(); i++) {
      all.put(SAMPLES.get(i).name(), rows.get(i));
    }
    dissected = all;
  }

  private static List<List<String>> rows(List<byte[]> messages, List<String> fields)
      throws Exception {
    Path capture = Files.write(folder.resolve("samples.pcap"), MikeyPcap.of(messages));
    String names = fields.stream().map(name -> " -e " + name).collect(Collectors.joining());
    String out =
        Tools.run(
            "/bin/sh",
            "-c",
            "tshark -n -T fields -E separator='|' -r " + capture + names + " 2>/dev/null");
    List<List<String>> rows =
        out.lines().map(line -> List.of(printable(line).split("\\|", -1))).toList();
    assertThat(rows).hasSameSizeAs(messages);
    return rows;
  }

  static List<Sample> samples() {
    return SAMPLES;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsEveryFieldThatItKnowsAsWeDo(Sample sample) throws Exception {
    MikeyMessage message = shown(sample);
    var expected = new LinkedHashMap<String, String>();
    FIELDS.forEach((name, values) ->
        expected.put(
            name, values.apply(message).map(String::valueOf).collect(Collectors.joining(","))));
    var seen = new LinkedHashMap<String, String>();
    List<String> row = dissected.getOrDefault(sample.name(), List.of());
    int column = 0;
    for (String name : FIELDS.keySet()) {
      seen.put(name, row.get(column++));
    }
    assertThat(seen).containsExactlyEntriesOf(expected);
  }

  /// As they are sent: their headers up to the map it does not know, and nothing called malformed.
  @Test
  void readsTheHeadersOfAnnouncementsAsTheyAre() throws Exception {
    List<Sample> announcements =
        SAMPLES.stream().filter(one -> one.name().matches("(announcement|repeat).*")).toList();
    assertThat(announcements).hasSize(14);
    List<String> names =
        List.of(
            "mikey.type",
            "mikey.csb_id",
            "mikey.cs_count",
            "mikey.cs_id_map_type",
            "_ws.malformed");
    List<List<String>> rows =
        rows(announcements.stream().map(one -> one.message().bytes()).toList(), names);
    for (int i = 0; i < rows.size(); i++) {
      Header header = MikeyReader.read(announcements.get(i).message().bytes()).header();
      assertThat(rows.get(i))
          .containsExactly(
              "0",
              "0x" + HexFormat.of().toHexDigits(header.csbId()),
              String.valueOf(header.map().sessions()),
              "2",
              NONE);
    }
  }
}
