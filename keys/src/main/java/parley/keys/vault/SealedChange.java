package parley.keys.vault;

import java.nio.ByteBuffer;

/// A change of one record as it lies in the journal: `1 | record` stores it, `2 | length 2, type |
/// length 2, name` removes it, where there is one.
sealed interface SealedChange {
  /// What names the record: [SealedRecord#key].
  String key();

  int writtenOctets();

  void write(ByteBuffer out);

  /// A record stored, in the place of the former one.
  record Stored(SealedRecord record) implements SealedChange {
    private static final byte CODE = 1;

    @Override
    public String key() {
      return record.key();
    }

    @Override
    public int writtenOctets() {
      return 1 + record.writtenOctets();
    }

    @Override
    public void write(ByteBuffer out) {
      record.write(out.put(CODE));
    }
  }

  /// A record removed.
  record Removed(String type, String name) implements SealedChange {
    private static final byte CODE = 2;

    @Override
    public String key() {
      return SealedRecord.key(type, name);
    }

    @Override
    public int writtenOctets() {
      return 1 + SealedRecord.textOctets(type) + SealedRecord.textOctets(name);
    }

    @Override
    public void write(ByteBuffer out) {
      out.put(CODE);
      SealedRecord.putText(out, type);
      SealedRecord.putText(out, name);
    }
  }

  static SealedChange read(ByteBuffer in) throws DamagedVault {
    byte code = in.get();
    return switch (code) {
      case Stored.CODE -> new Stored(SealedRecord.read(in));
      case Removed.CODE -> new Removed(SealedRecord.getText(in), SealedRecord.getText(in));
      default -> throw new DamagedVault("its journal holds a change of kind " + code);
    };
  }
}
