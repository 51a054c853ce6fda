package parley.keys.gba.ue;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import parley.keys.gba.Fqdn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.push.CompactGpi;
import parley.keys.gba.push.GpiReceiver;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// The SIM of a member, in its vault: at most one. Safe for use by many threads.
///
/// Records are `sim`, name `card`: `IMPI | BSF's address | BSF's name | K and OPc`; and `sim-sqn`
/// under the private identity, which stays when the card is removed. So a SIM that comes back goes
/// on where it was, and no challenge of the past is taken again.
public final class SimCard implements AutoCloseable {
  private static final String TYPE = "sim";
  private static final String NAME = "card";

  private final Vault vault;
  private final SimProfile profile;
  private final Usim usim;
  private final List<UbClient> clients = new ArrayList<>();

  private SimCard(Vault vault, SimProfile profile, Usim usim) {
    this.vault = vault;
    this.profile = profile;
    this.usim = usim;
  }

  /// What a record holds; whoever reads it closes the key.
  private record Card(SimProfile profile, SubscriberKey key) {}

  private static Optional<Card> read(Vault vault) {
    return vault
        .read(TYPE, NAME)
        .map(record -> {
          try (record) {
            return RecordReader.read(
                record,
                in -> {
                  var profile =
                      new SimProfile(in.text(), URI.create(in.text()), new Fqdn(in.text()));
                  try (SecretBytes key = in.secret("K and OPc")) {
                    return new Card(profile, SubscriberKey.decode(key));
                  }
                });
          }
        });
  }

  /// What may be shown of the SIM in this vault.
  public static Optional<SimProfile> find(Vault vault) {
    return read(vault)
        .map(card -> {
          card.key.close();
          return card.profile;
        });
  }

  /// Puts a SIM into a vault, or another address of the BSF to the one that is there; durable on
  /// return.
  ///
  /// @param key stays the caller's
  /// @throws WrongSim if there is another SIM; then nothing changed
  public static void load(Vault vault, SimProfile profile, SubscriberKey key)
      throws WrongSim, VaultException {
    requireSame(vault, profile, key);
    try (RecordWriter out = new RecordWriter();
        SecretBytes secret = key.encode();
        SecretBytes record =
            out.text(profile.impi())
                .text(profile.bsf().toString())
                .text(profile.bsfName().name())
                .secret(secret)
                .record("SIM");
        SecretBytes unused = VaultSqn.fresh();
        var edit = vault.edit()) {
      var _ = edit.put(TYPE, NAME, record);
      if (!vault.names(VaultSqn.TYPE).contains(profile.impi())) {
        var _ = edit.put(VaultSqn.TYPE, profile.impi(), unused);
      }
      edit.commit();
    }
  }

  /// Gives the SIM that is there another BSF to bootstrap at; durable on return.
  ///
  /// @throws WrongSim if there is no SIM, or another one than this profile's
  public static void move(Vault vault, SimProfile profile) throws WrongSim, VaultException {
    Card card = read(vault).orElseThrow(SimCard::none);
    try (SubscriberKey key = card.key) {
      load(vault, profile, key);
    }
  }

  private static WrongSim none() {
    return new WrongSim("there is no SIM in this vault; 'parley sim load' puts one there");
  }

  private static void requireSame(Vault vault, SimProfile profile, SubscriberKey key)
      throws WrongSim {
    Optional<Card> present = read(vault);
    if (present.isEmpty()) {
      return;
    }
    Card card = present.get();
    try (SubscriberKey known = card.key;
        SecretBytes one = known.encode();
        SecretBytes other = key.encode()) {
      if (!card.profile.impi().equals(profile.impi()) || !one.equals(other)) {
        throw new WrongSim(
            "this vault holds another SIM, of %s; remove it first".formatted(card.profile.impi()));
      }
    }
  }

  /// Takes the SIM out, and what it has bootstrapped; durable on return. Its sequence numbers stay.
  ///
  /// @return whose it was; empty when there was none
  public static Optional<SimProfile> remove(Vault vault) throws VaultException {
    Optional<SimProfile> present = find(vault);
    if (present.isPresent()) {
      try (var edit = vault.edit()) {
        edit.remove(TYPE, NAME).remove(BootstrapMemory.InVault.TYPE, present.get().impi()).commit();
      }
    }
    return present;
  }

  /// The SIM of this vault, which stays the caller's and open as long as this.
  ///
  /// @throws WrongSim if there is none
  public static SimCard open(Vault vault) throws WrongSim {
    Card card = read(vault).orElseThrow(SimCard::none);
    boolean opened = false;
    try {
      var memory = new VaultSqn(vault, card.profile.impi());
      var sim = new SimCard(vault, card.profile, Usim.open(card.key, memory));
      opened = true;
      return sim;
    } catch (IOException e) {
      throw new WrongSim(String.valueOf(e.getMessage()));
    } finally {
      if (!opened) {
        card.key.close();
      }
    }
  }

  public SimProfile profile() {
    return profile;
  }

  /// Stays this object's.
  public Usim usim() {
    return usim;
  }

  /// The bootstraps of this SIM at its BSF, kept in the same vault; ends with this object.
  ///
  /// @param tls trusts the BSF's certificate
  /// @param patience how long one request may take
  public synchronized Bootstrap bootstrap(
      SSLContext tls, Duration patience, InstantSource clock, SecureRandom random) {
    var client =
        new UbClient(
            profile.bsf(), profile.bsfName(), profile.impi(), usim, tls, patience, clock, random);
    clients.add(client);
    return new Bootstrap(client, BootstrapMemory.in(vault, profile.impi()), clock);
  }

  /// Judges pushes for this SIM.
  ///
  /// @param server the one of this UE's configuration that may call it
  public GpiReceiver pushes(Fqdn server, InstantSource clock) {
    return new GpiReceiver(usim, profile.impi(), new CompactGpi(profile.bsfName()), server, clock);
  }

  @Override
  public synchronized void close() {
    clients.forEach(UbClient::close);
    clients.clear();
    usim.close();
  }

  @Override
  public String toString() {
    return "SimCard[" + profile.impi() + "]";
  }
}
