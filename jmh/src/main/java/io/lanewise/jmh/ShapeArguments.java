package io.lanewise.jmh;

import io.lanewise.kernels.shape.ShapeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The shapes named on a command line, one by one or in files of a line each. */
final class ShapeArguments {
  private final Family family;
  private final int threads;
  private final List<String> shapes = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  /**
   * Reads arguments.
   *
   * @param arguments shape texts, or files with such; {@code #} starts a comment, {@code @} the
   *     groups of the suite
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a text is no shape, or on its own none of this family's
   */
  ShapeArguments(Family family, List<String> arguments, int threads) throws IOException {
    this.family = family;
    this.threads = threads;
    for (String argument : arguments) {
      if (argument.endsWith(".txt") || argument.contains("/") || Files.exists(Path.of(argument))) {
        readFile(Path.of(argument));
      } else {
        family.checkNamed(argument, threads);
        shapes.add(argument);
      }
    }
    if (arguments.isEmpty()) {
      shapes.addAll(family.shapes());
    }
  }

  /** Whether a text names a net or a shape of any kind. */
  static boolean isShape(String text) {
    try {
      requireShape(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return true;
  }

  private void readFile(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is a folder, needs a file with a shape a line");
    }
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("[#@].*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      try {
        requireShape(line);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
      (family.owns(line, threads) ? shapes : skipped).add(line);
    }
  }

  private static void requireShape(String text) {
    if (!NetText.matches(text)) {
      ShapeText.parse(text);
    }
  }

  /** Shapes of the family, in order. */
  List<String> shapes() {
    return shapes;
  }

  /** Shapes in files that belong to other families. */
  List<String> skipped() {
    return skipped;
  }
}
