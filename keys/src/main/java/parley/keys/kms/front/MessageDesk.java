package parley.keys.kms.front;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.transport.MikeyBody;

/// `POST /mikey`: a GMK message for a UE that will come for its keys, into the [LetterBox].
///
/// Nobody is asked who he is, so everybody is refused by the same words. 202 says that the message
/// waits; `Retry-After` when it is worth the while to bring it again.
final class MessageDesk {
  static final String PATH = "/mikey";

  private static final Logger LOG = LoggerFactory.getLogger(MessageDesk.class);
  private static final Duration BRING_AGAIN = Duration.ofHours(6);

  private final LetterBox box;
  private final KmsAudit audit;
  private final RequestLimits signatures;
  private final RequestLimits notedRefusals;
  private final InstantSource clock;

  /// @param signatures how many may be verified, of all addresses together
  /// @param notedRefusals how many refusals the audit log bears
  MessageDesk(
      LetterBox box,
      KmsAudit audit,
      RequestLimits signatures,
      RequestLimits notedRefusals,
      InstantSource clock) {
    this.box = box;
    this.audit = audit;
    this.signatures = signatures;
    this.notedRefusals = notedRefusals;
    this.clock = clock;
  }

  /// A POST to [#PATH] of an address that has not asked too often.
  Reply answer(Request request) throws StoreException, IOException {
    String type = request.header("content-type");
    if (type == null || !MikeyBody.isType(type)) {
      return Reply.text(415, "the body is a MIKEY message: Content-Type application/mikey");
    } else if (request.body().length > MikeyBody.MAX_OCTETS) {
      return Reply.text(413, "no MIKEY message is that long");
    } else if (!signatures.admits("")) {
      return KmsSite.tooOften();
    }
    return switch (box.take(request.body().clone())) {
      case LetterOutcome.Taken taken -> taken(request, taken);
      case LetterOutcome.Refused refused -> refused(request, refused);
    };
  }

  /// A message that waited already makes no line: whoever has a copy may bring it for ever.
  private Reply taken(Request request, LetterOutcome.Taken taken) throws IOException {
    if (taken.isNews()) {
      note(request, taken.signer(), taken.ue() + " of " + taken.group(), null);
    }
    return Reply.empty(202).with("Retry-After", String.valueOf(BRING_AGAIN.toSeconds()));
  }

  private Reply refused(Request request, LetterOutcome.Refused refused) throws IOException {
    Identity ue = refused.ue();
    if (notedRefusals.admits("")) {
      note(request, refused.signer(), ue == null ? "" : ue.uri(), refused.reason());
      LOG.atInfo()
          .addKeyValue("peer", request.peer())
          .addKeyValue("detail", refused.detail())
          .log("a GMK message is not taken");
    }
    return refused.reason() == Denial.MALFORMED
        ? Reply.text(400, "no GMK distribution: " + refused.detail())
        : Reply.text(
            403,
            ("not taken. This KMS's clock says %s: is yours right, and T later than in the message"
                    + " before? Is the UE a user of this KMS and, in its registry, a member of the"
                    + " group? Does the signer of the registry sign, with keys of this KMS and this"
                    + " period, and for no other group of the UE?")
                .formatted(clock.instant()));
  }

  private void note(
      Request request, @Nullable Identity signer, String forWhom, @Nullable Denial denial)
      throws IOException {
    String name = signer == null ? "" : signer.uri();
    audit.note(
        new KmsEvent(
            clock.instant(),
            KmsSite.peer(request),
            signer == null ? null : Way.SIGNER,
            name,
            name,
            "message",
            forWhom,
            "",
            null,
            denial));
  }
}
