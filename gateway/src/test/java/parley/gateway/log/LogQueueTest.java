package parley.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.gateway.system.Await;

@Timeout(120)
class LogQueueTest {
  private static final int LINES = LogQueue.CAPACITY + 5000;

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("test");

  @Test
  void whoLogsNeverWaitsAndTheLogSaysHowManyLinesItMisses() throws Exception {
    var stuck = new StuckAppender();
    start(stuck);
    long droppedBefore = LogQueue.droppedLines();
    logger.info("first");
    assertThat(stuck.reached.await(30, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < LINES; i++) {
      logger.info("line {}", i);
    }
    assertThat(LogQueue.droppedLines() - droppedBefore).isEqualTo(LINES - LogQueue.CAPACITY);
    stuck.released.countDown();

    Await.until(
        "told",
        () ->
            stuck.lines.contains(
                "5000 log lines were dropped: they came faster than they could be written"));
    assertThat(stuck.lines).hasSize(1 + LogQueue.CAPACITY + 1);
    assertThat(stuck.lines.get(LogQueue.CAPACITY)).isEqualTo("line " + (LogQueue.CAPACITY - 1));
    context.stop();
  }

  @Test
  void linesOfBeforeTheEndAreWritten() {
    var appender = new StuckAppender();
    appender.released.countDown();
    start(appender);

    for (int i = 0; i < 1000; i++) {
      logger.info("line {}", i);
    }
    LogQueue.flush();

    assertThat(appender.lines).hasSize(1000);
    context.stop();
  }

  private void start(StuckAppender appender) {
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.start();
    appender.setContext(context);
    appender.start();
    var queue = new LogQueue();
    queue.setContext(context);
    queue.addAppender(appender);
    queue.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(queue);
  }

  /// Like a pipe that nobody reads, until it is released.
  private static final class StuckAppender extends AppenderBase<ILoggingEvent> {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent line) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      lines.add(line.getFormattedMessage());
    }
  }
}
