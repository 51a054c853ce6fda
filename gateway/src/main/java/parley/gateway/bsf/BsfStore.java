package parley.gateway.bsf;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import parley.gateway.StartRefused;
import parley.gateway.config.BsfConfig;
import parley.keys.gba.Fqdn;
import parley.keys.gba.Subkey;
import parley.keys.gba.bsf.Bsf;
import parley.keys.gba.bsf.BsfSettings;
import parley.keys.gba.bsf.MasterProof;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.push.CompactGpi;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// The tables of a BSF, opened with the key that seals them: for the server, and for commands
/// beside it. Safe for use by many threads.
///
/// The key is the record `bsf`, name `master`, of the vault: 32 random octets, made with the first
/// use of a database and never again. Several instances on one database have copies of one vault.
public final class BsfStore implements AutoCloseable {
  private static final String TYPE = "bsf";
  private static final String NAME = "master";

  private final Database database;
  private final Hss hss;
  private final Bsf bsf;

  private BsfStore(Database database, Hss hss, Bsf bsf) {
    this.database = database;
    this.hss = hss;
    this.bsf = bsf;
  }

  /// Whether a vault has the key already, so that opening it to read is enough.
  public static boolean hasKey(Vault vault) {
    return vault.names(TYPE).contains(NAME);
  }

  /// Opens the database and brings its tables up to date; the vault stays the caller's and is not
  /// needed afterwards.
  ///
  /// @throws StartRefused if the vault's key is not the one of this database
  public static BsfStore open(
      BsfConfig config, Vault vault, InstantSource clock, SecureRandom random)
      throws StoreException, VaultException, StartRefused {
    Database database = config.store().open(Bsf.TABLES);
    boolean opened = false;
    try (SecretBytes master = master(config, database, vault, random)) {
      if (!MasterProof.fits(database, master)) {
        throw foreign(config, database);
      }
      var hss = new Hss(database, master, clock, random);
      var codec = new CompactGpi(new Fqdn(config.fqdn()));
      var bsf = new Bsf(settings(config), database, hss, master, codec, clock, random);
      opened = true;
      return new BsfStore(database, hss, bsf);
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }

  private static SecretBytes master(
      BsfConfig config, Database database, Vault vault, SecureRandom random)
      throws StoreException, VaultException, StartRefused {
    Optional<SecretBytes> known = vault.read(TYPE, NAME);
    if (known.isPresent()) {
      return known.get();
    } else if (MasterProof.isSet(database)) {
      throw foreign(config, database);
    }
    SecretBytes made = SecretBytes.random(Subkey.MASTER_OCTETS, random, "master key of the BSF");
    boolean stored = false;
    try {
      vault.put(TYPE, NAME, made);
      stored = true;
      return made;
    } finally {
      if (!stored) {
        made.close();
      }
    }
  }

  private static StartRefused foreign(BsfConfig config, Database database) {
    return new StartRefused(
        StartRefused.Kind.VAULT,
        "vault %s has not the key that seals %s; use the vault that this database was begun with, or a copy of it"
            .formatted(config.vault().file(), database),
        null);
  }

  private static BsfSettings settings(BsfConfig config) {
    return new BsfSettings(
        new Fqdn(config.fqdn()),
        config.lifetime(),
        config.pushLifetime(),
        names(config.nafs()),
        names(config.pushers()));
  }

  private static Set<Fqdn> names(List<String> names) {
    return names.stream().map(Fqdn::new).collect(Collectors.toUnmodifiableSet());
  }

  public Hss hss() {
    return hss;
  }

  public Bsf bsf() {
    return bsf;
  }

  /// Whether the database answers.
  ///
  /// @throws StoreException with the sentence why not
  void requireReachable() throws StoreException {
    boolean _ = MasterProof.isSet(database);
  }

  @Override
  public void close() {
    bsf.close();
    hss.close();
    database.close();
  }
}
