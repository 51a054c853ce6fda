package parley.keys.kms.message;

import java.util.List;

/// What a response is about (`KmsMessage` or `KmsError`; TS 33.180, D.3).
public sealed interface KmsAnswer {

  /// To `init`: the certificate of this KMS.
  record KmsInit(CertificateEntry certificate) implements KmsAnswer {}

  /// To `keyprov`: keys, and what else waits for the client.
  record KeyProv(KmsKeyProv provision) implements KmsAnswer {}

  /// To `certcache` and `cert`: certificates of this KMS and others that it vouches for.
  ///
  /// @param cacheNum rises with each change; a client that has this one needs nothing
  record KmsCertCache(long cacheNum, List<CertificateEntry> certificates) implements KmsAnswer {
    public KmsCertCache {
      certificates = List.copyOf(certificates);
    }
  }

  /// A refusal, to a client that is known.
  ///
  /// @param code an HTTP status
  record KmsError(int code, String message) implements KmsAnswer {}
}
