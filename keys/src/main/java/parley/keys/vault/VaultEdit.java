package parley.keys.vault;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// Several changes that become durable together or not at all.
///
/// Holds copies of the values until [#commit] or [#close], whichever is first. Confined to one
/// thread.
public final class VaultEdit implements AutoCloseable {
  /// A record to change; an empty value removes it.
  record Change(String type, String name, Optional<SecretBytes> value) {}

  private final Vault vault;
  private final Map<String, Change> changes = new LinkedHashMap<>();

  VaultEdit(Vault vault) {
    this.vault = vault;
  }

  /// Stores a copy of `value` under (`type`, `name`); it replaces what was there.
  public VaultEdit put(String type, String name, SecretBytes value) {
    replace(new Change(type, name, Optional.of(value.duplicate())));
    return this;
  }

  /// Removes (`type`, `name`) where it exists.
  public VaultEdit remove(String type, String name) {
    replace(new Change(type, name, Optional.empty()));
    return this;
  }

  /// Writes all changes; they are durable on return.
  public void commit() throws VaultException {
    try {
      vault.apply(changes.values());
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    changes.values().forEach(change -> change.value().ifPresent(SecretBytes::close));
    changes.clear();
  }

  private void replace(Change change) {
    Change old = changes.put(SealedRecord.key(change.type(), change.name()), change);
    if (old != null) {
      old.value().ifPresent(SecretBytes::close);
    }
  }
}
