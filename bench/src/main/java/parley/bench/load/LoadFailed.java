package parley.bench.load;

import org.jspecify.annotations.Nullable;

/// The load cannot be made, or nothing of it comes back; the message is for the user.
final class LoadFailed extends Exception {
  private static final long serialVersionUID = 1L;

  LoadFailed(String sentence) {
    super(sentence);
  }

  LoadFailed(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
