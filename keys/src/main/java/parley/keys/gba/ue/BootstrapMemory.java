package parley.keys.gba.ue;

import java.util.Optional;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Tid;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// Where a UE keeps its bootstrapped key from one run to the next.
public interface BootstrapMemory {
  /// The last one stored, good or not; the caller closes it.
  Optional<BootstrappedKey> load() throws VaultException;

  /// In the place of the one before; stays the caller's.
  void store(BootstrappedKey key) throws VaultException;

  /// In a vault, under type `gba` and the private identity.
  static BootstrapMemory in(Vault vault, String impi) {
    return new InVault(vault, impi);
  }

  /// Records are `B-TID | IMPI | end | Ks`.
  record InVault(Vault vault, String impi) implements BootstrapMemory {
    static final String TYPE = "gba";

    @Override
    public Optional<BootstrappedKey> load() {
      return vault
          .read(TYPE, impi)
          .map(record -> {
            try (record) {
              return RecordReader.read(
                  record,
                  in ->
                      new BootstrappedKey(
                          new Tid(in.text()), in.text(), in.instant(), in.secret("Ks")));
            }
          });
    }

    @Override
    public void store(BootstrappedKey key) throws VaultException {
      try (RecordWriter out = new RecordWriter();
          SecretBytes record =
              out.text(key.btid().text())
                  .text(key.impi())
                  .instant(key.until())
                  .secret(key.ks())
                  .record("bootstrapped key")) {
        vault.put(TYPE, impi, record);
      }
    }
  }
}
