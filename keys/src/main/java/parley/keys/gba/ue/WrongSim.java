package parley.keys.gba.ue;

/// No SIM in a vault, or none that can be put there. The message is one sentence: where, what is
/// wrong, what to do.
public final class WrongSim extends Exception {
  private static final long serialVersionUID = 1;

  WrongSim(String message) {
    super(message);
  }
}
