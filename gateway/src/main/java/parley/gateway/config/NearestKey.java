package parley.gateway.config;

import java.util.Comparator;
import java.util.List;

/// Guesses what a mistyped key was meant to be.
final class NearestKey {
  private NearestKey() {}

  static String sentence(String unknown, List<String> known) {
    String nearest =
        known.stream()
            .min(Comparator.comparingInt(key -> distance(unknown, key)))
            .filter(key -> distance(unknown, key) <= Math.max(1, key.length() / 2))
            .map(key -> "did you mean " + key + "? ")
            .orElse("");
    return "there is no such setting; " + nearest + "Known here: " + String.join(", ", known);
  }

  /// Levenshtein's: insertions, deletions and substitutions between two keys.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
