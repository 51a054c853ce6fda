package parley.bench.relay;

/// Searches the highest rate that a relay passes cleanly: doubles until it does not, then halves
/// the gap.
final class CleanRate {
  /// Offers a rate, in packets a second.
  @FunctionalInterface
  interface Trial {
    Window at(double rate) throws Exception;
  }

  static final double MOST_LOSS_PERCENT = 0.1;

  private static final int TRIES = 2;

  private final Trial trial;
  private final double first;
  private final double precision;
  private double best;
  private double bestOut;
  private boolean rigBound;

  /// @param first the rate to begin with
  /// @param precision how near to each other a clean and an unclean rate must be, as a share
  CleanRate(Trial trial, double first, double precision) {
    this.trial = trial;
    this.first = first;
    this.precision = precision;
  }

  CleanRate search() throws Exception {
    double clean = 0;
    double rate = first;
    while (isClean(rate)) {
      clean = rate;
      rate *= 2;
    }
    double dirty = rate;
    while (!rigBound && clean > 0 && dirty - clean > precision * dirty) {
      double middle = (clean + dirty) / 2;
      if (isClean(middle)) {
        clean = middle;
      } else {
        dirty = middle;
      }
    }
    return this;
  }

  /// Tries an unclean rate once more: on a busy machine somebody else may have been the cause.
  private boolean isClean(double rate) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      Window window = trial.at(rate);
      boolean clean = window.lossPercent() < MOST_LOSS_PERCENT;
      if (clean && window.rateIn() > best) {
        best = window.rateIn();
        bestOut = window.rateOut();
      }
      rigBound = window.isRigAtItsEnd();
      if (clean && !rigBound) {
        return true;
      }
    }
    return false;
  }

  /// Packets a second in; 0 where not even the first rate was clean.
  double in() {
    return best;
  }

  double out() {
    return bestOut;
  }

  /// Whether sender or receiver came to their end before the relay did: the true limit lies above.
  boolean isRigBound() {
    return rigBound;
  }
}
