package parley.keys.kms.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.TestVault;
import parley.keys.http.Reply;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.front.KmsFrontSettings;
import parley.keys.kms.front.KmsSite;
import parley.keys.kms.front.TestFront;
import parley.keys.kms.front.TestFront.Caller;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.member.Member;

/// Over HTTPS on the loopback, with the JDK's server in front of the site.
class KeyProvisioningTest {
  @TempDir Path directory;
  private TestFront front;
  private HttpsServer server;
  private SSLContext tls;

  @BeforeEach
  void start() throws Exception {
    front = new TestFront(directory);
    front.clock.set(Instant.now());
    KeyStore own = keyStore("localhost");
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, new char[0]);
    SSLContext serverTls = SSLContext.getInstance("TLS");
    serverTls.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(serverTls));
    server.start();
    tls = trusting(own.getCertificate("own"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    front.close();
  }

  @Test
  void enrolsByATicket() throws Exception {
    KmsSite site = front.site(KmsFrontSettings.of(base()));
    serve((exchange, body) -> answer(exchange, body, site));
    try (EnrolmentTicket ticket =
            front.registry.tickets().make(TestFront.ALICE, "phone", Duration.ofHours(1));
        TransportKeys keys = ticket.transportKeys();
        TestVault vault = new TestVault(directory, "alice");
        KeyProvisioning client =
            KeyProvisioning.over(
                tls,
                Map.of("Authorization", "Bearer " + ticket.bearer()),
                Asker.of(address(), TestFront.ALICE, "phone", keys),
                front.clock)) {
      assertThat(client.certificates(-1).certificates()).hasSize(1);
      try (Provision got = client.keys(TestFront.ALICE, client.certificate())) {
        Member.install(vault.vault(), got.kms(), got.keys().getFirst());
      }
    }
  }

  @Test
  void followsNobodyElsewhere() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve((exchange, _) -> {
      int _ = asked.incrementAndGet();
      exchange.getResponseHeaders().set("Location", base() + "/elsewhere");
      exchange.sendResponseHeaders(307, -1);
    });
    try (KeyProvisioning client = client(tls)) {
      assertThatThrownBy(client::certificate)
          .isInstanceOf(KmsRefusal.class)
          .hasMessageContaining("sends us elsewhere");
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void readsNoMoreThan64KiB() throws Exception {
    serve((exchange, _) -> {
      exchange.sendResponseHeaders(200, 0);
      try (var out = exchange.getResponseBody()) {
        for (int i = 0; i < 4096; i++) {
          out.write(new byte[1024]);
        }
      } catch (IOException _) {
        // the client has had enough
      }
    });
    try (KeyProvisioning client = client(tls)) {
      assertThatThrownBy(client::certificate).isInstanceOf(IOException.class);
    }
  }

  @Test
  void speaksToItsOwnKmsAlone() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve((exchange, _) -> exchange.sendResponseHeaders(200 + asked.incrementAndGet(), -1));
    try (KeyProvisioning client = client(trusting(keyStore("localhost").getCertificate("own")))) {
      assertThatThrownBy(client::certificate).isInstanceOf(IOException.class);
    }
    KmsAddress otherName =
        new KmsAddress("https://127.0.0.1:" + server.getAddress().getPort(), "kms.example.org");
    try (KeyProvisioning client =
        KeyProvisioning.over(
            tls, Map.of(), new Asker(otherName, TestFront.ALICE, "p", null, false), front.clock)) {
      assertThatThrownBy(client::certificate).isInstanceOf(IOException.class);
    }
    assertThat(asked).hasValue(0);
  }

  private KeyProvisioning client(SSLContext trust) {
    Asker asker = new Asker(address(), TestFront.ALICE, "phone", null, false);
    return KeyProvisioning.over(trust, Map.of(), asker, front.clock);
  }

  private String base() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  private KmsAddress address() {
    return new KmsAddress(base(), "kms.example.org");
  }

  private interface Handling {
    void handle(HttpExchange exchange, byte[] body) throws Exception;
  }

  private void serve(Handling handling) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handling.handle(exchange, exchange.getRequestBody().readAllBytes());
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
  }

  private static void answer(HttpExchange exchange, byte[] body, KmsSite site) throws Exception {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    Caller caller = Caller.nobody().with("Authorization", String.valueOf(authorization));
    Reply reply =
        site.answer(TestFront.request(exchange.getRequestURI().getRawPath(), body, caller));
    exchange.sendResponseHeaders(reply.status(), reply.body().length);
    exchange.getResponseBody().write(reply.body());
  }

  private static SSLContext trusting(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("kms", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore keyStore(String host) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Principal name = new X500Principal("CN=" + host);
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minusSeconds(3600)),
                        Date.from(now.plusSeconds(3600)),
                        name,
                        pair.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, host)))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {certificate});
    return store;
  }
}
