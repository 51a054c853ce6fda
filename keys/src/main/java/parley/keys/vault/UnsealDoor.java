package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The socket file beside a sealed vault, at which the holders of its shares bring their
/// passphrases, each by a command of its own and at a terminal of its own. The file is its owner's
/// alone, and gone when the vault is open.
///
/// A connection brings one share, `HOLDER, line feed, passphrase`, and hears one line. Any thread.
public final class UnsealDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnsealDoor.class);
  private static final int MOST_OCTETS = 4096;
  private static final String SUFFIX = "unseal";
  private static final String OPEN = "the vault is open";

  private final Path file;
  private final ServerSocketChannel channel;
  private final Unsealing unsealing;
  private final CompletableFuture<Vault> opened = new CompletableFuture<>();

  private UnsealDoor(Path vault, Path file, ServerSocketChannel channel) {
    this.file = file;
    this.channel = channel;
    this.unsealing = new Unsealing(vault);
  }

  /// Begins to take shares.
  public static UnsealDoor open(Path vault) throws IOException {
    Path file = SocketFile.beside(vault, SUFFIX);
    String who = "a process that waits for shares";
    ServerSocketChannel channel = SocketFile.listen(file, who, SocketFile.OWNER, 0);
    var door = new UnsealDoor(vault, file, channel);
    Thread.ofPlatform().daemon().name("parley-unseal").start(door::serve);
    LOG.atInfo().addKeyValue("vault", vault).log("sealed; 'parley kms unseal' brings shares");
    return door;
  }

  /// Done when enough have come; whoever takes the vault closes it.
  public CompletableFuture<Vault> opened() {
    return opened;
  }

  private void serve() {
    while (!opened.isDone() && channel.isOpen()) {
      try (SocketChannel holder = channel.accept()) {
        holder.write(ByteBuffer.wrap((answer(holder) + "\n").getBytes(UTF_8)));
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("a holder's command broke off");
      }
    }
  }

  private String answer(SocketChannel holder) throws IOException {
    byte[] said = Channels.newInputStream(holder).readNBytes(MOST_OCTETS);
    int end = 0;
    while (end < said.length && said[end] != '\n') {
      end++;
    }
    if (end >= said.length - 1) {
      Arrays.fill(said, (byte) 0);
      return "a share is a holder's name and a passphrase";
    }
    String name = new String(said, 0, end, UTF_8);
    byte[] passphrase = Arrays.copyOfRange(said, end + 1, said.length);
    Arrays.fill(said, (byte) 0);
    try (SecretBytes secret = SecretBytes.take(passphrase, "passphrase of a holder")) {
      return bring(name, secret);
    } catch (VaultException e) {
      LOG.atWarn().addKeyValue("reason", String.valueOf(e.getMessage())).log("share refused");
      return String.valueOf(e.getMessage());
    }
  }

  private String bring(String name, SecretBytes passphrase) throws VaultException {
    Unsealing.Progress progress = unsealing.bring(name, passphrase);
    LOG.atInfo()
        .addKeyValue("holder", name)
        .addKeyValue("came", progress.came())
        .addKeyValue("needed", progress.needed())
        .log("share");
    if (!progress.isEnough()) {
      return "%d of %d shares are here".formatted(progress.came(), progress.needed());
    }
    Vault vault = unsealing.open();
    if (!opened.complete(vault)) {
      vault.close();
    }
    return OPEN;
  }

  /// Brings a share to whoever waits beside `vault`; empty where nobody does.
  ///
  /// @param passphrase of the holder, typed or in a file; stays the caller's
  /// @return what was answered
  /// @throws VaultException if its file cannot be read
  public static Optional<String> bring(Path vault, String holder, VaultKey passphrase)
      throws VaultException, IOException {
    Optional<SocketChannel> waiting = SocketFile.connect(SocketFile.beside(vault, SUFFIX));
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    try (SocketChannel channel = waiting.get();
        SecretBytes secret = ((PlainKey) passphrase).octets()) {
      channel.write(ByteBuffer.wrap((holder + "\n").getBytes(UTF_8)));
      byte[] octets = secret.lend(SecretAccess.token(), byte[]::clone);
      try {
        channel.write(ByteBuffer.wrap(octets));
      } finally {
        Arrays.fill(octets, (byte) 0);
      }
      channel.shutdownOutput();
      byte[] answer = Channels.newInputStream(channel).readNBytes(MOST_OCTETS);
      return Optional.of(new String(answer, UTF_8).strip());
    }
  }

  /// Whether this answer means that the share was taken.
  public static boolean isTaken(String answer) {
    return answer.equals(OPEN) || answer.endsWith("shares are here");
  }

  @Override
  public void close() throws IOException {
    boolean _ = opened.cancel(false);
    channel.close();
    Files.deleteIfExists(file);
    unsealing.close();
  }
}
