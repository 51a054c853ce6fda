package parley.mikey.sample;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Octets;

/// Gathers what a sample says of itself, in the order in which it is said.
final class Facts {
  private final String name;
  private final Map<String, Object> said = new LinkedHashMap<>();

  private Facts(String name) {
    this.name = name;
  }

  /// `kind` is a sentence about what the message is.
  static Facts of(String name, String kind) {
    return new Facts(name).with("name", name).with("kind", kind);
  }

  Facts with(String key, Object value) {
    said.put(key, value);
    return this;
  }

  Facts id(String key, int id) {
    return with(key, HexFormat.of().toHexDigits(id));
  }

  Facts octets(String key, byte[] octets) {
    return with(key, HexFormat.of().formatHex(octets));
  }

  Facts t(NtpTimestamp t) {
    return octets("T", t.octets()).with("time", t.toString());
  }

  /// What `random` gave for this message so far: in the order in which it was asked.
  Sample sample(byte[] message, List<String> random) {
    with("random", random);
    octets("message", message);
    var sample = new Sample(name, Octets.of(message), said);
    said.put("file", sample.file());
    return new Sample(name, sample.message(), said);
  }
}
