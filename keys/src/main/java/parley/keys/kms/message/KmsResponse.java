package parley.keys.kms.message;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.message.KmsAnswer.KeyProv;
import parley.keys.kms.message.KmsAnswer.KmsCertCache;
import parley.keys.kms.message.KmsAnswer.KmsError;
import parley.keys.kms.message.KmsAnswer.KmsInit;

/// What a KMS says to one request (TS 33.180, D.3.1). Closes the keys in its answer.
///
/// @param userUri whom it is for
/// @param time when it was made, by the clock of the KMS
/// @param clientReqUrl the URL that it answers
public record KmsResponse(
    String userUri,
    String kmsUri,
    Instant time,
    @Nullable String kmsId,
    String clientReqUrl,
    KmsAnswer answer)
    implements AutoCloseable {
  private static final String NAME = "KmsResponse";
  private static final String ID = "response";
  private static final int MOST_CERTIFICATES = 32;

  /// An answer to `request`; `time` is cut to the second. Takes over the answer.
  public static KmsResponse to(KmsRequest request, Instant time, KmsAnswer answer) {
    return new KmsResponse(
        request.userUri(),
        request.kmsUri(),
        time.truncatedTo(ChronoUnit.SECONDS),
        null,
        request.clientReqUrl(),
        answer);
  }

  /// The octets to send, without a signature. Where a key in them is clear, the caller zeroes them.
  public byte[] write() {
    try (XmlWriter out = new XmlWriter()) {
      write(out, "Version", Names.RESPONSE_VERSION);
      return out.octets();
    }
  }

  /// The octets to send, signed under the client's InK, else its TrK.
  public byte[] sign(TransportKeys keys) {
    try (XmlWriter out = new XmlWriter()) {
      write(out, "Id", ID, "Version", Names.RESPONSE_VERSION);
      return Envelope.sign(out.octets(), NAME, ID, keys);
    }
  }

  private void write(XmlWriter out, String... attributes) {
    out.open(Names.KMS, NAME, attributes)
        .element(Names.KMS, "UserUri", userUri)
        .element(Names.KMS, "KmsUri", kmsUri)
        .element(Names.KMS, "Time", time)
        .optional(Names.KMS, "KmsId", kmsId)
        .element(Names.KMS, "ClientReqUrl", clientReqUrl);
    if (answer instanceof KmsError error) {
      out.open(Names.KMS, "KmsError")
          .element(Names.KMS, "ErrorCode", error.code())
          .element(Names.KMS, "ErrorMsg", error.message())
          .close("KmsError");
    } else {
      out.open(Names.KMS, "KmsMessage");
      writeMessage(out);
      out.close("KmsMessage");
    }
    out.close(NAME);
  }

  private void writeMessage(XmlWriter out) {
    switch (answer) {
      case KmsInit init -> {
        out.open(Names.KMS, "KmsInit", "Version", Names.ANSWER_VERSION);
        init.certificate().write(out);
        out.close("KmsInit");
      }
      case KeyProv keys -> keys.provision().write(out);
      case KmsCertCache cache -> {
        String number = Long.toString(cache.cacheNum());
        out.open(Names.KMS, "KmsCertCache", "CacheNum", number, "Version", Names.ANSWER_VERSION);
        cache.certificates().forEach(entry -> entry.write(out));
        out.close("KmsCertCache");
      }
      case KmsError _ -> throw new IllegalStateException("an error is no KmsMessage");
    }
  }

  static Envelope<KmsResponse> read(byte[] octets) throws MalformedKmsMessage {
    return Envelope.read(octets, NAME, Names.RESPONSE_CLAUSE, KmsResponse::readContent);
  }

  private static KmsResponse readContent(XmlCursor in) throws MalformedKmsMessage {
    Fields fields = new Fields(in);
    fields.version(Names.RESPONSE_VERSION);
    in.noMoreAttributes();
    String userUri = fields.uri("UserUri");
    String kmsUri = fields.uri("KmsUri");
    Instant time = fields.time("Time");
    String kmsId = fields.optionalText("KmsId");
    String url = in.text(Names.KMS, "ClientReqUrl", Fields.MOST_TEXT);
    KmsAnswer answer = in.isAt(Names.KMS, "KmsError") ? readError(in) : readMessage(in);
    in.reading(Names.RESPONSE_CLAUSE);
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KmsResponse(userUri, kmsUri, time, kmsId, url, answer);
  }

  private static KmsError readError(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.KMS, "KmsError");
    in.noMoreAttributes();
    long code = new Fields(in).number("ErrorCode");
    String message = in.text(Names.KMS, "ErrorMsg", Fields.MOST_SENTENCE);
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KmsError((int) Math.min(code, Integer.MAX_VALUE), message);
  }

  private static KmsAnswer readMessage(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.KMS, "KmsMessage");
    in.noMoreAttributes();
    KmsAnswer answer;
    if (in.isAt(Names.KMS, "KmsInit")) {
      answer = readInit(in);
    } else if (KmsKeyProv.isNext(in)) {
      answer = new KeyProv(KmsKeyProv.read(in));
    } else {
      answer = readCache(in);
    }
    in.leave();
    return answer;
  }

  private static KmsInit readInit(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.KMS, "KmsInit");
    new Fields(in).version(Names.ANSWER_VERSION);
    var _ = in.attribute("xsi:type");
    in.noMoreAttributes();
    CertificateEntry certificate = CertificateEntry.read(in);
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KmsInit(certificate);
  }

  private static KmsCertCache readCache(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.KMS, "KmsCertCache");
    new Fields(in).version(Names.ANSWER_VERSION);
    String number = in.attribute("CacheNum");
    in.noMoreAttributes();
    if (number != null && !number.matches("[0-9]{1,18}")) {
      throw in.refused("CacheNum is no number");
    }
    List<CertificateEntry> certificates = new ArrayList<>();
    while (CertificateEntry.isNext(in) && certificates.size() < MOST_CERTIFICATES) {
      certificates.add(CertificateEntry.read(in));
    }
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KmsCertCache(number == null ? 0 : Long.parseLong(number), certificates);
  }

  @Override
  public void close() {
    if (answer instanceof KeyProv keys) {
      keys.provision().close();
    }
  }
}
