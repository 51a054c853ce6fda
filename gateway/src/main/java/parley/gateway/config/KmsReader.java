package parley.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// Reads `kms: {url: ..., uri: ..., ca: ..., ticket: ...}`, of whoever has keys of a KMS.
final class KmsReader {
  private static final String EXAMPLE = "https://kms.example.org:8443";

  private static final List<String> KEYS =
      List.of("url", "uri", "ca", "ticket", "certificate", "key", "clear-keys");

  private KmsReader() {}

  /// The same with `identity` and `device`: a manager may be another user than its groups.
  static @Nullable ManagerKmsConfig ofManager(Section top, ConfigFolder folder) {
    Setting found = top.find("kms");
    if (found == null) {
      return null;
    }
    List<String> keys = new ArrayList<>(KEYS);
    keys.addAll(List.of("identity", "device"));
    Section kms = found.section(keys.toArray(String[]::new));
    Identity user = kms.required("identity", Identity::new, "sip:manager@example.org");
    String device = kms.value("device", Values::name, "manager");
    KmsConfig read = read(found, kms, folder);
    return user == null || read == null ? null : new ManagerKmsConfig(user, device, read);
  }

  /// Null without the block, and where a finding was recorded.
  static @Nullable KmsConfig read(Section top, ConfigFolder folder) {
    Setting found = top.find("kms");
    if (found == null) {
      return null;
    }
    return read(found, found.section(KEYS.toArray(String[]::new)), folder);
  }

  private static @Nullable KmsConfig read(Setting found, Section kms, ConfigFolder folder) {
    URI url = kms.required("url", KmsReader::base, EXAMPLE);
    String uri = kms.optional("uri", Values::name);
    Path ca = kms.optional("ca", folder::readableFile);
    Path ticket = kms.optional("ticket", folder::path);
    Path certificate = kms.optional("certificate", folder::readableFile);
    Path key = kms.optional("key", folder::readableFile);
    boolean clear = kms.value("clear-keys", Values::yesOrNo, false);
    boolean isGood = isGood(found, ticket, certificate, key, clear);
    return url == null || !isGood
        ? null
        : new KmsConfig(
            url, uri == null ? url.getHost() : uri, ca, ticket, certificate, key, clear);
  }

  private static boolean isGood(
      Setting kms,
      @Nullable Path ticket,
      @Nullable Path certificate,
      @Nullable Path key,
      boolean clear) {
    String wrong = null;
    if ((certificate == null) != (key == null)) {
      wrong = "has a certificate without its key, or a key alone; give both";
    } else if (ticket != null && certificate != null) {
      wrong = "has a ticket and a certificate; keep one";
    } else if (clear && certificate == null) {
      wrong = "allows clear-keys, which is for a certificate alone; leave it out";
    }
    if (wrong != null) {
      kms.wrong(wrong);
    }
    return wrong == null;
  }

  static URI base(String text) {
    URI url = Values.https(text);
    if (!url.getRawPath().isEmpty() || url.getRawQuery() != null) {
      throw new IllegalArgumentException(text + " has a path; write it without, and without a /");
    }
    return url;
  }
}
