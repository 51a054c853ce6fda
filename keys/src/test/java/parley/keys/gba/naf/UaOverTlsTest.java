package parley.keys.gba.naf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.bsf.ZnSite;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.ue.Bootstrap;
import parley.keys.gba.ue.BootstrapMemory;
import parley.keys.gba.ue.UaDigestClient;
import parley.keys.gba.ue.UbClient;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.Site;
import parley.mikey.secret.SecretBytes;

/// The whole way over three TLS connections: a server asks for a bootstrap, the SIM makes one at
/// the BSF, the server gets its key there, and both know each other.
class UaOverTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void aSimOpensTheDoorOfAServer() throws Exception {
    var ca = new TestCa();
    try (GbaWorld world = new GbaWorld(directory);
        TestVault vault = new TestVault(directory, "vault");
        TestHttps ub = new TestHttps(ca.tls("bsf.home1.net"), world.site());
        TestHttps zn = new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(world.bsf()));
        HttpZnClient znClient = new HttpZnClient(zn.address(), ca.tls("kms.home1.net"), PATIENCE);
        NafKeys keys = new NafKeys(GbaWorld.KMS, znClient, world.clock(), Secrets.RANDOM);
        NafAuthenticator naf = new NafAuthenticator(keys, world.clock(), Secrets.RANDOM);
        TestHttps kms = new TestHttps(ca.tls("kms.home1.net"), greeting(naf));
        Usim usim = Subscribers.usim();
        UbClient client =
            new UbClient(
                ub.address(),
                GbaWorld.BSF,
                Subscribers.ALICE,
                usim,
                ca.tls(),
                PATIENCE,
                world.clock(),
                Secrets.RANDOM);
        HttpClient http =
            HttpClient.newBuilder()
                .sslContext(ca.tls())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
      var request = HttpRequest.newBuilder(kms.address().resolve("/hello?a=b")).GET();
      HttpResponse<byte[]> refused = http.send(request.build(), BodyHandlers.ofByteArray());
      String wanted = refused.headers().firstValue("www-authenticate").orElseThrow();
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(UaDigestClient.wantsBootstrapping(wanted)).contains(GbaWorld.KMS);

      var bootstrap =
          new Bootstrap(
              client, BootstrapMemory.in(vault.vault(), Subscribers.ALICE), world.clock());
      UaProtocol ua =
          UaProtocol.tls(refused.sslSession().orElseThrow().getCipherSuite()).orElseThrow();
      try (BootstrappedKey key = bootstrap.current();
          SecretBytes ksNaf = key.ksNaf(new NafId(GbaWorld.KMS, ua));
          UaDigestClient digest =
              new UaDigestClient(key.btid(), GbaWorld.KMS, ksNaf, Secrets.RANDOM)) {
        assertThat(digest.take(wanted)).isTrue();
        DigestCredentials said = digest.authorize("GET", "/hello?a=b", new byte[0]);
        HttpResponse<byte[]> answer =
            http.send(
                request.header("Authorization", said.header()).build(), BodyHandlers.ofByteArray());
        assertThat(new String(answer.body(), UTF_8)).isEqualTo("hello [sip:alice@home1.net]\n");
        String info = answer.headers().firstValue("authentication-info").orElseThrow();
        assertThat(digest.isOfServer(info, said, answer.body())).isTrue();
      }
    }
  }

  private static Site greeting(NafAuthenticator naf) {
    return request -> greet(naf, request);
  }

  private static Reply greet(NafAuthenticator naf, Request request) throws Exception {
    return switch (naf.authenticate(request)) {
      case NafOutcome.Refused(Reply reply) -> reply;
      case NafOutcome.Authenticated who -> {
        try (who) {
          yield who.prove(Reply.text(200, "hello " + who.identities()));
        }
      }
    };
  }
}
