package parley.keys.kms.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.ue.Bootstrap;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.UaHttp;
import parley.keys.kms.message.TransportKeys;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// Fetches certificate and keys as a client that is known by its SIM (TS 33.222).
///
/// TrK and InK follow from the Ks_NAF for HTTP Digest under the name of the bootstrap, so both ends
/// have them before a word is said. Where the KMS wanted a new bootstrap in the middle, the
/// question is put once more with the keys of that. Confined to one thread at a time.
public final class GbaProvisioning {
  private static final int MOST_OCTETS = 64 << 10;
  private static final String XML = "application/xml; charset=utf-8";

  private final UaHttp http;
  private final Bootstrap bootstrap;
  private final Fqdn naf;
  private final KmsAddress address;
  private final Identity identity;
  private final String device;
  private final InstantSource clock;

  /// One question, put with the keys of one bootstrap.
  private interface Question<T> {
    T to(KeyProvisioning kms) throws KmsRefusal, IOException, InterruptedException;
  }

  /// @param http asks the KMS with the keys of `bootstrap`; both stay the caller's
  /// @param naf the KMS's name as a NAF
  public GbaProvisioning(
      UaHttp http,
      Bootstrap bootstrap,
      Fqdn naf,
      KmsAddress address,
      Identity identity,
      String device,
      InstantSource clock) {
    this.http = http;
    this.bootstrap = bootstrap;
    this.naf = naf;
    this.address = address;
    this.identity = identity;
    this.device = device;
    this.clock = clock;
  }

  /// The KMS's certificate, as its TLS connection vouches for it.
  public KmsCertificate certificate()
      throws KmsRefusal, BootstrapFailed, VaultException, IOException, InterruptedException {
    return ask(KeyProvisioning::certificate);
  }

  /// The present keys of `who` and, when they are open, the next. The caller closes them.
  public Provision keys(Identity who, KmsCertificate certificate)
      throws KmsRefusal, BootstrapFailed, VaultException, IOException, InterruptedException {
    return ask(kms -> kms.keys(who, certificate));
  }

  /// What `key` and the KMS `naf` wrap and sign under; the caller closes them.
  public static TransportKeys transportKeys(BootstrappedKey key, Fqdn naf) {
    try (SecretBytes ksNaf = key.ksNaf(new NafId(naf, UaProtocol.HTTP_DIGEST))) {
      return TransportKeys.derived(ksNaf, "trk.gba." + key.btid(), "ink.gba." + key.btid());
    }
  }

  private <T> T ask(Question<T> question)
      throws KmsRefusal, BootstrapFailed, VaultException, IOException, InterruptedException {
    String before = "";
    try (BootstrappedKey key = bootstrap.current()) {
      before = key.btid().toString();
      return ask(question, key);
    } catch (KmsRefusal e) {
      try (BootstrappedKey key = bootstrap.current()) {
        if (key.btid().toString().equals(before)) {
          throw e;
        }
        return ask(question, key);
      }
    }
  }

  private <T> T ask(Question<T> question, BootstrappedKey key)
      throws KmsRefusal, IOException, InterruptedException {
    try (TransportKeys keys = transportKeys(key, naf);
        KeyProvisioning kms =
            KeyProvisioning.over(
                this::post, KmsConversation.Asker.of(address, identity, device, keys), clock)) {
      return question.to(kms);
    }
  }

  private KeyProvisioning.Answer post(URI url, byte[] body) throws IOException {
    try {
      HttpResponse<byte[]> answer = http.send("POST", url.getRawPath(), XML, body, MOST_OCTETS);
      return new KeyProvisioning.Answer(answer.statusCode(), answer.body());
    } catch (BootstrapFailed | VaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "GbaProvisioning[" + identity + ", device " + device + "]";
  }
}
