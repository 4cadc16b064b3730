package io.lanewise.jmh;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many arrays of numbers each call made, from the objects that some calls added to the heap.
 *
 * <p>Arrays of bytes, characters and objects do not count: counting makes them itself. Nor do those
 * that hold the lanes of a vector which the compiler did not keep in a register: there are as many
 * as there are objects of vectors, and the same code makes them in one fork and not in another.
 */
final class MadeArrays {
  /** Arrays that nothing but a call makes in any number. */
  static final Set<String> PLAIN = Set.of("[F", "[D", "[J", "[S", "[Z");

  /** With those of ints, which also fill what is left of a thread's buffer on the heap. */
  static final Set<String> ALL = Set.of("[F", "[D", "[J", "[S", "[Z", "[I");

  private static final Pattern VECTOR =
      Pattern.compile(
          "jdk\\.incubator\\.vector\\.(Double|Float|Int|Long|Short)\\w*Vector(\\$\\w+Mask)?");

  private static final Map<String, String> LANES =
      Map.of("Double", "[D", "Float", "[F", "Int", "[I", "Long", "[J", "Short", "[S");

  private MadeArrays() {}

  /**
   * Whole arrays for each call: less is no call's own.
   *
   * @param more by class, how many objects the calls added
   * @param types which arrays count
   */
  static int of(Map<String, Long> more, int calls, Set<String> types) {
    Map<String, Long> ofVectors = ofVectors(more);
    long sum = 0;
    for (String type : types) {
      long made = more.getOrDefault(type, 0L) - ofVectors.getOrDefault(type, 0L);
      sum += Math.max(0, made) / calls;
    }
    return Math.toIntExact(sum);
  }

  private static Map<String, Long> ofVectors(Map<String, Long> more) {
    Map<String, Long> arrays = new HashMap<>();
    more.forEach(
        (type, count) -> {
          Matcher vector = VECTOR.matcher(type);
          if (vector.matches()) {
            String lanes = vector.group(2) == null ? LANES.get(vector.group(1)) : "[Z";
            arrays.merge(lanes, count, Long::sum);
          }
        });
    return arrays;
  }
}
