package parley.keys.vault;

/// One way to open a vault, for a list: nothing of it is secret.
///
/// @param name unique in the vault; by it an unlock is removed
/// @param kind "passphrase", "PKCS#11 key" ...
/// @param details which key of the token, which holders of shares; may be empty
public record VaultUnlock(String name, String kind, String details) {
  static VaultUnlock of(Unlock unlock) {
    return new VaultUnlock(unlock.name().name(), unlock.kind().words(), unlock.details());
  }
}
