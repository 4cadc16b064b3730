package io.lanewise.kernels.shape;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The one grammar of shape texts.
 *
 * <pre>
 * text  = field { ["_"] field } { "_" word }
 * field = key number { "x" number }        keys are lower-case letters
 * conv  = n h w c _oc _k s p [d] [_g] [_ceil | _exact]
 * pool  = n h w c _k s p [d] [_uncounted] [_ceil | _exact]
 * image = n h w c
 * gemm  = m n k        channels = rows c        rows = rows cols        flat = size, a product
 * group = n rows c _g  concat = rows c (two numbers or more)
 * </pre>
 */
public final class ShapeText {
  private static final Pattern FIELD = Pattern.compile("_?([a-z]+)([0-9]+(?:x[0-9]+)*)");
  private static final Pattern WORD = Pattern.compile("_([a-z]+)(?=_|$)");

  private static final Map<Class<? extends Record>, String> EXAMPLES =
      Map.of(
          ConvShape.class, "a convolution like n128h32w32c64_oc64_k3s1p1",
          PoolShape.class, "a pooling like n128h32w32c64_k2s2p0",
          ImageShape.class, "a batch of images like n128h32w32c3",
          GemmShape.class, "a matrix product like m256n256k256",
          ChannelShape.class, "an array of channels like rows131072c64",
          GroupShape.class, "an array of channel groups like n8rows1024c64_g32",
          ConcatShape.class, "a join of channels like rows1024c64x128",
          RowShape.class, "an array of rows like rows128cols10",
          FlatShape.class, "a flat array like size65536");

  private static final String LIKE =
      "n128h32w32c64_oc64_k3s1p1, n128h32w32c64_k2s2p0, m256n256k256, rows131072c64 or size65536";

  private final String text;
  private final Map<String, int[]> fields = new LinkedHashMap<>();
  private final Set<String> words = new LinkedHashSet<>();

  private ShapeText(String text) {
    this.text = text;
    int at = 0;
    Matcher field = FIELD.matcher(text);
    Matcher word = WORD.matcher(text);
    while (at < text.length()) {
      if (field.region(at, text.length()).lookingAt()) {
        if (fields.put(field.group(1), numbers(field.group(2))) != null) {
          throw wrong("names " + field.group(1) + " twice");
        }
        at = field.end();
      } else if (word.region(at, text.length()).lookingAt()) {
        if (!words.add(word.group(1))) {
          throw wrong("names _" + word.group(1) + " twice");
        }
        at = word.end();
      } else {
        String example = at == 0 ? "; a shape is a text like " + LIKE : "";
        throw wrong(
            "cannot be read at character " + at + ", '" + text.substring(at) + "'" + example);
      }
    }
  }

  /**
   * Reads any shape; its fields tell which kind it is.
   *
   * @param text for example {@code n128h32w32c64_oc64_k3s1p1} or {@code m256n256k256}
   * @return a shape record of this package whose {@code toString} is the text in normal form
   * @throws IllegalArgumentException if the text is no shape, saying where and why
   */
  public static Record parse(String text) {
    return new ShapeText(text).shape();
  }

  /** Reads a shape of a known kind; see {@link #parse(String)}. */
  static <S extends Record> S parse(String text, Class<S> kind) {
    Record shape = parse(text);
    if (!kind.isInstance(shape)) {
      throw new IllegalArgumentException(
          text + " is " + example(shape.getClass()) + ", needs " + example(kind));
    }
    return kind.cast(shape);
  }

  /** What a kind of shape is called, with an example. */
  private static String example(Class<? extends Record> kind) {
    return EXAMPLES.get(kind);
  }

  /** The text of an image batch, {@code n128h32w32c64}. */
  static String image(int n, int h, int w, int c) {
    return "n" + n + "h" + h + "w" + w + "c" + c;
  }

