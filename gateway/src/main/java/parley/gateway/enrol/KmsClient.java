package parley.gateway.enrol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import parley.gateway.config.KmsConfig;
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

/// Makes an enrolment of what the configuration says.
public final class KmsClient {
  private static final int MOST_OCTETS = 1024;

  private KmsClient() {}

  /// Reads the files of TLS now, that of the ticket when it is needed: once it has been used, it
  /// may go.
  ///
  /// @throws IllegalArgumentException if the URL is none of a KMS
  public static KeyEnrolment enrolment(
      KmsConfig config, Vault vault, Identity who, String device, InstantSource clock)
      throws NotEnrolled {
    var address = new KmsAddress(config.url().toString(), config.uri());
    SSLContext tls = tls(config);
    return new KeyEnrolment(vault, who, device, address, tls, introduction(config, tls), clock);
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
}
