package parley.bench.load;

/// A plan or an option is wrong; the message says which, and what would be right.
final class WrongPlan extends Exception {
  private static final long serialVersionUID = 1L;

  WrongPlan(String sentence) {
    super(sentence);
  }
}
