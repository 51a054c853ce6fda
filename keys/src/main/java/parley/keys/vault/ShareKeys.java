package parley.keys.vault;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The passphrases of the holders of shares, by name; for a new set also how many are needed.
final class ShareKeys extends VaultKey {
  static final int MOST_HOLDERS = 16;

  private final int needed;
  private final SortedMap<String, VaultKey> holders;

  ShareKeys(int needed, Map<String, VaultKey> holders) {
    this.needed = needed;
    this.holders = new TreeMap<>(holders);
  }

  static void requireSane(int needed, Map<String, VaultKey> holders) throws VaultException {
    if (needed < 2 || needed > holders.size() || holders.size() > MOST_HOLDERS) {
      throw new VaultException(
          "%d of %d shares cannot be: at least 2 are needed, at most %d made; give other numbers"
              .formatted(needed, holders.size(), MOST_HOLDERS));
    }
    for (String holder : holders.keySet()) {
      UnlockName.requireSane(holder);
    }
  }

  /// How many shall be needed; 0 where a vault is only opened.
  int needed() {
    return needed;
  }

  /// Holders in the order of their names.
  Iterable<String> names() {
    return holders.keySet();
  }

  int size() {
    return holders.size();
  }

  PlainKey passphrase(String holder) {
    if (holders.get(holder) instanceof PlainKey key && key.kind() == UnlockKind.PASSPHRASE) {
      return key;
    }
    throw new IllegalArgumentException("a share is sealed by a passphrase");
  }

  @Override
  UnlockKind kind() {
    return UnlockKind.SHARES;
  }

  @Override
  public void close() {
    holders.values().forEach(VaultKey::close);
  }

  @Override
  public String toString() {
    return "VaultKey[shares of " + String.join(", ", holders.keySet()) + "]";
  }
}
