package io.lanewise.jmh.suite;

import io.lanewise.jmh.Family;
import io.lanewise.jmh.NetText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of a group, read from files of shapes.
 *
 * <pre>
 * line  = shape { group } [ "#" comment ]
 * group = "@" name { benchmark }          such as: @core conv.forward conv.backwardInput
 * </pre>
 *
 * The group {@code full} holds every shape with every benchmark that takes it, the others what
 * follows their tag.
 */
public final class Grid {
  /** The files, in the order in which they are run; the build puts them into the jar. */
  private static final List<String> FILES =
      List.of("suite", "gemm", "convnetjs-cifar10", "vgg-small", "resnet20", "resnet18");

  private final Group group;
  private final int threads;
  private final Set<Row> rows = new LinkedHashSet<>();

  private Grid(Group group, int threads) {
    this.group = group;
    this.threads = threads;
  }

  /**
   * The rows of a group.
   *
   * @param threads of whole steps, inference and start-up; kernels run on one thread
   */
  public static List<Row> rows(Group group, int threads) throws IOException {
    Grid grid = new Grid(group, threads);
    for (String file : FILES) {
      String name = "/shapes/" + file + ".txt";
      try (InputStream in = Grid.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("the jar holds no " + name);
        }
        grid.read(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return List.copyOf(grid.rows);
  }

  /**
   * The rows of a group whose benchmark and shape hold a text.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static List<Row> rows(Group group, int threads, String only) throws IOException {
    List<Row> all = rows(group, threads);
    List<Row> rows = all.stream().filter(row -> row.toString().contains(only)).toList();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "no row of group "
              + group
              + " holds '"
              + only
              + "'; of its "
              + all.size()
              + " rows the first is '"
              + all.get(0)
              + "'");
    }
    return rows;
  }

  /** The rows of a group in one text. */
  static List<Row> parse(Group group, int threads, String text) {
    Grid grid = new Grid(group, threads);
    grid.read("text", text);
    return List.copyOf(grid.rows);
  }

  private void read(String file, String text) {
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        try {
          readLine(line.split("\\s+"));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private void readLine(String[] words) {
    if (group == Group.FULL) {
      for (String benchmark : benchmarks(words[0])) {
        add(benchmark, words[0]);
      }
    }
    boolean wanted = false;
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      if (word.startsWith("@")) {
        wanted = Group.valueOf(word.substring(1).toUpperCase(java.util.Locale.ROOT)) == group;
      } else if (wanted) {
        add(word, words[0]);
      }
    }
  }

  private void add(String benchmark, String shape) {
    rows.add(new Row(benchmark, shape, NetText.matches(shape) ? threads : 1));
  }

  /** Every benchmark that takes a shape. */
  private static List<String> benchmarks(String shape) {
    List<String> names = new ArrayList<>();
    for (Family family : Family.values()) {
      if (family != Family.PEAK && family.owns(shape, 1)) {
        family.benchmarks().forEach(method -> names.add(family + "." + method));
      }
    }
    return names;
  }
}
