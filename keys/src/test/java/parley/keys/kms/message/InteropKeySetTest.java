package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.message.KmsAnswer.KeyProv;
import parley.keys.kms.message.KmsAnswer.KmsInit;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identifiers;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.sakke.SakkeReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The KMS certificate and the key sets of another implementation (interop vectors of TS 33.180),
/// in the XML of the standard with keys in the clear: read, and good by the pairing and by SSK's
/// equation with PVT.
class InteropKeySetTest {
  private static final JsonNode FILE =
      JsonMapper.shared()
          .readTree(
              Path.of("../mikey/src/test/resources/vectors/interop-mikey-sakke-ts33180.json"));

  @TempDir Path directory;

  @Test
  void readsTheCertificate() throws Exception {
    KmsCertificate kms = certificate();
    assertThat(kms.kmsUri()).isEqualTo("kms.mydev.streamwide.com");
    assertThat(kms.periodSeconds()).isEqualTo(16777215);
    assertThat(kms.encKey().octets())
        .isEqualTo(HexFormat.of().parseHex(FILE.required("kms").required("PubEncKey").asString()));
  }

  @Test
  void readsAndVerifiesTheKeysOfEveryUser() throws Exception {
    KmsCertificate kms = certificate();
    int users = 0;
    for (JsonNode user : FILE.required("users")) {
      String uri = text(user, "UserUri");
      long number = user.required("KeyPeriodNo").asLong();
      byte[] uid = Identifiers.ts33180(uri, kms.kmsUri(), kms.periodSeconds(), 0, number);
      for (UserIdForm form : UserIdForm.values()) {
        try (var response = UnverifiedKmsResponse.read(keyProv(user, form))) {
          KeySet set = ((KeyProv) response.unverified().answer()).provision().keySets().getFirst();
          assertThat(set.userUri()).isEqualTo(uri);
          assertThat(set.isFor(uid)).isTrue();
          assertThat(set.keyPeriodNo()).isEqualTo(number);
          verify(kms, set, uid);
        }
      }
      users++;
    }
    assertThat(users).isEqualTo(4);
  }

  private static void verify(KmsCertificate kms, KeySet set, byte[] uid) throws Exception {
    Identity anybody = new Identity("sip:anybody@example.org");
    KeyPeriod period = kms.periodAt(MessageSamples.NOW);
    try (TransportKeys none = TransportKeys.of("none", Secrets.of("0".repeat(32)));
        MemberKeys keys = set.open(anybody, period, "device", none)) {
      EccsiSigner.of(kms.authKey(), uid, keys.ssk(), keys.pvt()).close();
      SakkeReceiver.of(kms.encKey(), uid, keys.rsk()).close();
    }
  }

  /// Alice's are installed as a member of ours installs its own.
  @Test
  void installsWhatItRead() throws Exception {
    KmsCertificate kms = certificate();
    JsonNode alice = FILE.required("users").get(1);
    Identity who = new Identity(text(alice, "UserUri"));
    // period 236 of 16777215 s each
    KeyPeriod period = kms.periodAt(Instant.ofEpochSecond(236L * 16777215 - 2_208_988_800L));
    try (TestVault vault = new TestVault(directory, "vault");
        TransportKeys none = TransportKeys.of("none", Secrets.of("0".repeat(32)));
        var response = UnverifiedKmsResponse.read(keyProv(alice, UserIdForm.HEX))) {
      KeySet set = ((KeyProv) response.unverified().answer()).provision().keySets().getFirst();
      assertThat(set.isOf(period)).isTrue();
      try (MemberKeys keys = set.open(who, period, "device", none)) {
        Member.install(vault.vault(), kms, keys);
      }
    }
  }

  private static KmsCertificate certificate() throws Exception {
    JsonNode kms = FILE.required("kms");
    String entry =
        """
        <KmsInit Version="1.0.0">
          <KmsCertificate Version="1.1.0" Role="Root">
            <CertUri>cert1.%1$s</CertUri>
            <KmsUri>%1$s</KmsUri>
            <Issuer>www.example.org</Issuer>
            <ValidFrom>2000-01-26T00:00:00</ValidFrom>
            <ValidTo>2100-01-26T23:59:59</ValidTo>
            <Revoked>false</Revoked>
            <UserIdFormat>2</UserIdFormat>
            <UserKeyPeriod>%2$s</UserKeyPeriod>
            <UserKeyOffset>%3$s</UserKeyOffset>
            <PubEncKey>%4$s</PubEncKey>
            <PubAuthKey>%5$s</PubAuthKey>
            <KmsDomainList>
              <KmsDomain>sec1.example.org</KmsDomain>
              <KmsDomain>sec2.example.org</KmsDomain>
            </KmsDomainList>
          </KmsCertificate>
        </KmsInit>
        """
            .formatted(
                text(kms, "KmsUri"),
                kms.required("UserKeyPeriod").asString(),
                kms.required("UserKeyOffset").asString(),
                text(kms, "PubEncKey"),
                text(kms, "PubAuthKey"));
    try (var response = UnverifiedKmsResponse.read(response(entry))) {
      return ((KmsInit) response.unverified().answer()).certificate().certificate();
    }
  }

  private static byte[] keyProv(JsonNode user, UserIdForm form) {
    byte[] uid = HexFormat.of().parseHex(text(user, "UserID"));
    String set =
        """
        <KmsKeyProv Version="1.0.0">
          <KmsKeySet Version="1.1.0">
            <KmsUri>kms.mydev.streamwide.com</KmsUri>
            <UserUri>%s</UserUri>
            <UserID>%s</UserID>
            <KeyPeriodNo>%s</KeyPeriodNo>
            <UserDecryptKey xsi:type="KeyContentType">%s</UserDecryptKey>
            <UserSigningKeySSK xsi:type="KeyContentType">%s</UserSigningKeySSK>
            <UserPubTokenPVT xsi:type="KeyContentType">
              %s
            </UserPubTokenPVT>
          </KmsKeySet>
        </KmsKeyProv>
        """
            .formatted(
                text(user, "UserUri"),
                form.write(uid),
                user.required("KeyPeriodNo").asString(),
                text(user, "UserDecryptKey"),
                text(user, "UserSigningKeySSK").toUpperCase(Locale.ROOT),
                text(user, "UserPubTokenPVT"));
    return response(set);
  }

  private static byte[] response(String message) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <KmsResponse xmlns="urn:3gpp:ns:mcsecKMSInterface:1.0"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="urn:3gpp:ns:mcsecKMSInterface:1.0 kms.xsd" Version="1.0.0">
      <UserUri>sip:alice@streamwide.com</UserUri>
      <KmsUri>kms.mydev.streamwide.com</KmsUri>
      <Time>2026-11-29T12:00:00</Time>
      <KmsId>KMSProvider12345</KmsId>
      <ClientReqUrl>https://kms.mydev.streamwide.com/keymanagement/identity/v1/init</ClientReqUrl>
      <KmsMessage>
    %s
      </KmsMessage>
    </KmsResponse>
    """
        .formatted(message)
        .getBytes(UTF_8);
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).asString();
  }
}
