package parley.keys.gba.hss;

/// A list of subscribers cannot be imported. The message names file and line, and shows no key.
public final class WrongSubscriberFile extends Exception {
  private static final long serialVersionUID = 1;

  WrongSubscriberFile(String message) {
    super(message);
  }
}
