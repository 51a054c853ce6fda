package parley.gateway.enrol;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.SimConfig;
import parley.gateway.config.SimConfig.PushListen;
import parley.keys.enrol.Introduction;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.Fqdn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.push.GpiReceiver;
import parley.keys.gba.push.PushEar;
import parley.keys.gba.push.PushFolder;
import parley.keys.gba.push.PushPort;
import parley.keys.gba.ue.Bootstrap;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.SimFile;
import parley.keys.gba.ue.SimProfile;
import parley.keys.gba.ue.UaKeys;
import parley.keys.gba.ue.WrongSim;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// The SIM in a member's vault, as the configuration says, for one KMS: by it the member makes
/// itself known, and hears pushes. One for a vault, as its sequence numbers are held here while it
/// is open.
final class OwnSim implements AutoCloseable {
  private final SimCard card;
  private final Bootstrap bootstrap;
  private final Fqdn naf;
  private final SSLContext kms;
  private final InstantSource clock;
  private final SecureRandom random;

  private OwnSim(
      SimCard card,
      Bootstrap bootstrap,
      Fqdn naf,
      SSLContext kms,
      InstantSource clock,
      SecureRandom random) {
    this.card = card;
    this.bootstrap = bootstrap;
    this.naf = naf;
    this.kms = kms;
    this.clock = clock;
    this.random = random;
  }

  /// Puts the SIM into the vault first, where the configuration has its card and the vault has
  /// none.
  ///
  /// @param vault stays the caller's, and open as long as this
  /// @param kms whom we believe as the KMS; as the BSF too, where the configuration names no other
  /// @throws NotEnrolled if there is no SIM, or another one
  static OwnSim open(SimConfig config, Vault vault, SSLContext kms, InstantSource clock)
      throws NotEnrolled {
    var random = new SecureRandom();
    try {
      place(config, vault);
      SSLContext bsf = config.ca() == null ? kms : ClientTls.load(config.ca(), null);
      SimCard card = SimCard.open(vault);
      Bootstrap bootstrap = card.bootstrap(bsf, Introduction.PATIENCE, clock, random);
      return new OwnSim(card, bootstrap, new Fqdn(config.naf()), kms, clock, random);
    } catch (TlsRefused e) {
      throw new NotEnrolled(NotEnrolled.Kind.TLS, e.sentence(), e);
    } catch (VaultException e) {
      throw new NotEnrolled(NotEnrolled.Kind.VAULT, e.getMessage(), e);
    } catch (WrongSim | IllegalArgumentException e) {
      throw new NotEnrolled(NotEnrolled.Kind.NOT_KNOWN, e.getMessage(), e);
    } catch (IOException e) {
      throw new NotEnrolled(
          NotEnrolled.Kind.NOT_KNOWN,
          "the card file %s cannot be read; it brings the SIM into the vault, and may go after that"
              .formatted(config.card()),
          e);
    }
  }

  private static void place(SimConfig config, Vault vault)
      throws NotEnrolled, WrongSim, VaultException, IOException {
    Optional<SimProfile> present = SimCard.find(vault);
    URI bsf = config.bsf();
    String impi = config.impi();
    if (present.isPresent()) {
      requireOf(impi, present.get());
      if (bsf != null && !profile(present.get().impi(), bsf, config).equals(present.get())) {
        SimCard.move(vault, profile(present.get().impi(), bsf, config));
      }
    } else if (config.card() != null && impi != null && bsf != null) {
      try (SubscriberKey key = SimFile.read(config.card())) {
        SimCard.load(vault, profile(impi, bsf, config), key);
      }
    }
  }

  private static void requireOf(@Nullable String impi, SimProfile present) throws NotEnrolled {
    if (impi != null && !impi.equals(present.impi())) {
      throw new NotEnrolled(
          NotEnrolled.Kind.NOT_KNOWN,
          "this vault holds the SIM of %s, not of %s; 'parley sim remove' takes it out"
              .formatted(present.impi(), impi),
          null);
    }
  }

  private static SimProfile profile(String impi, URI bsf, SimConfig config) {
    String name = config.bsfName();
    return new SimProfile(impi, bsf, Fqdn.of(name == null ? bsf.getHost() : name));
  }

  /// By a bootstrap: the one that is still good, else a new one.
  Introduction introduction() {
    return Introduction.gba(UaKeys.of(bootstrap), naf, kms, random);
  }

  /// By what a push has brought.
  ///
  /// @param key stays the caller's
  Introduction introduction(NafKey key) {
    return Introduction.gba(UaKeys.of(key), naf, kms, random);
  }

  /// Begins to hear pushes for `ue`; the caller closes it before this.
  ///
  /// @param called takes each good push, and may take its time
  PushEar listen(PushListen where, Identity ue, Consumer<NafKey> called) throws NotEnrolled {
    GpiReceiver receiver = card.pushes(naf, clock);
    try {
      return switch (where) {
        case PushListen.Udp(var listen) -> PushPort.open(listen, receiver, called, clock);
        case PushListen.Folder(var folder) ->
            PushFolder.open(Files.createDirectories(folder), ue, receiver, called);
      };
    } catch (IOException e) {
      throw new NotEnrolled(NotEnrolled.Kind.PORT, "pushes cannot be heard: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    card.close();
  }

  @Override
  public String toString() {
    return "OwnSim[" + card + " at " + naf + "]";
  }
}
