package parley.keys.vault;

/// The octets of a vault file are not what was written; [Vault] adds the path and the remedy.
final class DamagedVault extends Exception {
  DamagedVault(String what) {
    super(what);
  }
}
