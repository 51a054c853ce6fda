package parley.keys.kms.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KmsRefusal.Kind;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.KeySet;
import parley.keys.kms.message.KmsAnswer;
import parley.keys.kms.message.KmsKeyProv;
import parley.keys.kms.message.KmsRequest;
import parley.keys.kms.message.KmsResponse;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.message.UnverifiedKmsResponse;
import parley.keys.kms.message.WrongTransportKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;

/// One question to a KMS and what is made of its answer, without a network in between.
///
/// A client that has transport keys signs its question and takes a signed answer alone. One that
/// has none takes what TLS vouches for; keys in the clear only where that was allowed by name.
public final class KmsConversation {
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final KmsAddress kms;
  private final Identity user;
  private final String device;
  private final @Nullable TransportKeys keys;
  private final boolean allowClear;
  private final String resource;
  private final KmsRequest request;

  private KmsConversation(
      KmsAddress kms,
      Identity user,
      String device,
      @Nullable TransportKeys keys,
      boolean allowClear,
      String resource,
      Instant now) {
    this.kms = kms;
    this.user = user;
    this.device = device;
    this.keys = keys;
    this.allowClear = allowClear;
    this.resource = resource;
    KmsRequest plain = KmsRequest.of(user.uri(), kms.kmsUri(), now, device, kms.url(resource));
    request = keys == null ? plain : plain.with(keys);
  }

  /// Who asks, from which device, with which keys; starts conversations.
  ///
  /// @param keys null where this device shares none with the KMS
  /// @param allowClear whether keys are taken that TLS alone protects
  public record Asker(
      KmsAddress kms,
      Identity user,
      String device,
      @Nullable TransportKeys keys,
      boolean allowClear) {

    /// One that takes wrapped keys alone.
    public static Asker of(KmsAddress kms, Identity user, String device, TransportKeys keys) {
      return new Asker(kms, user, device, keys, false);
    }

    /// The same with these keys, which stay the caller's.
    public Asker with(@Nullable TransportKeys others) {
      return new Asker(kms, user, device, others, allowClear);
    }

    /// For the KMS's certificate.
    public KmsConversation init(Instant now) {
      return about("/init", now);
    }

    /// For the present keys of `who`, and the next as soon as there are any.
    public KmsConversation keysOf(Identity who, Instant now) {
      return about("/keyprov/" + encoded(who.uri()), now);
    }

    /// For the keys of `who` in the period that holds `at`.
    public KmsConversation keysOf(Identity who, Instant at, Instant now) {
      String time = HexFormat.of().withUpperCase().formatHex(NtpTimestamp.of(at).octets());
      return about("/keyprov/" + encoded(who.uri()) + "/" + time, now);
    }

    /// For certificates of other KMSs that this one vouches for.
    ///
    /// @param has the number of the list that is known; -1 for none
    public KmsConversation certificates(long has, Instant now) {
      return about(has < 0 ? "/certcache" : "/certcache/" + has, now);
    }

    /// For the certificate of one other KMS.
    public KmsConversation certificate(String kmsUri, Instant now) {
      return about("/cert/" + encoded(kmsUri), now);
    }

    private KmsConversation about(String resource, Instant now) {
      return new KmsConversation(kms, user, device, keys, allowClear, resource, now);
    }

    private static String encoded(String uri) {
      return URLEncoder.encode(uri, UTF_8).replace("+", "%20");
    }
  }

  /// The URL to POST to.
  public String url() {
    return kms.url(resource);
  }

  /// The octets to POST.
  public byte[] question() {
    return keys == null ? request.write() : request.sign(keys);
  }

  /// The certificate that an answer to [Asker#init] brings.
  public KmsCertificate certificate(int status, byte[] answer, Instant now) throws KmsRefusal {
    try (KmsResponse response = verified(status, answer, now)) {
      if (response.answer() instanceof KmsAnswer.KmsInit init) {
        KmsCertificate certificate = init.certificate().certificate();
        if (init.certificate().isRoot()
            && !init.certificate().isRevoked()
            && certificate.kmsUri().equals(kms.kmsUri())) {
          return certificate;
        }
      }
      throw notGood("its certificate is another's");
    }
  }

  /// The certificates that an answer to [Asker#certificates] brings, with their number.
  public KmsAnswer.KmsCertCache certificates(int status, byte[] answer, Instant now)
      throws KmsRefusal {
    try (KmsResponse response = verified(status, answer, now)) {
      if (response.answer() instanceof KmsAnswer.KmsCertCache cache) {
        List<CertificateEntry> good =
            cache.certificates().stream().filter(entry -> isGood(entry, now)).toList();
        return new KmsAnswer.KmsCertCache(cache.cacheNum(), good);
      }
      throw notGood("it answered another question");
    }
  }

  private static boolean isGood(CertificateEntry entry, Instant now) {
    return !entry.isRevoked()
        && (entry.validFrom() == null || !now.isBefore(entry.validFrom()))
        && (entry.validTo() == null || now.isBefore(entry.validTo()));
  }

