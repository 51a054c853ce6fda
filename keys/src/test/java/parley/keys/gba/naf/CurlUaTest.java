package parley.keys.gba.naf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.KsNaf;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.http.Reply;
import parley.mikey.secret.SecretBytes;

/// curl as a UE that is not ours: B-TID as its user, Ks_NAF in base64 as its password.
class CurlUaTest {
  @TempDir Path directory;

  @Test
  void opensTheDoorWithTheKeyAndNotWithAnother() throws Exception {
    var ca = new TestCa();
    try (GbaWorld world = new GbaWorld(directory);
        NafKeys keys =
            new NafKeys(
                GbaWorld.KMS, world.bsf().direct(GbaWorld.KMS), world.clock(), Secrets.RANDOM);
        NafAuthenticator naf = new NafAuthenticator(keys, world.clock(), Secrets.RANDOM);
        TestHttps server =
            new TestHttps(
                ca.tls("kms.home1.net"),
                request ->
                    switch (naf.authenticate(request)) {
                      case NafOutcome.Refused(Reply reply) -> reply;
                      case NafOutcome.Authenticated who -> {
                        try (who) {
                          yield who.prove(Reply.text(200, "hello " + who.identities()));
                        }
                      }
                    });
        BootstrappedKey ue = world.bootstrapped();
        SecretBytes one = ue.ksNaf(new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301)));
        SecretBytes other = ue.ksNaf(new NafId(GbaWorld.KMS, UaProtocol.tls(0x1302)));
        SecretBytes right = KsNaf.password(one);
        SecretBytes wrong = KsNaf.password(other)) {
      Path pem = ca.writePem(directory.resolve("ca.pem"));
      assertThat(curl(server, pem, ue.btid() + ":" + Secrets.text(right)))
          .isEqualTo("hello [sip:alice@home1.net]\n200");
      assertThat(curl(server, pem, ue.btid() + ":" + Secrets.text(wrong))).isEqualTo("401");
    }
  }

  private static String curl(TestHttps server, Path ca, String user) throws Exception {
    String[] command = {
      "curl",
      "-s",
      "--cacert",
      ca.toString(),
      "--tls13-ciphers",
      "TLS_AES_128_GCM_SHA256",
      "-w",
      "%{http_code}",
      "--digest",
      "-u",
      user,
      server.address() + "/keymanagement/identity/v1/init"
    };
    try {
      Process curl = new ProcessBuilder(command).start();
      String said = new String(curl.getInputStream().readAllBytes(), UTF_8);
      assertThat(curl.waitFor()).isZero();
      return said;
    } catch (IOException _) {
      String message = "SKIPPED: curl is not installed";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      return Assumptions.abort(message);
    }
  }
}
