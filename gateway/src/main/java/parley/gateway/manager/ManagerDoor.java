package parley.gateway.manager;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.identity.Identity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The socket file beside a running manager's vault, for commands of whoever may open the vault:
/// the file is its owner's alone. One command a connection, one line each way.
public final class ManagerDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerDoor.class);
  private static final int MOST_OCTETS = 4096;
  private static final int LONGEST_PATH = 107;

  private final Path file;
  private final ServerSocketChannel channel;
  private final Function<DoorRequest, DoorReply> server;

  private ManagerDoor(
      Path file, ServerSocketChannel channel, Function<DoorRequest, DoorReply> server) {
    this.file = file;
    this.channel = channel;
    this.server = server;
  }

  /// The vault's lock is held, so a file that is there is left over from one that was killed.
  static ManagerDoor open(Path vault, Function<DoorRequest, DoorReply> server) throws IOException {
    Path file = file(vault);
    if (file.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IOException(
          "the path " + file + " is too long for a socket; move the vault to a shorter one");
    }
    Files.deleteIfExists(file);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      var door = new ManagerDoor(file, channel, server);
      Thread.ofPlatform().daemon().name("parley-manager-door").start(door::serve);
      return door;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Path file(Path vault) {
    Path path = vault.toAbsolutePath().normalize();
    return path.resolveSibling(path.getFileName() + ".sock");
  }

  private void serve() {
    while (channel.isOpen()) {
      try (SocketChannel caller = channel.accept()) {
        answer(caller);
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("a manager command broke off");
      }
    }
  }

  private void answer(SocketChannel caller) throws IOException {
    String line = line(caller);
    DoorReply reply =
        command(line)
            .map(server)
            .orElseGet(() -> DoorReply.failed("this server does not know that command"));
    ByteBuffer rest =
        ByteBuffer.wrap(
            (JsonMapper.shared().writeValueAsString(reply) + "\n")
                .getBytes(StandardCharsets.UTF_8));
    while (rest.hasRemaining()) {
      caller.write(rest);
    }
  }

  private static String line(SocketChannel from) throws IOException {
    InputStream in = Channels.newInputStream(from);
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MOST_OCTETS; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static Optional<DoorRequest> command(String line) {
    try {
      JsonNode json = JsonMapper.shared().readTree(line);
      String verb = json.path("verb").asString("").toUpperCase(Locale.ROOT);
      String member = json.path("member").asString("");
      return Optional.of(
          new DoorRequest(
              DoorRequest.Verb.valueOf(verb),
              new Identity(json.path("group").asString("")),
              member.isEmpty() ? null : new Identity(member),
              json.path("may").asString("")));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Asks the server that runs on `vault`; empty where none does.
  public static Optional<DoorReply> ask(Path vault, DoorRequest command) throws IOException {
    Path file = file(vault);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      var words = new LinkedHashMap<String, String>();
      words.put("verb", command.verb().name().toLowerCase(Locale.ROOT));
      words.put("group", command.group().uri());
      if (command.member() != null) {
        words.put("member", command.member().uri());
      }
      if (command.may() != null) {
        words.put("may", command.may());
      }
      String asked = JsonMapper.shared().writeValueAsString(words) + "\n";
      channel.write(ByteBuffer.wrap(asked.getBytes(StandardCharsets.UTF_8)));
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      return Optional.of(JsonMapper.shared().readValue(answer, DoorReply.class));
    } catch (ConnectException _) {
      return Optional.empty(); // left behind by one that was killed
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
