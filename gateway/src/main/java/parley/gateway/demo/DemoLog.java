package parley.gateway.demo;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.slf4j.LoggerFactory;

/// Sends the roles' log lines to a file while the terminal belongs to the audience.
public final class DemoLog implements AutoCloseable {
  private final Path file;
  private final Logger root;
  private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
  private final FileAppender<ILoggingEvent> appender;

  private DemoLog(Path file, Logger root, FileAppender<ILoggingEvent> appender) {
    this.file = file;
    this.root = root;
    this.appender = appender;
    root.iteratorForAppenders().forEachRemaining(usual::add);
    usual.forEach(root::detachAppender);
    root.addAppender(appender);
  }

  /// Redirects everything to `file`, as JSON lines, until it is closed.
  public static DemoLog to(Path file) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var encoder = new LogstashEncoder();
    encoder.setFieldNames(fieldNames());
    encoder.setContext(context);
    encoder.start();
    var appender = new FileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setAppend(false);
    appender.setEncoder(encoder);
    appender.start();
    return new DemoLog(file, context.getLogger(Logger.ROOT_LOGGER_NAME), appender);
  }

  /// As the product's own logs have them.
  private static LogstashFieldNames fieldNames() {
    var names = new LogstashFieldNames();
    names.setTimestamp("time");
    names.setVersion(LogstashFieldNames.IGNORE_FIELD_INDICATOR);
    names.setLevelValue(LogstashFieldNames.IGNORE_FIELD_INDICATOR);
    names.setLogger("logger");
    names.setThread("thread");
    return names;
  }

  public Path file() {
    return file;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
    usual.forEach(root::addAppender);
  }
}
