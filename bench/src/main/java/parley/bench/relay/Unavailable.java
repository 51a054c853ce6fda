package parley.bench.relay;

/// A contestant that cannot take part here; the message says why.
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1;

  Unavailable(String why) {
    super(why);
  }
}
