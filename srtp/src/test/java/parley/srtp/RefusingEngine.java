package parley.srtp;

/// Finds every tag wrong, at no cost and without garbage.
final class RefusingEngine implements CipherEngine {
  static final RefusingEngine ONE = new RefusingEngine();

  private static final EngineKey KEY =
      new EngineKey() {
        @Override
        public long handle() {
          return 0;
        }

        @Override
        public void close() {}
      };

  @Override
  public String name() {
    return "refusing";
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    return KEY;
  }

  @Override
  public void seal(CipherBatch descriptors) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void open(CipherBatch descriptors) {
    for (int i = 0; i < descriptors.size(); i++) {
      descriptors.result(i, CipherBatch.BAD_TAG);
    }
  }
}
