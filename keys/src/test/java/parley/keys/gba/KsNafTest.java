package parley.keys.gba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

/// Ks_NAF and the names that it is derived for.
class KsNafTest {
  private static final byte[] RAND = HexFormat.of().parseHex("23553cbe9637a89d218ae64dae47bf35");
  private static final String CK_IK =
      "b40ba9a3c58b2a05bbf0d987b21bf8cbf769bcd751044604127672711c6d3441";
  private static final Fqdn KMS = new Fqdn("kms.home1.net");
  private static final Fqdn BSF = new Fqdn("bsf.home1.net");

  /// The sample of our facts: Milenage set 1, computed by another program.
  @Test
  void isTheSample() {
    assertThat(key("user1_private@home1.net", new NafId(KMS, UaProtocol.HTTP_DIGEST)))
        .isEqualTo("b95a47ad9530fba4a982316c2e212498feb25fa8f4e20aec806d0a05394b3b04");
  }

  /// Row 20 of the threats: a key for each FQDN, and for each way of using it.
  @Test
  void differsByServerUseAndUser() {
    var naf = new NafId(KMS, UaProtocol.tls(0x1301));

    assertThat(key("a@home1.net", naf))
        .isNotEqualTo(key("b@home1.net", naf))
        .isNotEqualTo(key("a@home1.net", new NafId(new Fqdn("evil.home1.net"), naf.ua())))
        .isNotEqualTo(key("a@home1.net", new NafId(KMS, UaProtocol.tls(0x1302))));
  }

  @Test
  void isGivenByABootstrappedKeyThatKnowsItsRand() {
    var btid = Tid.bootstrapped(RAND, BSF);
    try (var key =
            new BootstrappedKey(
                btid, "user1_private@home1.net", Instant.EPOCH, Secrets.hex(CK_IK));
        SecretBytes ksNaf = key.ksNaf(new NafId(KMS, UaProtocol.HTTP_DIGEST));
        SecretBytes password = KsNaf.password(ksNaf)) {
      assertThat(Secrets.hex(ksNaf)).startsWith("b95a47ad");
      assertThat(Secrets.text(password)).isEqualTo("uVpHrZUw+6SpgjFsLiEkmP6yX6j04grsgG0KBTlLOwQ=");
      assertThat(key.isGood(Instant.EPOCH)).isFalse();
      assertThat(key.isGood(Instant.EPOCH.minusNanos(1))).isTrue();
    }
  }

  @Test
  void writesUaProtocolsAsTheStandardDoes() {
    assertThat(UaProtocol.HTTP_DIGEST).hasToString("0100000002");
    assertThat(UaProtocol.SHARED_KEY_TLS_13).hasToString("0100000007");
    assertThat(UaProtocol.tls(0xC02F)).hasToString("010001c02f");
    assertThat(UaProtocol.tls("TLS_AES_128_GCM_SHA256")).hasValue(UaProtocol.tls(0x1301));
    assertThat(UaProtocol.tls("TLS_RSA_WITH_AES_128_CBC_SHA")).isEmpty();
    assertThat(UaProtocol.parse("010001c02f")).isEqualTo(UaProtocol.tls(0xC02F));
    assertThat(UaProtocol.of(UaProtocol.tls(0xC02F).octets())).isEqualTo(UaProtocol.tls(0xC02F));
    assertThat(new NafId(KMS, UaProtocol.HTTP_DIGEST).octets())
        .hasSize(13 + 5)
        .endsWith(1, 0, 0, 0, 2);
    for (int none : new int[] {-1, 0, 0x10000}) {
      assertThatThrownBy(() -> UaProtocol.tls(none)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> UaProtocol.parse("01")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesBootstrapsAndPushesApart() {
    Tid btid = Tid.bootstrapped(RAND, BSF);
    Tid ptid = Tid.pushed(RAND, BSF);

    assertThat(btid).hasToString("I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net");
    assertThat(btid.localOctets()).isEqualTo(RAND);
    assertThat(btid.isPushed()).isFalse();
    assertThat(ptid.isPushed()).isTrue();
    assertThat(btid.isOf(BSF)).isTrue();
    assertThat(ptid.isOf(BSF)).isTrue();
    assertThat(ptid.isOf(new Fqdn("push.bsf.home1.net"))).isFalse();
    assertThat(btid.isOf(KMS)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@bsf.home1.net",
        "I1U8vpY3qJ0hiuZNrke/NQ==",
        "I1U8vpY3qJ0hiuZNrke/NQ==@",
        "I1U8vpY3qJ0hiuZNrke/NQ==@bsf",
        "I1U8vpY3qJ0hiuZNrke/NQ==@BSF.home1.net",
        "I1U8vpY3qJ0hiuZNrke/NR==@bsf.home1.net",
        "I1U8vpY3qJ0hiuZNrke/NQA=@bsf.home1.net",
        "I1U8vpY3qJ0hiuZNrke_NQ==@bsf.home1.net",
        "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net\n"
      })
  void knowsOneFormOfAName(String text) {
    assertThat(Tid.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kms",
        "*.example.org",
        "Kms.example.org",
        "a..b",
        "a.b.",
        "-a.org",
        "10.0.0.1"
      })
  void knowsOneFormOfAHost(String text) {
    assertThatThrownBy(() -> new Fqdn(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String key(String impi, NafId naf) {
    try (SecretBytes ks = Secrets.hex(CK_IK);
        SecretBytes ksNaf = KsNaf.derive(ks, RAND, impi, naf)) {
      return Secrets.hex(ksNaf);
    }
  }
}
