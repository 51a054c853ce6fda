package parley.keys.kms.message;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client asks of a KMS (TS 33.180, D.2.2). It says who claims to ask; who does is another
/// matter.
///
/// @param userUri whom the client speaks for
/// @param time when it asked
/// @param deviceId the device that the keys are for
/// @param clientReqUrl the URL that the request goes to
/// @param bringsRevocations whether it has a list of key revocations, which is not read
/// @param clientError what went wrong with an earlier answer
/// @param trkId the TrK that the client has
/// @param signatureId the InK that the client has
public record KmsRequest(
    String userUri,
    String kmsUri,
    Instant time,
    @Nullable String clientId,
    @Nullable String deviceId,
    String clientReqUrl,
    boolean bringsRevocations,
    @Nullable String clientError,
    @Nullable String trkId,
    @Nullable String signatureId) {
  private static final String NAME = "KmsRequest";
  private static final String ID = "request";

  /// A request without what is optional but the device; `time` is cut to the second.
  public static KmsRequest of(
      String userUri, String kmsUri, Instant time, String deviceId, String clientReqUrl) {
    return new KmsRequest(
        userUri,
        kmsUri,
        time.truncatedTo(ChronoUnit.SECONDS),
        null,
        deviceId,
        clientReqUrl,
        false,
        null,
        null,
        null);
  }

  /// The same with the ids of the client's transport keys.
  public KmsRequest with(TransportKeys keys) {
    return new KmsRequest(
        userUri,
        kmsUri,
        time,
        clientId,
        deviceId,
        clientReqUrl,
        bringsRevocations,
        clientError,
        keys.trkId(),
        keys.hasInk() ? keys.signatureId() : null);
  }

  /// The octets to send, without a signature.
  public byte[] write() {
    try (XmlWriter out = new XmlWriter()) {
      write(out, "Version", Names.REQUEST_VERSION);
      return out.octets();
    }
  }

  /// The octets to send, signed.
  public byte[] sign(TransportKeys keys) {
    try (XmlWriter out = new XmlWriter()) {
      write(out, "Id", ID, "Version", Names.REQUEST_VERSION);
      return Envelope.sign(out.octets(), NAME, ID, keys);
    }
  }

  private void write(XmlWriter out, String... attributes) {
    out.open(Names.KMS, NAME, attributes)
        .element(Names.KMS, "UserUri", userUri)
        .element(Names.KMS, "KmsUri", kmsUri)
        .element(Names.KMS, "Time", time)
        .optional(Names.KMS, "ClientId", clientId)
        .optional(Names.KMS, "DeviceId", deviceId)
        .element(Names.KMS, "ClientReqUrl", clientReqUrl)
        .optional(Names.KMS, "ClientError", clientError)
        .optional(Names.KMS, "TrK-ID", trkId)
        .optional(Names.KMS, "Signature-ID", signatureId)
        .close(NAME);
  }

  static Envelope<KmsRequest> read(byte[] octets) throws MalformedKmsMessage {
    return Envelope.read(octets, NAME, Names.REQUEST_CLAUSE, KmsRequest::readContent);
  }

  private static KmsRequest readContent(XmlCursor in) throws MalformedKmsMessage {
    Fields fields = new Fields(in);
    fields.version(Names.REQUEST_VERSION);
    in.noMoreAttributes();
    String userUri = fields.uri("UserUri");
    String kmsUri = fields.uri("KmsUri");
    Instant time = fields.time("Time");
    String clientId = fields.optionalText("ClientId");
    String deviceId = fields.optionalText("DeviceId");
    String url = in.text(Names.KMS, "ClientReqUrl", Fields.MOST_TEXT);
    boolean bringsRevocations = in.isAt(Names.KMS, "KrrList");
    if (bringsRevocations) {
      in.skip();
    }
    String clientError = fields.optionalText("ClientError");
    String trkId = fields.optionalUri("TrK-ID");
    String signatureId = fields.optionalUri("Signature-ID");
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KmsRequest(
        userUri,
        kmsUri,
        time,
        clientId,
        deviceId,
        url,
        bringsRevocations,
        clientError,
        trkId,
        signatureId);
  }
}
