package parley.keys.gba.digest;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The quality of protection: the request line alone, or the body as well.
public enum Qop {
  AUTH("auth"),
  AUTH_INT("auth-int");

  private final String token;

  Qop(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  static Qop of(String token) throws MalformedDigest {
    for (Qop qop : values()) {
      if (qop.token.equals(token)) {
        return qop;
      }
    }
    throw new MalformedDigest("an unknown qop");
  }

  /// A list as challenges have it; what we do not know in it is not ours to choose.
  static Set<Qop> ofList(String list) throws MalformedDigest {
    Set<Qop> known = EnumSet.noneOf(Qop.class);
    for (String token : list.split(",", -1)) {
      for (Qop qop : values()) {
        if (qop.token.equals(token.strip())) {
          known.add(qop);
        }
      }
    }
    if (known.isEmpty()) {
      throw new MalformedDigest("no qop that is known");
    }
    return known;
  }

  static String list(Set<Qop> qops) {
    return qops.stream().sorted().map(Qop::token).collect(Collectors.joining(","));
  }
}
