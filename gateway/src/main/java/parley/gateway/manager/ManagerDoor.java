package parley.gateway.manager;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.vault.SocketFile;
import parley.mikey.identity.Identity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The socket file beside a running manager's vault, for commands of whoever may open the vault:
/// the file is its owner's alone. One command a connection, one line each way.
public final class ManagerDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerDoor.class);
  private static final int MOST_OCTETS = 4096;
  private static final String SUFFIX = "sock";

  private final Path file;
  private final ServerSocketChannel channel;
  private final Function<DoorRequest, DoorReply> server;

  private ManagerDoor(
      Path file, ServerSocketChannel channel, Function<DoorRequest, DoorReply> server) {
    this.file = file;
    this.channel = channel;
    this.server = server;
  }

  static ManagerDoor open(Path vault, Function<DoorRequest, DoorReply> server) throws IOException {
    Path file = SocketFile.beside(vault, SUFFIX);
    ServerSocketChannel channel = SocketFile.listen(file, "a manager", SocketFile.OWNER, 0);
    var door = new ManagerDoor(file, channel, server);
    Thread.ofPlatform().daemon().name("parley-manager-door").start(door::serve);
    return door;
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
    Optional<SocketChannel> server = SocketFile.connect(SocketFile.beside(vault, SUFFIX));
    if (server.isEmpty()) {
      return Optional.empty();
    }
    try (SocketChannel channel = server.get()) {
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
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
