package io.lanewise.kernels.settings;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What somebody who typed a name that does not exist may have meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known name that takes the fewest changes of a character (put in, left out, replaced, or
   * exchanged with the next), if those are no more than a third of what was typed.
   */
  public static Optional<String> to(String typed, Collection<String> known) {
    String best = null;
    int fewest = Math.max(1, typed.length() / 3) + 1;
    for (String name : known) {
      int changes = changes(typed, name);
      if (changes < fewest) {
        fewest = changes;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * The message about an unknown name.
   *
   * @param kind what it should be, for example {@code model}
   * @return for example {@code unknown model vgg-smal; known are mlp, vgg-small; did you mean
   *     vgg-small?}
   */
  public static String unknown(String kind, String typed, Collection<String> known) {
    return "unknown "
        + kind
        + " "
        + typed
        + "; known are "
        + String.join(", ", known)
        + question(typed, known);
  }

  /** {@code ; did you mean x?}, or nothing if no known name is near. */
  static String question(String typed, Collection<String> known) {
    return to(typed, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** {@code a, b or c}. */
  static String alternatives(List<String> names) {
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** The edit distance, with exchanges of neighbours. */
  private static int changes(String a, String b) {
    int[][] least = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          least[i][j] = i + j;
          continue;
        }
        int replaced = least[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        least[i][j] = Math.min(replaced, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
        boolean exchanged =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (exchanged) {
          least[i][j] = Math.min(least[i][j], 1 + least[i - 2][j - 2]);
        }
      }
    }
    return least[a.length()][b.length()];
  }
}
