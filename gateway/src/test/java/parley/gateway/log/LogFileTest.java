package parley.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.TestDisk;

class LogFileTest {
  @TempDir Path directory;
  private final LoggerContext context = new LoggerContext();

  @Test
  void fullDiskCostsCountedLinesAndLoggingGoesOn() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 64)) {
      Path file = disk.path().resolve("parley.log");
      Logger logger = logger(file);
      logger.info("before");
      disk.fill();
      long lostBefore = LogFile.lostLines();
      for (int i = 0; i < 200; i++) {
        logger.info("a line of some length, so that the last page of the file is soon full {}", i);
      }
      long lost = LogFile.lostLines() - lostBefore;
      assertThat(lost).isBetween(1L, 200L);
      disk.free();
      logger.info("after");

      assertThat(Files.readAllLines(file))
          .contains("before", lost + " log lines are missing here, the disk did not take them")
          .endsWith("after");
    } finally {
      context.stop();
    }
  }

  private Logger logger(Path path) {
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.start();
    var file = new LogFile();
    file.setContext(context);
    file.setFile(path.toString());
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    file.setEncoder(encoder);
    var window = new LogWindow();
    window.setContext(context);
    window.setParent(file);
    window.setFileNamePattern(path + ".%i");
    window.start();
    file.setRollingPolicy(window);
    var trigger = new SizeBasedTriggeringPolicy<ILoggingEvent>();
    trigger.setContext(context);
    trigger.setMaxFileSize(FileSize.valueOf("1MB"));
    trigger.start();
    file.setTriggeringPolicy(trigger);
    file.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(file);
    return root;
  }
}
