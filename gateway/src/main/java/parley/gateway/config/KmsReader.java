package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.hss.Impi;
import parley.mikey.identity.Identity;

/// Reads `kms: {url: ..., uri: ..., ca: ..., ticket: ...}`, of whoever has keys of a KMS, and `sim:
/// {...}` in it, of whoever is known there by a SIM.
final class KmsReader {
  private static final String EXAMPLE = "https://kms.example.org:8443";

  private static final List<String> KEYS =
      List.of("url", "uri", "ca", "ticket", "certificate", "key", "clear-keys", "sim");

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
    Setting bySim = kms.find("sim");
    SimConfig sim = bySim == null || url == null ? null : sim(bySim, url, folder);
    if (bySim != null && (ticket != null || certificate != null)) {
      bySim.wrong("stands beside a ticket or a certificate; keep one of them");
      isGood = false;
    }
    return url == null || !isGood || (sim == null && bySim != null)
        ? null
        : new KmsConfig(
            url, uri == null ? url.getHost() : uri, ca, ticket, certificate, key, clear, sim);
  }

  /// Null where a finding was recorded.
  private static @Nullable SimConfig sim(Setting found, URI kms, ConfigFolder folder) {
    Section sim = found.section("card", "impi", "bsf", "bsf-name", "ca", "naf", "push");
    Path card = sim.optional("card", folder::path);
    String impi = sim.optional("impi", KmsReader::impi);
    URI bsf = sim.optional("bsf", KmsReader::base);
    String bsfName = sim.optional("bsf-name", Values::fullName);
    Path ca = sim.optional("ca", folder::readableFile);
    String naf =
        isFullName(kms.getHost())
            ? sim.value("naf", Values::fullName, kms.getHost().toLowerCase(Locale.ROOT))
            : sim.required("naf", Values::fullName, "kms.example.org");
    Setting ear = sim.find("push");
    SimConfig.PushListen push = ear == null ? null : push(ear, folder);
    boolean isWhole = card == null || (impi != null && bsf != null);
    if (!isWhole) {
      found.wrong("has a card file without its impi and bsf; give all three");
    } else if (bsf != null && bsfName == null && !isFullName(bsf.getHost())) {
      found.absent("bsf-name").wrong("is missing; for example bsf-name: bsf.example.org");
      isWhole = false;
    }
    return naf == null || !isWhole || (push == null && ear != null)
        ? null
        : new SimConfig(card, impi, bsf, bsfName, ca, naf, push);
  }

  private static boolean isFullName(String host) {
    try {
      var _ = Values.fullName(host);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String impi(String text) {
    if (!Impi.isOne(text)) {
      throw new IllegalArgumentException(
          text + " is no private identity like alice@ims.example.org");
    }
    return text;
  }

  /// `push: {udp: ADDRESS}` or `push: {folder: FOLDER}`.
  private static SimConfig.@Nullable PushListen push(Setting found, ConfigFolder folder) {
    Section push = found.section("udp", "folder");
    InetSocketAddress udp = push.optional("udp", Addresses::server);
    Path files = push.optional("folder", folder::directory);
    if (push.has("udp") == push.has("folder")) {
      found.wrong("needs udp or folder, one of them; for example push: {udp: 0.0.0.0:8450}");
      return null;
    } else if (udp != null) {
      return new SimConfig.PushListen.Udp(udp);
    }
    return files == null ? null : new SimConfig.PushListen.Folder(files);
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
