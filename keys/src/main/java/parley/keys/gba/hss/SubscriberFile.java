package parley.keys.gba.hss;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// The operator's list of subscribers in CSV, without quotes: a head line `impi,k,opc,identities`
/// (or `op` for `opc`), then a line for each; several identities with spaces between.
///
/// It is read twice: all lines are checked, against each other and the table, before the first is
/// stored. Lines stay octets, which are zeroed, as keys stand in them. The file itself is the
/// operator's to destroy.
public final class SubscriberFile {
  private static final int MOST_LINE_OCTETS = 2048;
  private static final int BATCH = 500;
  private static final int FIELDS = 4;
  private static final String HEAD = "impi,k,opc,identities";
  private static final String HEAD_WITH_OP = "impi,k,op,identities";
  private static final String HEADLESS = "the first line must be " + HEAD + " or " + HEAD_WITH_OP;

  private final Path file;

  public SubscriberFile(Path file) {
    this.file = file;
  }

  /// How far an import is.
  @FunctionalInterface
  public interface Progress {
    /// @param done stored so far, durable
    /// @param of subscribers in the file
    void stored(long done, long of);
  }

  /// Imports all, 500 in a transaction, after every line was found to be good. Who is there already
  /// with the same key is left as it is, so an import that was interrupted is simply done again.
  ///
  /// @return how many there were
  public long importTo(Hss hss, Progress progress)
      throws WrongSubscriberFile, StoreException, IOException {
    long all = check(hss);
    try (Lines lines = new Lines()) {
      long done = 0;
      List<NewSubscriber> batch = lines.next(BATCH);
      while (!batch.isEmpty()) {
        store(hss, batch, lines.number - batch.size() + 1);
        done += batch.size();
        progress.stored(done, all);
        batch = lines.next(BATCH);
      }
      return done;
    }
  }

  private void store(Hss hss, List<NewSubscriber> batch, long firstLine)
      throws WrongSubscriberFile, StoreException {
    try {
      Optional<Integer> other = hss.addAll(batch);
      if (other.isPresent()) {
        throw wrong(
            firstLine + other.get(),
            "this subscriber got another key while this file was imported; import it again");
      }
    } finally {
      batch.forEach(NewSubscriber::close);
    }
  }

  /// Reads every line, and stores nothing.
  ///
  /// @return how many subscribers there are
  public long check(Hss hss) throws WrongSubscriberFile, StoreException, IOException {
    Set<String> seen = new HashSet<>();
    long count = 0;
    try (Lines lines = new Lines()) {
      List<NewSubscriber> batch = lines.next(BATCH);
      while (!batch.isEmpty()) {
        check(hss, batch, seen, lines.number - batch.size() + 1);
        count += batch.size();
        batch = lines.next(BATCH);
      }
    }
    return count;
  }

  private void check(Hss hss, List<NewSubscriber> batch, Set<String> seen, long firstLine)
      throws WrongSubscriberFile, StoreException {
    try {
      for (int i = 0; i < batch.size(); i++) {
        if (!seen.add(batch.get(i).impi())) {
          throw wrong(firstLine + i, "this private identity stands in the file twice");
        }
      }
      Optional<Integer> other = hss.otherKey(batch);
      if (other.isPresent()) {
        throw wrong(
            firstLine + other.get(),
            "this subscriber is there already with another key; remove it first if its SIM was replaced");
      }
    } finally {
      batch.forEach(NewSubscriber::close);
    }
  }

  private WrongSubscriberFile wrong(long line, String what) {
    return new WrongSubscriberFile("%s, line %d: %s".formatted(file, line, what));
  }

  private final class Lines implements AutoCloseable {
    private final InputStream in;
    private final boolean op;
    private long number;

    Lines() throws IOException, WrongSubscriberFile {
      in = new BufferedInputStream(Files.newInputStream(file));
      boolean begun = false;
      try {
        op = readHead();
        begun = true;
      } finally {
        if (!begun) {
          in.close();
        }
      }
    }