  /// The keys of `who` that an answer to [Asker#keysOf] brings, under `certificate`, which came by
  /// `init` or is known. The caller closes them.
  public Provision keys(
      int status, byte[] answer, Identity who, KmsCertificate certificate, Instant now)
      throws KmsRefusal {
    try (KmsResponse response = verified(status, answer, now)) {
      if (response.answer() instanceof KmsAnswer.KeyProv prov) {
        return opened(prov.provision(), who, certificate, now);
      }
      throw notGood("it answered another question");
    } catch (WrongTransportKey e) {
      throw notGood(String.valueOf(e.getMessage()));
    }
  }

  private Provision opened(
      KmsKeyProv provision, Identity who, KmsCertificate certificate, Instant now)
      throws KmsRefusal, WrongTransportKey {
    List<MemberKeys> opened = new ArrayList<>();
    boolean isDone = false;
    try {
      for (KeySet set : provision.keySets()) {
        opened.add(opened(set, who, certificate, now));
      }
      if (opened.isEmpty()) {
        throw notGood("it sent no keys");
      }
      TransportKeys renewed = keys == null ? null : provision.newKeys(keys);
      Provision done =
          new Provision(certificate, opened, renewed, provision.groups(), provision.gmkMessages());
      isDone = true;
      return done;
    } finally {
      if (!isDone) {
        opened.forEach(MemberKeys::close);
      }
    }
  }

  private MemberKeys opened(KeySet set, Identity who, KmsCertificate certificate, Instant now)
      throws KmsRefusal, WrongTransportKey {
    KeyPeriod present = certificate.periodAt(now);
    Optional<KeyPeriod> period =
        List.of(present, certificate.next(present)).stream().filter(set::isOf).findFirst();
    boolean fits =
        !set.isRevoked()
            && set.kmsUri().equals(certificate.kmsUri())
            && set.userUri().equals(who.uri())
            && period.isPresent()
            && set.isFor(certificate.identifier(who, period.get()));
    if (!fits) {
      throw notGood("it sent keys of another identity, KMS or key period");
    }
    if (set.isClear() && !allowClear) {
      throw notGood("it sent keys that are not wrapped, which is not allowed here");
    }
    if (keys == null && !set.isClear()) {
      throw notGood("it sent keys under a transport key that this device does not have");
    }
    return keys == null
        ? set.openClear(who, period.get(), device)
        : set.open(who, period.get(), device, keys);
  }

  /// The answer, if it is signed as it should be, fresh, and to this question.
  private KmsResponse verified(int status, byte[] answer, Instant now) throws KmsRefusal {
    if (status == 429 || (status >= 500 && answer.length == 0)) {
      throw new KmsRefusal(
          Kind.LATER, "KMS %s is too busy; ask again later".formatted(kms.kmsUri()));
    }
    boolean isAccepted = false;
    UnverifiedKmsResponse read = read(status, answer);
    try {
      KmsResponse response = verified(read, status);
      require(response, now);
      isAccepted = true;
      return response;
    } finally {
      if (!isAccepted) {
        read.close();
      }
    }
  }

  private UnverifiedKmsResponse read(int status, byte[] answer) throws KmsRefusal {
    try {
      return UnverifiedKmsResponse.read(answer);
    } catch (MalformedKmsMessage e) {
      if (status == 200) {
        throw notGood(String.valueOf(e.getMessage()));
      }
      Kind kind =
          switch (status) {
            case 401, 403 -> Kind.NOT_KNOWN;
            case 503 -> Kind.LATER;
            default -> Kind.REFUSED;
          };
      throw new KmsRefusal(
          kind, "KMS %s answers %d: %s".formatted(kms.kmsUri(), status, shown(answer)));
    }
  }

  /// A refusal need not be signed: it may be the keys that are wrong.
  private KmsResponse verified(UnverifiedKmsResponse read, int status) throws KmsRefusal {
    if (read.unverified().answer() instanceof KmsAnswer.KmsError error) {
      Kind kind = status == 503 ? Kind.LATER : Kind.REFUSED;
      throw new KmsRefusal(
          kind, "KMS %s refuses: %s".formatted(kms.kmsUri(), shown(error.message())));
    }
    try {
      return keys == null ? read.unverified() : read.verified(keys);
    } catch (WrongTransportKey e) {
      throw notGood(String.valueOf(e.getMessage()));
    }
  }

  private void require(KmsResponse response, Instant now) throws KmsRefusal {
    boolean isOurs =
        response.userUri().equals(user.uri())
            && response.kmsUri().equals(kms.kmsUri())
            && response.clientReqUrl().equals(url());
    if (!isOurs) {
      throw notGood("it is the answer to another question");
    }
    Duration off = Duration.between(response.time(), now).abs();
    if (off.compareTo(WINDOW) > 0) {
      throw notGood(
          "it is of %s, %d seconds from our clock".formatted(response.time(), off.toSeconds()));
    }
  }

  private KmsRefusal notGood(String why) {
    return new KmsRefusal(
        Kind.NOT_GOOD, "what came from KMS %s is not used: %s".formatted(kms.kmsUri(), why));
  }

  private static String shown(byte[] answer) {
    return shown(new String(answer, 0, Math.min(answer.length, 300), UTF_8));
  }

  private static String shown(String text) {
    String line = text.lines().findFirst().orElse("nothing");
    String cut = line.length() > 300 ? line.substring(0, 300) + "..." : line;
    return cut.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
