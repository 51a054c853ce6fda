package parley.keys.gba.aka;

import java.io.IOException;

/// Where a USIM in software keeps the highest SEQ of each IND.
public interface SqnMemory {
  /// 32 numbers, all zero for a USIM that has seen nothing.
  long[] load() throws IOException;

  /// Stores 32 numbers; durable on return.
  void store(long[] seqs) throws IOException;
}
