package parley.keys.kms.message;

import org.jspecify.annotations.Nullable;

/// An answer as it came in, read and not believed. Closes what keys are in it.
public final class UnverifiedKmsResponse implements AutoCloseable {
  private final Envelope<KmsResponse> envelope;

  private UnverifiedKmsResponse(Envelope<KmsResponse> envelope) {
    this.envelope = envelope;
  }

  /// Reads an answer of at most 64 KiB, from its first octet to its last.
  public static UnverifiedKmsResponse read(byte[] octets) throws MalformedKmsMessage {
    return new UnverifiedKmsResponse(KmsResponse.read(octets));
  }

  /// The id of the key it claims to be signed with; null where it is not signed.
  public @Nullable String signedUnder() {
    return envelope.signedUnder();
  }

  /// What it says, as TLS alone vouches for it.
  public KmsResponse unverified() {
    return envelope.unverified();
  }

  /// What it says, if the holder of these keys wrote it.
  public KmsResponse verified(TransportKeys keys) throws WrongTransportKey {
    return envelope.verified(keys);
  }

  @Override
  public void close() {
    envelope.unverified().close();
  }
}
