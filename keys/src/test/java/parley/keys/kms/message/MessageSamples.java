package parley.keys.kms.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.message.KmsAnswer.KeyProv;
import parley.keys.kms.message.KmsAnswer.KmsCertCache;
import parley.keys.kms.message.KmsAnswer.KmsError;
import parley.keys.kms.message.KmsAnswer.KmsInit;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// Messages of each kind, with the keys of a KMS that is real in everything.
final class MessageSamples {
  static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity FIRE = new Identity("sip:fire@example.org");
  static final String URL = "https://kms.example.org/keymanagement/identity/v1/keyprov";
  static final KmsCertificate KMS = TestKms.HASHED.certificate();

  private MessageSamples() {}

  static TransportKeys transportKeys() {
    return TransportKeys.of(
        "tk.1.alice", Secrets.of("0123456789abcdef0123456789ABCDEF"),
        "ik.1.alice", Secrets.of("integrity key of 32 octets, all!"));
  }

  /// Under the same ids, and with keys that sign none of the samples.
  static TransportKeys strangersKeys() {
    return TransportKeys.of(
        "tk.1.alice",
        SecretBytes.random(32, Secrets.RANDOM, "TrK"),
        "ik.1.alice",
        SecretBytes.random(32, Secrets.RANDOM, "InK"));
  }

  static KmsRequest request() {
    return KmsRequest.of(ALICE.uri(), KMS.kmsUri(), NOW, "phone-1", URL);
  }

  static MemberKeys memberKeys() {
    return TestKms.HASHED.keys(ALICE, NOW);
  }

  static KmsResponse response(KmsAnswer answer) {
    return KmsResponse.to(request(), NOW, answer);
  }

  static KmsAnswer init() {
    return new KmsInit(CertificateEntry.root(KMS));
  }

  static KmsAnswer error() {
    return new KmsError(
        403, "key period 12 is not open until 2026-12-01T00:00:00Z & <that> is \"it\"");
  }

  static KmsAnswer certCache() {
    return new KmsCertCache(
        7,
        List.of(
            CertificateEntry.root(KMS).validTo(NOW),
            CertificateEntry.external(TestKms.FOREIGN.certificate())));
  }

  static KmsAnswer emptyProvision() {
    return new KeyProv(KmsKeyProv.of(List.of(), List.of(), List.of()));
  }

  static KmsAnswer wrapped(TransportKeys keys) {
    return provision(KeySet.wrapped(KMS, memberKeys(), keys, UserIdForm.HEX));
  }

  static KmsAnswer clear() {
    return provision(KeySet.unsafeClear(KMS, memberKeys(), UserIdForm.BASE64));
  }

  static KmsAnswer rotating(TransportKeys keys) {
    TransportKeys next =
        TransportKeys.of(
            "tk.2.alice", Secrets.of("0".repeat(32)), "ik.2", Secrets.of("1".repeat(32)));
    KeySet set = KeySet.wrapped(KMS, memberKeys(), keys, UserIdForm.HEX);
    return new KeyProv(KmsKeyProv.of(List.of(set), List.of(), List.of()).replacing(keys, next));
  }

  private static KmsAnswer provision(KeySet set) {
    return new KeyProv(
        KmsKeyProv.of(
            List.of(set),
            List.of(
                new GroupEntry(FIRE, FIRE, "https://manager.example.org/", KMS.kmsUri()),
                new GroupEntry(FIRE, ALICE, "udp:192.0.2.1:7000", KMS.kmsUri())),
            List.of(new byte[] {1, 2, 3}, new byte[700])));
  }

  /// Everything that is ever written, by name.
  static List<byte[]> all() {
    List<byte[]> all = new ArrayList<>();
    all.add(CertificateEntry.root(KMS).writeAlone());
    try (TransportKeys keys = transportKeys()) {
      all.add(request().write());
      all.add(request().with(keys).sign(keys));
      for (KmsAnswer answer :
          List.of(
              init(),
              error(),
              certCache(),
              emptyProvision(),
              wrapped(keys),
              clear(),
              rotating(keys))) {
        all.add(response(answer).write());
        all.add(response(answer).sign(keys));
      }
    }
    return all;
  }
}
