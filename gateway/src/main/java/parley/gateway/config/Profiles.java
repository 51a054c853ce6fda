package parley.gateway.config;

import java.util.Arrays;
import java.util.stream.Collectors;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;

/// Reads what a group's `profiles:` names: `AEAD_AES_128_GCM`, `AEAD_AES_128_GCM+RCCM3`.
final class Profiles {
  private static final String WITH_ROC = "+RCCM3";

  private Profiles() {}

  static MediaPolicy policy(String text) {
    boolean rccm3 = text.endsWith(WITH_ROC);
    String name = rccm3 ? text.substring(0, text.length() - WITH_ROC.length()) : text;
    MediaSuite suite = suite(name);
    if (rccm3 && suite == MediaSuite.AES_CM_128_HMAC_SHA1_80) {
      throw new IllegalArgumentException(
          text
              + " would switch authentication off: with an HMAC profile the ROC takes the place of the tag"
              + " (RFC 4771, 2); write "
              + name
              + " or AEAD_AES_128_GCM+RCCM3");
    }
    return new MediaPolicy(suite, rccm3);
  }

  private static MediaSuite suite(String name) {
    String offered =
        Arrays.stream(MediaSuite.values()).map(Enum::name).collect(Collectors.joining(", "));
    return Arrays.stream(MediaSuite.values())
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(refusal(name) + "; one of " + offered));
  }

  private static String refusal(String name) {
    if (name.endsWith("_32")) {
      return name + " has a short tag, which announcements refuse";
    }
    return name.contains("NULL") ? name + " protects nothing" : name + " is not known";
  }
}
