package parley.gateway.log;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;

/// The log files that were put aside: `parley.log.1` is the youngest, the oldest goes when there
/// are more than are kept.
///
/// They are renamed in place, before the next line is written. Logback's policy by size and time
/// removes files in the background, and one that met another removed them all.
public final class LogWindow extends FixedWindowRollingPolicy {
  private static final int MOST_FILES = 9_999;

  @Override
  protected int getMaxWindowSize() {
    return MOST_FILES;
  }
}
