package parley.mikey.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import parley.mikey.identity.Identity;
import parley.mikey.identity.UserIdFormat;

/// The published samples, the same octets at every run: see `README.txt` among them.
public final class SampleSet {
  private static final String WARNING =
      "All keys here are public on purpose and must never protect anything.";
  private static final String README =
      """
      MIKEY messages of parley's wire profile, as samples
      ===================================================
      ALL KEYS HERE ARE PUBLIC ON PURPOSE AND MUST NEVER PROTECT ANYTHING.

      NAME.mikey          one message: its octets and nothing else
      kms-*.cert          the KMS certificate that "parley mikey decode" takes
      samples.json        every input (identities, keys, random octets, T), every message,
                          and the SRTP master keys and salts that follow

      Names end in the format of identifiers: rfc6509 (UserIdFormat 1) or ts33180 (2). The two
      KMSs have the same master secrets: KSAK of RFC 6507, appendix A, z of RFC 6508, appendix A.
      Numbers are hexadecimal unless they are JSON numbers. "random" lists what the random source
      gave until the message was complete, one entry for each request, since the first message of
      the same stay or burst; the last 32 octets are the j of the signature (RFC 6507, 5.2.1).

      To verify with parley:
        parley mikey decode --kms-certificate kms-rfc6509.cert gmk-rfc6509.mikey
        parley mikey decode --kms-certificate kms-ts33180.cert pck-ts33180.mikey

      To verify with another implementation, for every sample
      1. read the octets, and compare the fields;
      2. verify SIGN under "kpak" and the "identifier" of whoever signed ("users"): it covers
         everything before the 129 octets of the signature;
      3. I_MESSAGEs: decapsulate SAKKE with the responder's "rsk" and compare "key"; a GMK's id is
         the CSB ID xor the responder's salt (TS 33.180, F.1.3);
      4. announcements: derive the MAC and encryption keys from "gmk", verify KEMAC, decrypt it and
         compare "gsk"; derive "srtpMasterKey" and "srtpMasterSalt" of each stream (RFC 3830,
         4.1.3, with CS ID, CSB ID and RAND);
      5. to make the same octets, give "random" where random octets are drawn.

      The same set is written by: parley mikey sample --out FOLDER
      """;

  private final List<SampleWorld> worlds =
      List.of(new SampleWorld(UserIdFormat.RFC_6509), new SampleWorld(UserIdFormat.TS_33180));
  private final List<Sample> samples = new ArrayList<>();

  private SampleSet() {
    for (SampleWorld world : worlds) {
      samples.addAll(new KeySamples(world).all());
      samples.addAll(new AnnouncementSamples(world).all());
      samples.addAll(new JoinSamples(world).all());
      samples.addAll(new RegistrationSamples(world).all());
    }
  }

  /// Makes the whole set: some three dozen signatures.
  public static SampleSet make() {
    return new SampleSet();
  }

  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  /// The files by name, with their octets: a new map with new arrays.
  public SortedMap<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    samples.forEach(sample -> files.put(sample.file(), sample.message().bytes()));
    worlds.forEach(world -> files.put("kms-" + world.suffix() + ".cert", world.kms().encode()));
    files.put("samples.json", ascii(SampleJson.of(facts())));
    files.put("README.txt", ascii(README));
    return files;
  }

  /// Writes the files into a folder, which is made where there is none; files of these names are
  /// written over.
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private Map<String, Object> facts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("warning", WARNING);
    facts.put("kms", worlds.stream().map(SampleWorld::kmsFacts).toList());
    var users = new ArrayList<Map<String, Object>>();
    for (SampleWorld world : worlds) {
      for (Identity who : SampleWorld.ALL) {
        users.add(world.userFacts(who));
      }
    }
    facts.put("users", users);
    facts.put("samples", samples.stream().map(Sample::facts).toList());
    return facts;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
