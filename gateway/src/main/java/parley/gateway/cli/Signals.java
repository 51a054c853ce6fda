package parley.gateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a service manager tells a running command: SIGHUP to read the configuration again, SIGTERM
/// and SIGINT to stop.
///
/// The JVM would end with 143 after SIGTERM whatever the command did; here the command ends by
/// itself, with its own exit code. A second SIGTERM or SIGINT finds the handlers of the system in
/// place and ends the process at once. `sun.misc.Signal` is the only way that a JVM has; it is
/// called by reflection because the compiler warns of it and no warning may stand.
final class Signals implements AutoCloseable {
  /// What was asked for.
  enum Signal {
    RELOAD,
    STOP
  }

  private static final List<String> STOPS = List.of("TERM", "INT");

  private final BlockingQueue<Signal> asked = new LinkedBlockingQueue<>();
  private final List<Runnable> restores = new ArrayList<>();
  private final SignalClasses jvm = SignalClasses.find();

  private Signals() {}

  static Signals install() {
    var signals = new Signals();
    signals.restores.add(signals.jvm.handle("HUP", () -> signals.asked.add(Signal.RELOAD)));
    for (String stop : STOPS) {
      signals.restores.add(signals.jvm.handle(stop, signals::stop));
    }
    return signals;
  }

  private void stop() {
    STOPS.forEach(jvm::byDefault);
    asked.add(Signal.STOP);
  }

  /// The next signal; null when there was none in so many seconds.
  @Nullable Signal await(long seconds) throws InterruptedException {
    return asked.poll(seconds, TimeUnit.SECONDS);
  }

  /// What was there before handles signals again.
  @Override
  public void close() {
    restores.forEach(Runnable::run);
  }

  /// `sun.misc.Signal`, `sun.misc.SignalHandler` and how they are used.
  private record SignalClasses(Class<?> signal, Class<?> handler) {
    static SignalClasses find() {
      try {
        return new SignalClasses(
            Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
      }
    }

    /// Handles signal `name`; the result puts back what handled it before.
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
    Runnable handle(String name, Runnable then) {
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      then.run();
                      yield null;
                    }
                    case "equals" -> arguments != null && self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "handler of SIG" + name;
                  });
      Object before = install(name, proxy);
      return () -> install(name, before);
    }

    void byDefault(String name) {
      try {
        install(name, handler.getField("SIG_DFL").get(null));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("sun.misc.SignalHandler has no SIG_DFL", e);
      }
    }

    private Object install(String name, @Nullable Object handling) {
      try {
        Object sig = signal.getConstructor(String.class).newInstance(name);
        return signal.getMethod("handle", signal, handler).invoke(null, sig, handling);
      } catch (InvocationTargetException e) {
        throw new IllegalStateException("SIG" + name + " cannot be handled", e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("sun.misc.Signal is not as it was", e);
      }
    }
  }
}