    /// Whether OP stands for OPc. Compared as octets: without a head line it would be keys.
    private boolean readHead() throws IOException, WrongSubscriberFile {
      byte[] head = line();
      if (head == null) {
        throw wrong(HEADLESS);
      }
      try {
        if (Arrays.equals(head, HEAD_WITH_OP.getBytes(US_ASCII))) {
          return true;
        } else if (Arrays.equals(head, HEAD.getBytes(US_ASCII))) {
          return false;
        }
        throw wrong(HEADLESS);
      } finally {
        Arrays.fill(head, (byte) 0);
      }
    }

    List<NewSubscriber> next(int most) throws IOException, WrongSubscriberFile {
      List<NewSubscriber> read = new ArrayList<>();
      boolean done = false;
      try {
        for (byte[] line = line(); line != null; line = read.size() < most ? line() : null) {
          read.add(subscriber(line));
        }
        done = true;
        return read;
      } finally {
        if (!done) {
          read.forEach(NewSubscriber::close);
        }
      }
    }

    /// Without its end; null at the end of the file.
    private byte @Nullable [] line() throws IOException, WrongSubscriberFile {
      int octet = in.read();
      if (octet < 0) {
        return null;
      }
      number++;
      byte[] buffer = new byte[MOST_LINE_OCTETS];
      try {
        int length = 0;
        while (octet >= 0 && octet != '\n') {
          if (length == buffer.length) {
            throw wrong("over 2048 octets long");
          }
          buffer[length++] = (byte) octet;
          octet = in.read();
        }
        int end = length > 0 && buffer[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOf(buffer, end);
      } finally {
        Arrays.fill(buffer, (byte) 0);
      }
    }

    private NewSubscriber subscriber(byte[] line) throws WrongSubscriberFile {
      try {
        int[] ends = ends(line);
        String impi = text(line, 0, ends[0]);
        if (!Impi.isOne(impi)) {
          throw wrong("the private identity is not user@realm");
        }
        List<Identity> identities = identities(text(line, ends[2] + 1, ends[3]));
        return new NewSubscriber(impi, identities, key(line, ends));
      } finally {
        Arrays.fill(line, (byte) 0);
      }
    }

    private int[] ends(byte[] line) throws WrongSubscriberFile {
      int[] ends = new int[FIELDS];
      int count = 0;
      for (int i = 0; i <= line.length; i++) {
        if (i == line.length || line[i] == ',') {
          if (count == FIELDS) {
            throw wrong("more than four fields; identities have spaces between");
          }
          ends[count++] = i;
        }
      }
      if (count < FIELDS) {
        throw wrong("%d fields instead of four".formatted(count));
      }
      return ends;
    }

    private SubscriberKey key(byte[] line, int[] ends) throws WrongSubscriberFile {
      try (SecretBytes k = secret(line, ends[0] + 1, ends[1], "K");
          SecretBytes second = secret(line, ends[1] + 1, ends[2], op ? "OP" : "OPc")) {
        SecretBytes opc = op ? SubscriberKey.opc(k, second) : second.duplicate();
        return SubscriberKey.of(k.duplicate(), opc);
      }
    }

    private SecretBytes secret(byte[] line, int from, int to, String what)
        throws WrongSubscriberFile {
      if (to - from != 2 * SubscriberKey.OCTETS) {
        throw wrong("%s has %d characters; it needs 32 hex digits".formatted(what, to - from));
      }
      byte[] octets = new byte[SubscriberKey.OCTETS];
      for (int i = 0; i < octets.length; i++) {
        int high = Character.digit(line[from + 2 * i], 16);
        int low = Character.digit(line[from + 2 * i + 1], 16);
        if (high < 0 || low < 0) {
          throw wrong(what + " is not all hex digits");
        }
        octets[i] = (byte) (high << 4 | low);
      }
      return SecretBytes.take(octets, what);
    }

    private List<Identity> identities(String text) throws WrongSubscriberFile {
      List<Identity> identities = new ArrayList<>();
      for (String uri : text.strip().split(" +", -1)) {
        if (!uri.isEmpty()) {
          identities.add(identity(uri));
        }
      }
      return identities;
    }

    private Identity identity(String uri) throws WrongSubscriberFile {
      try {
        return new Identity(uri);
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }

    private static String text(byte[] line, int from, int to) {
      return new String(line, from, to - from, US_ASCII);
    }

    WrongSubscriberFile wrong(String what) {
      return SubscriberFile.this.wrong(number, what);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
