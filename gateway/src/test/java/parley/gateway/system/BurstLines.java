package parley.gateway.system;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/// What the log says of talk bursts.
final class BurstLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final Logger BURSTS = (Logger) LoggerFactory.getLogger("parley.burst");

  private final List<Map<String, String>> lines = new CopyOnWriteArrayList<>();
  private final List<Object> neitherTextNorNumber = new CopyOnWriteArrayList<>();

  static BurstLines capture() {
    var lines = new BurstLines();
    lines.start();
    BURSTS.addAppender(lines);
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.getKeyValuePairs().stream()
        .map(pair -> pair.value)
        .filter(value ->
            !(value instanceof String || value instanceof Number || value instanceof Boolean))
        .forEach(neitherTextNorNumber::add);
    Map<String, String> line =
        event.getKeyValuePairs().stream()
            .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    line.put("message", event.getFormattedMessage());
    lines.add(line);
  }

  /// The fields of the lines with this message, in the order they were written.
  List<Map<String, String>> saying(String message) {
    return lines.stream().filter(line -> message.equals(line.get("message"))).toList();
  }

  /// Values whose whole class the encoder would look through on the way of a first burst.
  List<Object> neitherTextNorNumber() {
    return List.copyOf(neitherTextNorNumber);
  }

  @Override
  public void close() {
    BURSTS.detachAppender(this);
    stop();
  }
}
