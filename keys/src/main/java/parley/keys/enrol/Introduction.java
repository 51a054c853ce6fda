package parley.keys.enrol;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.ue.UaHttp;
import parley.keys.gba.ue.UaKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.mikey.identity.Identity;

/// How a device makes itself known to its KMS where it shares no transport keys with it yet, or the
/// KMS has forgotten them.
@FunctionalInterface
public interface Introduction {
  /// For one request by a SIM.
  Duration PATIENCE = Duration.ofSeconds(30);

  /// Who asks, from where.
  record Stranger(KmsAddress kms, Identity user, String device, InstantSource clock) {}

  /// Opens a connection on which the KMS knows the stranger; blocks. The caller closes it.
  ///
  /// @throws NotEnrolled if this way is not open, a ticket's file that is gone for example
  Introduced introduce(Stranger stranger)
      throws NotEnrolled, KmsRefusal, IOException, InterruptedException;

  /// A client, with the keys that its answers are under. Closes both.
  final class Introduced implements AutoCloseable {
    private final KeyProvisioning client;
    private final @Nullable TransportKeys keys;
    private final String advice;

    /// Takes over both.
    ///
    /// @param keys null where TLS alone protects the answers, or `client` has keys of its own
    /// @param advice what to do where the KMS knows nobody by this
    public Introduced(KeyProvisioning client, @Nullable TransportKeys keys, String advice) {
      this.client = client;
      this.keys = keys;
      this.advice = advice;
    }

    String advice() {
      return advice;
    }

    KeyProvisioning client() {
      return client;
    }

    @Override
    public void close() {
      client.close();
      if (keys != null) {
        keys.close();
      }
    }
  }

  /// By a ticket, which is good once and stays the caller's.
  static Introduction ticket(SSLContext tls, EnrolmentTicket ticket) {
    return stranger ->
        known(
            tls,
            Map.of("Authorization", "Bearer " + ticket.bearer()),
            stranger,
            ticket.transportKeys(),
            "a ticket is good once: ask for a new one");
  }

  /// By the client certificate of `tls`; keys in the clear inside TLS where `allowClear`.
  static Introduction certificate(SSLContext tls, boolean allowClear) {
    return stranger ->
        new Introduced(
            KeyProvisioning.over(
                tls,
                Map.of(),
                new Asker(stranger.kms(), stranger.user(), stranger.device(), null, allowClear),
                stranger.clock()),
            null,
            "its operator enters the names of certificates ('parley kms user add')");
  }

  /// By a SIM, or by a key that a push has brought.
  ///
  /// @param naf what the KMS calls itself as a NAF, of this device's configuration
  static Introduction gba(UaKeys keys, Fqdn naf, SSLContext tls, SecureRandom random) {
    return stranger -> {
      URI base = URI.create(stranger.kms().base());
      return new Introduced(
          KeyProvisioning.byGba(
              new UaHttp(base, naf, keys, tls, PATIENCE, random),
              naf,
              new Asker(stranger.kms(), stranger.user(), stranger.device(), null, false),
              stranger.clock()),
          null,
          "its operator enters the private identity of a SIM ('parley kms user add --impi')");
    };
  }

  /// By nothing: there is no other way than the transport keys that are held.
  static Introduction none() {
    return stranger -> {
      throw new NotEnrolled(
          NotEnrolled.Kind.NOT_KNOWN,
          "%s shares no transport keys with KMS %s; enrol it by a ticket, a certificate or its SIM"
              .formatted(stranger.user(), stranger.kms().kmsUri()),
          null);
    };
  }

  /// With `keys`, which it takes over.
  static Introduced known(
      SSLContext tls,
      Map<String, String> headers,
      Stranger stranger,
      TransportKeys keys,
      String advice) {
    return new Introduced(
        KeyProvisioning.over(
            tls,
            headers,
            Asker.of(stranger.kms(), stranger.user(), stranger.device(), keys),
            stranger.clock()),
        keys,
        advice);
  }
}
