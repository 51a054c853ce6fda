package parley.bench.relay;

/// A contestant that cannot take part here; the message says why.
public final class Unavailable extends Exception {
  private static final long serialVersionUID = 1;

  public Unavailable(String why) {
    super(why);
  }
}
