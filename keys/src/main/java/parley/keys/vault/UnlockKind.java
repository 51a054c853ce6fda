package parley.keys.vault;

/// What an owner brings to open a vault; the number is the octet in the file.
enum UnlockKind {
  PASSPHRASE(1, "passphrase"),
  KEY_FILE(2, "key file"),
  TOKEN(3, "PKCS#11 key"),
  SHARES(4, "set of shares"),
  RECOVERY(5, "recovery share");

  final int code;
  private final String words;

  UnlockKind(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /// For the operator.
  String words() {
    return words;
  }

  static UnlockKind of(int code) throws DamagedVault {
    for (UnlockKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new DamagedVault("it names a way to open it that this program does not know");
  }
}
