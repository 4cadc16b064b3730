package io.lanewise.kernels.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Java files of a module's package and the names they use. Comments and strings do not count;
 * names written out in full count as imports do.
 */
public final class Sources {
  private static final Pattern IGNORED =
      Pattern.compile("/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

  private final String basePackage;
  private final Map<Path, String> code = new TreeMap<>();

  /**
   * Reads all files.
   *
   * @param root the folder of Java sources
   * @param basePackage the package whose packages below are one module
   */
  public Sources(Path root, String basePackage) {
    this.basePackage = basePackage;
    Path base = root.resolve(basePackage.replace('.', '/'));
    try (Stream<Path> walk = Files.walk(base)) {
      for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        code.put(base.relativize(file), IGNORED.matcher(text).replaceAll(" "));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (code.isEmpty()) {
      throw new IllegalArgumentException("no Java file in " + base.toAbsolutePath());
    }
  }

  /** The sources of the module in whose folder the tests run. */
  public static Sources main(String basePackage) {
    return new Sources(Path.of("src/main/java"), basePackage);
  }

  /** Files that use a name matching the pattern, but may not. */
  public List<String> usesOutside(String namePattern, Predicate<Path> allowed) {
    Pattern name = Pattern.compile("\\b(?:" + namePattern + ")\\b");
    List<String> violations = new ArrayList<>();
    code.forEach(
        (file, text) -> {
          Matcher found = name.matcher(text);
          if (!allowed.test(file) && found.find()) {
            violations.add(file + " uses " + found.group());
          }
        });
    return violations;
  }

  /**
   * Uses of one package of this module by another against the given directions.
   *
   * @param directions for each package those it may use, by first name below the base package; a
   *     package that is missing here is a violation too
   */
  public List<String> against(Map<String, Set<String>> directions) {
    Pattern use = Pattern.compile("\\b" + Pattern.quote(basePackage) + "\\.([a-z0-9]+)\\b");
    List<String> violations = new ArrayList<>();
    code.forEach(
        (file, text) -> {
          if (file.getNameCount() == 1) {
            return;
          }
          String from = file.getName(0).toString();
          if (!directions.containsKey(from)) {
            violations.add(file + " lies in a package without a direction, " + from);
            return;
          }
          Matcher used = use.matcher(text);
          while (used.find()) {
            String to = used.group(1);
            if (!to.equals(from) && !directions.get(from).contains(to)) {
              violations.add(file + " uses " + to + ", but " + from + " may not");
            }
          }
        });
    return violations;
  }
}
