package parley.mikey.sakke;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A small table that is there at once, and a large one in its place when it turns out to be used:
/// that is made in the background, and nobody waits for it. Thread-safe.
final class Growing<T> {
  private static final int USES_BEFORE = 4;

  private final T small;
  private final Supplier<T> maker;
  private final AtomicInteger uses = new AtomicInteger();
  private volatile @Nullable T large;

  Growing(T small, Supplier<T> maker) {
    this.small = small;
    this.maker = maker;
  }

  T small() {
    return small;
  }

  /// The large one, made here where there is none yet.
  T large() {
    T made = large;
    if (made == null) {
      made = maker.get();
      large = made;
    }
    return made;
  }

  boolean isLarge() {
    return large != null;
  }

  void use() {
    if (uses.get() < USES_BEFORE && uses.incrementAndGet() == USES_BEFORE) {
      Thread.ofPlatform().daemon().name("sakke-table").start(this::large);
    }
  }
}
