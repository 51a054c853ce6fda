package parley.keys.enrol;

import java.util.Optional;
import parley.keys.kms.message.TransportKeys;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// The transport keys of one user's device at one KMS: record `kms-transport`, named by the user's
/// identity and the KMS's URI.
final class TransportKeyStore {
  private static final String TYPE = "kms-transport";
  private static final int SCHEMA = 1;

  private final Vault vault;
  private final String name;
  private final String device;

  TransportKeyStore(Vault vault, Identity user, String kmsUri, String device) {
    this.vault = vault;
    this.name = user.uri() + ' ' + kmsUri;
    this.device = device;
  }

  /// Durable on return; `keys` stay the caller's.
  void put(TransportKeys keys) throws VaultException {
    try (RecordWriter out = new RecordWriter();
        SecretBytes record =
            out.integer(SCHEMA)
                .text(device)
                .text(keys.trkId())
                .secret(keys.trk())
                .text(keys.hasInk() ? keys.signatureId() : "")
                .secret(keys.ink())
                .record("transport keys")) {
      vault.put(TYPE, name, record);
    }
  }

  /// Those of this device; the caller closes them.
  Optional<TransportKeys> read() {
    return vault
        .read(TYPE, name)
        .flatMap(record -> {
          try (record) {
            return RecordReader.read(record, this::keys);
          }
        });
  }

  private Optional<TransportKeys> keys(RecordReader in) {
    if (in.integer() != SCHEMA) {
      throw new IllegalStateException("transport keys are of another schema");
    }
    boolean isOurs = in.text().equals(device);
    String trkId = in.text();
    SecretBytes trk = in.secret("TrK");
    String inkId = in.text();
    SecretBytes ink = in.secret("InK");
    if (!isOurs || inkId.isEmpty()) {
      ink.close();
    }
    if (!isOurs) {
      trk.close();
      return Optional.empty();
    }
    return Optional.of(
        inkId.isEmpty() ? TransportKeys.of(trkId, trk) : TransportKeys.of(trkId, trk, inkId, ink));
  }
}
