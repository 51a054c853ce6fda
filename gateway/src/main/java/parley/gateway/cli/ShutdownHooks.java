package parley.gateway.cli;

/// What Ctrl-C starts, and what takes it back when the command has ended by itself.
final class ShutdownHooks {
  private ShutdownHooks() {}

  /// Removes a hook that is not needed any more; nothing where the hooks run already.
  static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the hooks run already
    }
  }
}
