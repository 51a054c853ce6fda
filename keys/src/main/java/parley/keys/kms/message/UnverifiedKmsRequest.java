package parley.keys.kms.message;

import org.jspecify.annotations.Nullable;

/// A request as it came in, read and not believed.
public final class UnverifiedKmsRequest {
  private final Envelope<KmsRequest> envelope;

  private UnverifiedKmsRequest(Envelope<KmsRequest> envelope) {
    this.envelope = envelope;
  }

  /// Reads a request of at most 64 KiB, from its first octet to its last.
  public static UnverifiedKmsRequest read(byte[] octets) throws MalformedKmsMessage {
    return new UnverifiedKmsRequest(KmsRequest.read(octets));
  }

  /// The id of the key it claims to be signed with; null where it is not signed.
  public @Nullable String signedUnder() {
    return envelope.signedUnder();
  }

  /// What it says, whoever wrote it.
  public KmsRequest unverified() {
    return envelope.unverified();
  }

  /// What it says, if the holder of these keys wrote it.
  public KmsRequest verified(TransportKeys keys) throws WrongTransportKey {
    return envelope.verified(keys);
  }
}
