package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.Vectors.octets;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;
import parley.mikey.Vectors;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

class SigningNonceTest {
  private static final JsonNode RFC = Vectors.load("rfc6507-eccsi.json").required("cases").get(0);
  private static final byte[] J = octets(RFC, "j");
  private static final byte[] M = octets(RFC, "M");
  private static final byte[] OTHER = "another message".getBytes(StandardCharsets.US_ASCII);
  private static final FixedRandom NOTHING = new FixedRandom();

  private final EccsiPublicKey kpak;
  private final EccsiSigner signer;

  SigningNonceTest() throws Exception {
    kpak = EccsiPublicKey.of(octets(RFC, "KPAK"));
    try (var ssk = SecretBytes.take(octets(RFC, "SSK"), "SSK")) {
      signer = EccsiSigner.of(kpak, octets(RFC, "ID"), ssk, octets(RFC, "PVT"));
    }
  }

  @AfterEach
  void close() {
    signer.close();
  }

  @Test
  void drawnAheadItMakesTheSignatureOfRfc6507() {
    var nonce = SigningNonce.draw(new FixedRandom(J));
    assertThat(signer.sign(M, 0, M.length, nonce, NOTHING))
        .isEqualTo(octets(RFC, "Sig"))
        .isEqualTo(signer.sign(M, 0, M.length, new FixedRandom(J)));
  }

  @Test
  void signsForAnyKeyThatComes() throws Exception {
    byte[] id = "2026-11\0sip:alice@example.org\0".getBytes(StandardCharsets.US_ASCII);
    var nonce = SigningNonce.draw(new SecureRandom());
    try (var kms = EccsiMasterKey.generate(new SecureRandom());
        var key = kms.issue(id, new byte[] {1});
        var alice = EccsiSigner.of(kms.publicKey(), id, key.ssk(), key.pvt())) {
      byte[] signature = alice.sign(M, 1, 2, nonce, NOTHING);
      assertThat(new EccsiVerifier(1).verify(kms.publicKey(), id, M, 1, 2, signature)).isTrue();
    }
  }

  @Test
  void aSecondUseIsRefusedAndNothingOfItComesOut() {
    var nonce = SigningNonce.draw(new FixedRandom(J));
    byte[] _ = signer.sign(M, 0, M.length, nonce, NOTHING);
    assertThat(nonce.isSpent()).isTrue();
    assertThatThrownBy(() -> signer.sign(OTHER, 0, OTHER.length, nonce, NOTHING))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("used up");
  }

  /// The place where a range is wrong is the caller's fault, and costs no nonce.
  @Test
  void isNotSpentOnOctetsThatAreNotThere() {
    var nonce = SigningNonce.draw(new FixedRandom(J));
    assertThatThrownBy(() -> signer.sign(M, 0, M.length + 1, nonce, NOTHING))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(nonce.isSpent()).isFalse();
  }

  @Test
  void aClosedSignerSpendsItAndSignsNothing() {
    var nonce = SigningNonce.draw(new FixedRandom(J));
    signer.close();
    assertThatThrownBy(() -> signer.sign(M, 0, M.length, nonce, NOTHING))
        .isInstanceOf(IllegalStateException.class);
    assertThat(nonce.isSpent()).isTrue();
  }

  @Test
  void ofManyThreadsOneSigns() throws Exception {
    int threads = 4;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      var start = new CyclicBarrier(threads);
      for (int round = 0; round < 200; round++) {
        var nonce = SigningNonce.draw(new FixedRandom(J));
        List<Future<byte[]>> tries = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          byte[] message = {(byte) thread};
          tries.add(
              pool.submit(() -> {
                start.await();
                return signer.sign(message, 0, 1, nonce, NOTHING);
              }));
        }
        assertThat(tries.stream().filter(SigningNonceTest::hasSigned)).hasSize(1);
      }
    }
  }

  private static boolean hasSigned(Future<byte[]> signature) {
    try {
      return signature.get().length == EccsiSigner.SIGNATURE_OCTETS;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void usedOrClosedItHoldsNothing() {
    var used = SigningNonce.draw(new FixedRandom(J));
    byte[] _ = signer.sign(M, 0, M.length, used, NOTHING);
    var closed = SigningNonce.draw(new FixedRandom(J));
    closed.close();
    for (SigningNonce nonce : List.of(used, closed)) {
      assertThat(nonce.j().isClosed()).isTrue();
      assertThatThrownBy(() -> signer.sign(M, 0, M.length, nonce, NOTHING))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void nothingPrintsIt() {
    var nonce = SigningNonce.draw(new FixedRandom(J));
    assertThat(nonce + " " + nonce.j())
        .doesNotContainIgnoringCase(HexFormat.of().formatHex(J).substring(0, 12))
        .contains("fresh");
  }

  /// HE + r SSK = 0 has no inverse (RFC 6507, 5.2.1, step 4); here the SSK is made to fit.
  @Test
  void whereItLeadsToNoInverseAnotherIsDrawn() {
    BigInteger first = BigInteger.valueOf(7);
    byte[] second = P256.encode(BigInteger.valueOf(11));
    byte[] r = SigningNonce.draw(new FixedRandom(P256.encode(first))).unsafeR();
    var hs = new byte[32];
    var he = new BigInteger(1, EccsiHash.he(hs, r, M, 0, M.length));
    BigInteger ssk = he.negate().multiply(new BigInteger(1, r).modInverse(P256.Q)).mod(P256.Q);
    try (var unlucky =
        new EccsiSigner(SecretBytes.take(P256.encode(ssk), "SSK"), new byte[65], hs)) {
      byte[] expected = unlucky.sign(M, 0, M.length, new FixedRandom(second));
      var nonce = SigningNonce.draw(new FixedRandom(P256.encode(first)));
      assertThat(unlucky.sign(M, 0, M.length, nonce, new FixedRandom(second))).isEqualTo(expected);
      assertThat(nonce.isSpent()).isTrue();
    }
  }
}
