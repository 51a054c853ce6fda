package parley.mikey.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import parley.mikey.message.Octets;

/// One message, and in its own words what went into it and what comes out.
///
/// `facts` are in the order in which they are to be read: text, whole numbers, lists and maps.
public record Sample(String name, Octets message, Map<String, Object> facts) {
  public Sample {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /// The name of its file: the octets of the message and nothing else.
  public String file() {
    return name + ".mikey";
  }
}
