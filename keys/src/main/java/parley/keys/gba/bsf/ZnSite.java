package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.bsf.BsfEvent.Act;
import parley.keys.gba.bsf.BsfEvent.Outcome;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnJson;
import parley.keys.gba.zn.ZnJson.KeyQuestion;
import parley.keys.gba.zn.ZnJson.PushQuestion;
import parley.keys.gba.zn.ZnJson.WrongJson;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.Site;
import parley.keys.store.StoreException;

/// Zn and Zpn over mutual TLS: a NAF gets keys of the name that its certificate bears, and no
/// others.
///
/// The name is a dNSName, letter by letter; wildcards and common names count for nothing.
public final class ZnSite implements Site {
  private static final Logger LOG = LoggerFactory.getLogger(ZnSite.class);
  private static final int DNS_NAME = 2;

  private final Bsf bsf;
  private final BsfAudit audit;

  public ZnSite(Bsf bsf) {
    this(bsf, BsfAudit.none());
  }

  public ZnSite(Bsf bsf, BsfAudit audit) {
    this.bsf = bsf;
    this.audit = audit;
  }

  @Override
  public Reply answer(Request request) throws StoreException, IOException {
    X509Certificate certificate = request.certificate();
    if (certificate == null) {
      String asker = BsfEvent.asker(request);
      audit.note(new BsfEvent(Act.KEY, Outcome.NO_CERTIFICATE, asker, "", "", ""));
      return refusal(403, "NOT_AUTHORIZED");
    } else if (!request.method().equals("POST")) {
      return refusal(405, "METHOD_NOT_ALLOWED").with("Allow", "POST");
    }
    try {
      return switch (request.path()) {
        case HttpZnClient.KEY_PATH -> key(KeyQuestion.parse(request.body()), certificate);
        case HttpZnClient.PUSH_PATH -> push(PushQuestion.parse(request.body()), certificate);
        default -> refusal(404, "RESOURCE_URI_STRUCTURE_NOT_FOUND");
      };
    } catch (WrongJson e) {
      return Reply.text(400, "the body is not as it should be: " + e.getMessage());
    }
  }

  private Reply key(KeyQuestion question, X509Certificate certificate)
      throws StoreException, IOException {
    var asked = new Asked(Act.KEY, certificate, question.naf());
    String tid = question.tid().text();
    if (!isOf(certificate, question.naf().fqdn())) {
      note(asked, Outcome.FOREIGN_NAME, "", tid);
      return foreign(question.naf().fqdn(), certificate);
    } else if (!bsf.serves(question.naf().fqdn())) {
      note(asked, Outcome.NOT_ALLOWED, "", tid);
      return foreign(question.naf().fqdn(), certificate);
    }
    Optional<NafKey> found = bsf.nafKey(question.tid(), question.naf());
    if (found.isEmpty()) {
      note(asked, Outcome.UNKNOWN, "", tid);
      return refusal(404, "TRANSACTION_IDENTIFIER_INVALID");
    }
    try (NafKey key = found.get()) {
      note(asked, Outcome.DONE, key.impi(), tid);
      return granted(ZnJson.json(key));
    }
  }

  private Reply push(PushQuestion question, X509Certificate certificate)
      throws StoreException, IOException {
    var asked = new Asked(Act.PUSH, certificate, question.naf());
    Fqdn naf = question.naf().fqdn();
    if (!isOf(certificate, naf)) {
      note(asked, Outcome.FOREIGN_NAME, "", "");
      return foreign(naf, certificate);
    } else if (!bsf.serves(naf) || !bsf.mayPush(naf)) {
      note(asked, Outcome.NOT_ALLOWED, "", "");
      return foreign(naf, certificate);
    } else if (!bsf.canName(question.naf())) {
      return Reply.text(400, "the name of this server is too long for a push");
    }
    Optional<PushInfo> made = bsf.push(question.user(), question.naf());
    if (made.isEmpty()) {
      note(asked, Outcome.UNKNOWN, "", "");
      return refusal(404, "IDENTITY_UNKNOWN");
    }
    try (PushInfo push = made.get()) {
      note(asked, Outcome.DONE, push.key().impi(), push.key().tid().text());
      return granted(ZnJson.json(push));
    }
  }

  /// A question of a NAF that has a certificate.
  private record Asked(Act act, X509Certificate certificate, NafId naf) {}

  private void note(Asked asked, Outcome outcome, String impi, String tid) throws IOException {
    String subject = asked.certificate.getSubjectX500Principal().getName();
    audit.note(new BsfEvent(asked.act, outcome, subject, impi, tid, asked.naf.toString()));
  }

  /// The body holds a key and is the server's from here on.
  private static Reply granted(byte[] json) {
    return Reply.of(200, ZnJson.CONTENT_TYPE, json).with("Cache-Control", "no-store");
  }

  private static Reply refusal(int status, String cause) {
    String json = "{\"cause\":\"%s\"}".formatted(cause);
    return Reply.of(status, ZnJson.CONTENT_TYPE, json.getBytes(UTF_8));
  }

  private static Reply foreign(Fqdn asked, X509Certificate certificate) {
    LOG.atWarn()
        .setMessage("a server may not have what it asked for")
        .addKeyValue("asked", asked.name())
        .addKeyValue("certificate", certificate.getSubjectX500Principal().getName())
        .log();
    return refusal(403, "NOT_AUTHORIZED");
  }

  private static boolean isOf(X509Certificate certificate, Fqdn naf) {
    return dnsNames(certificate).stream()
        .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(naf.name()));
  }

  private static List<String> dnsNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> name.getFirst() instanceof Integer type && type == DNS_NAME)
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (CertificateParsingException _) {
      return List.of();
    }
  }
}
