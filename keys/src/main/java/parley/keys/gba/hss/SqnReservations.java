package parley.keys.gba.hss;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.aka.Sqn;
import parley.keys.store.Database;
import parley.keys.store.StoreException;

/// Sequence numbers that no subscriber is ever given twice.
///
/// SEQ is reserved 32 at a time, and the reservation is durable before the first of them is used; a
/// crash skips the rest. Several instances on one database hold blocks beside each other, so their
/// challenges overtake each other; IND keeps them apart in the USIM: `block mod 8, SEQ mod 4`.
///
/// Whom the table does not know is given numbers of the row of nobody, in blocks likewise, so that
/// the time it takes says nothing.
final class SqnReservations {
  static final int BLOCK = 32;

  private static final int BLOCKS_APART = 8;
  private static final int INDS_OF_A_BLOCK = 4;
  private static final int MOST_BLOCKS = 10_000;

  private final Database database;
  private final Map<String, Block> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Block> eldest) {
          return size() > MOST_BLOCKS;
        }
      };

  private static final class Block {
    private long next;
    private final long end;

    Block(long next, long end) {
      this.next = next;
      this.end = end;
    }
  }

  SqnReservations(Database database) {
    this.database = database;
  }

  /// The next number for this subscriber.
  Sqn next(String impi) throws StoreException {
    Sqn reserved = reserved(impi);
    if (reserved != null) {
      return reserved;
    }
    long first = database.write(connection -> reserve(connection, impi));
    synchronized (blocks) {
      blocks.put(impi, new Block(first + 1, first + BLOCK));
    }
    return sqn(first);
  }

  private @Nullable Sqn reserved(String impi) {
    synchronized (blocks) {
      Block block = blocks.get(impi);
      return block == null || block.next == block.end ? null : sqn(block.next++);
    }
  }

  private static Sqn sqn(long seq) {
    long block = seq / BLOCK % BLOCKS_APART;
    return new Sqn(seq, (int) (block * INDS_OF_A_BLOCK + seq % INDS_OF_A_BLOCK));
  }

  private static long reserve(Connection connection, String impi) throws SQLException {
    long of = advance(connection, impi);
    return of >= 0 ? of : advance(connection, SubscriberTable.NOBODY);
  }

  private static long advance(Connection connection, String impi) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE gba_subscriber SET next_seq = next_seq + ? WHERE impi = ? RETURNING next_seq")) {
      update.setLong(1, BLOCK);
      update.setString(2, impi);
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? row.getLong(1) - BLOCK : -1;
      }
    }
  }

  /// Goes on behind the number that a USIM said it has seen, where the next one would be refused
  /// (TS 33.102, 6.3.5): too old, or too far ahead.
  static void adopt(Connection connection, String impi, Sqn sqnMs) throws SQLException {
    long behind = (sqnMs.seq() / BLOCK + 1) * BLOCK;
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE gba_subscriber SET next_seq = ? WHERE impi = ?"
                + " AND (next_seq <= ? OR next_seq + ? > ?)")) {
      update.setLong(1, behind);
      update.setString(2, impi);
      update.setLong(3, sqnMs.seq());
      update.setLong(4, BLOCK);
      update.setLong(5, sqnMs.seq() + Sqn.DELTA);
      int _ = update.executeUpdate();
    }
  }

  /// Reserves anew for this subscriber: what is held is older than what its USIM has seen.
  void forget(String impi) {
    synchronized (blocks) {
      blocks.remove(impi);
    }
  }
}
