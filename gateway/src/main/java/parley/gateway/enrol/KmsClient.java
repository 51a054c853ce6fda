package parley.gateway.enrol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig;
import parley.keys.enrol.Introduction;
import parley.keys.enrol.KeyEnrolment;
import parley.keys.enrol.NotEnrolled;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// What the configuration says of a KMS, as an enrolment.
public final class KmsClient implements AutoCloseable {
  private static final int MOST_OCTETS = 1024;

  private final KeyEnrolment enrolment;
  private final @Nullable OwnSim sim;

  private KmsClient(KeyEnrolment enrolment, @Nullable OwnSim sim) {
    this.enrolment = enrolment;
    this.sim = sim;
  }

  /// Reads the files of TLS now, and the SIM; the file of the ticket when it is needed: once it has
  /// been used, it may go.
  ///
  /// @param vault stays the caller's, and open as long as this
  /// @throws IllegalArgumentException if the URL is none of a KMS
  public static KmsClient open(
      KmsConfig config, Vault vault, Identity who, String device, InstantSource clock)
      throws NotEnrolled {
    var address = new KmsAddress(config.url().toString(), config.uri());
    SSLContext tls = tls(config);
    SimConfig bySim = config.sim();
    OwnSim sim = bySim == null ? null : OwnSim.open(bySim, vault, tls, clock);
    Introduction way = sim == null ? introduction(config, tls) : sim.introduction();
    return new KmsClient(new KeyEnrolment(vault, who, device, address, tls, way, clock), sim);
  }

  public KeyEnrolment enrolment() {
    return enrolment;
  }

  /// Null without one.
  @Nullable OwnSim sim() {
    return sim;
  }

  private static SSLContext tls(KmsConfig config) throws NotEnrolled {
    try {
      return ClientTls.load(config.ca(), ClientTls.Own.of(config.certificate(), config.key()));
    } catch (TlsRefused e) {
      throw new NotEnrolled(NotEnrolled.Kind.TLS, e.sentence(), e);
    }
  }

  private static Introduction introduction(KmsConfig config, SSLContext tls) {
    Path ticket = config.ticket();
    if (ticket != null) {
      return stranger -> {
        try (EnrolmentTicket read = read(ticket)) {
          return Introduction.ticket(tls, read).introduce(stranger);
        }
      };
    }
    return config.certificate() == null
        ? Introduction.none()
        : Introduction.certificate(tls, config.allowsClear());
  }

  /// The file's first line; what a terminal adds to it does no harm.
  private static EnrolmentTicket read(Path file) throws NotEnrolled {
    byte[] octets = new byte[0];
    try {
      if (Files.size(file) > MOST_OCTETS) {
        throw new IllegalArgumentException("it is too long");
      }
      octets = Files.readAllBytes(file);
      try (SecretBytes text = SecretBytes.take(line(octets), "enrolment ticket")) {
        return EnrolmentTicket.read(text);
      }
    } catch (IOException e) {
      throw new NotEnrolled(
          NotEnrolled.Kind.NOT_KNOWN,
          "the enrolment ticket %s cannot be read; ask the KMS's operator for one".formatted(file),
          e);
    } catch (IllegalArgumentException e) {
      throw new NotEnrolled(
          NotEnrolled.Kind.NOT_KNOWN, "%s: %s".formatted(file, e.getMessage()), e);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private static byte[] line(byte[] octets) {
    int length = 0;
    while (length < octets.length && !isEnd(octets[length])) {
      length++;
    }
    return Arrays.copyOf(octets, length);
  }

  private static boolean isEnd(byte octet) {
    return octet == '\n' || octet == '\r' || octet == ' ';
  }

  @Override
  public void close() {
    if (sim != null) {
      sim.close();
    }
  }
}