  private Record shape() {
    if (has("oc")) {
      only(Set.of("n", "h", "w", "c", "oc", "k", "s", "p", "d", "g"), Set.of("ceil", "exact"));
      int groups = has("g") ? one("g") : 1;
      return new ConvShape(one("n"), one("h"), one("w"), one("c"), one("oc"), window(), groups);
    }
    if (has("h") && !has("k")) {
      only(Set.of("n", "h", "w", "c"), Set.of());
      return new ImageShape(one("n"), one("h"), one("w"), one("c"));
    }
    if (has("h")) {
      only(Set.of("n", "h", "w", "c", "k", "s", "p", "d"), Set.of("ceil", "exact", "uncounted"));
      return new PoolShape(
          one("n"), one("h"), one("w"), one("c"), window(), !words.contains("uncounted"));
    }
    if (has("m")) {
      only(Set.of("m", "n", "k"), Set.of());
      return new GemmShape(one("m"), one("n"), one("k"));
    }
    if (has("rows") && has("n")) {
      only(Set.of("n", "rows", "c", "g"), Set.of());
      return new GroupShape(one("n"), one("rows"), one("c"), one("g"));
    }
    if (has("rows") && has("c") && required("c").length > 1) {
      only(Set.of("rows", "c"), Set.of());
      return new ConcatShape(one("rows"), IntStream.of(required("c")).boxed().toList());
    }
    if (has("rows")) {
      only(has("cols") ? Set.of("rows", "cols") : Set.of("rows", "c"), Set.of());
      return has("cols")
          ? new RowShape(one("rows"), one("cols"))
          : new ChannelShape(one("rows"), one("c"));
    }
    if (has("size")) {
      only(Set.of("size"), Set.of());
      return new FlatShape(Sizes.product(text, "array", required("size")));
    }
    throw wrong(
        "is no shape: needs oc (convolution), h (pooling or images), m (gemm), rows or size,"
            + " for example "
            + LIKE);
  }

  private Window window() {
    int[] k = pair("k");
    int[] s = pair("s");
    int[] d = has("d") ? pair("d") : new int[] {1, 1};
    int[] p = required("p");
    int[] pad =
        switch (p.length) {
          case 1 -> new int[] {p[0], p[0], p[0], p[0]};
          case 2 -> new int[] {p[0], p[1], p[0], p[1]};
          case 4 -> p;
          default -> throw wrong("has " + p.length + " paddings, needs 1, 2 or 4");
        };
    if (words.contains("ceil") && words.contains("exact")) {
      throw wrong("names two roundings");
    }
    Rounding rounding =
        words.contains("ceil")
            ? Rounding.CEIL
            : words.contains("exact") ? Rounding.EXACT : Rounding.FLOOR;
    return new Window(k[0], k[1], s[0], s[1], pad[0], pad[1], pad[2], pad[3], d[0], d[1], rounding);
  }

  private boolean has(String key) {
    return fields.containsKey(key);
  }

  private int[] required(String key) {
    int[] values = fields.get(key);
    if (values == null) {
      throw wrong("has no " + key);
    }
    return values;
  }

  private int one(String key) {
    int[] values = required(key);
    if (values.length != 1) {
      throw wrong("has " + values.length + " values for " + key + ", needs 1");
    }
    return values[0];
  }

  private int[] pair(String key) {
    int[] values = required(key);
    return switch (values.length) {
      case 1 -> new int[] {values[0], values[0]};
      case 2 -> values;
      default -> throw wrong("has " + values.length + " values for " + key + ", needs 1 or 2");
    };
  }

  private void only(Set<String> keys, Set<String> endings) {
    for (String key : fields.keySet()) {
      if (!keys.contains(key)) {
        throw wrong("has an unknown field " + key);
      }
    }
    for (String word : words) {
      if (!endings.contains(word)) {
        throw wrong("has an unknown ending _" + word);
      }
    }
  }

  private int[] numbers(String value) {
    String[] parts = value.split("x");
    int[] numbers = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        numbers[i] = Integer.parseInt(parts[i]);
      } catch (NumberFormatException e) {
        throw wrong("has the number " + parts[i] + ", which is too large");
      }
    }
    return numbers;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("shape '" + text + "' " + what);
  }
}
