package io.lanewise.engine.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Java on a page is code that the tests compile and run: each fenced {@code java} block, and
 * each example in a class's Javadoc, stands in a test between {@code // snippet: name} and {@code
 * // end}, line by line but for its indentation.
 */
class SnippetsTest {
  private static final String SNIPPET = "// snippet: ";
  private static final String END = "// end";

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("LECTURES.md")) ? here.getParent() : here;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "engine/LECTURES.md",
        "engine/src/main/java/io/lanewise/engine/graph/GradientCheck.java",
        "engine/src/main/java/io/lanewise/engine/graph/Node.java",
        "engine/src/main/java/io/lanewise/engine/model/NetBuilder.java",
      })
  void everyBlockStandsInATest(String page) throws IOException {
    List<String> lines = Files.readAllLines(root().resolve(page));
    Map<Integer, String> blocks = page.endsWith(".md") ? fenced(lines) : examples(lines);
    Map<String, String> snippets = snippetsOfTests();
    blocks.forEach(
        (line, block) -> {
          if (!snippets.containsValue(block)) {
            fail(
                String.format(
                    "%s:%d: no test holds this block between \"%sname\" and \"%s\":%n%s",
                    page, line, SNIPPET, END, block));
          }
        });
  }

  @Test
  void theLecturesShowEverySnippetOfTheirTest() throws IOException {
    Path page = root().resolve("engine/LECTURES.md");
    List<String> shown = new ArrayList<>(fenced(Files.readAllLines(page)).values());
    Map<String, String> snippets = new LinkedHashMap<>();
    collect(tests().resolve("io/lanewise/engine/docs/LectureExamplesTest.java"), snippets);
    snippets.forEach(
        (name, code) -> assertTrue(shown.contains(code), "LECTURES.md does not show " + name));
  }

  @Test
  void blocksAreFoundWithTheirLines() {
    assertEquals(
        Map.of(3, "a();\n  b();\n", 8, "c();\n"),
        fenced(
            List.of("text", "```java", "  a();", "    b();", "```", "", "```java", "c();", "```")));
    assertEquals(
        Map.of(2, "a();\n\nb();\n"),
        examples(List.of(" * <pre>{@code", " * a();", " *", " * b();", " * }</pre>")));
  }

  /** Those of the examples' test, but for what only the test needs. */
  @Test
  void theReadmeNamesTheImportsOfItsExamples() throws IOException {
    Path test = tests().resolve("io/lanewise/engine/docs/ReadmeExamplesTest.java");
    List<String> needed =
        Files.readAllLines(test).stream()
            .filter(line -> line.startsWith("import "))
            .filter(line -> !line.matches(".*(static|junit|TestData|IOException).*"))
            .toList();
    List<String> shown =
        Files.readAllLines(root().resolve("README.md")).stream()
            .filter(line -> line.startsWith("    import "))
            .map(String::strip)
            .toList();
    assertEquals(needed, shown);
  }

  @Test
  void aSnippetWithoutAnEndIsAnError() {
    assertThrows(
        IllegalStateException.class,
        () -> collect("Test.java", List.of(SNIPPET + "one", "a();"), new LinkedHashMap<>()));
  }

  /** Blocks between {@code ```java} and {@code ```}, by the number of their first line. */
  private static Map<Integer, String> fenced(List<String> lines) {
    return blocks(lines, "```java", "```");
  }

  /** Blocks between pre tags in Javadoc, without its stars. */
  private static Map<Integer, String> examples(List<String> lines) {
    List<String> bare = lines.stream().map(line -> line.replaceFirst("^\\s*\\* ?", "")).toList();
    return blocks(bare, "<pre>{@code", "}</pre>");
  }

  private static Map<Integer, String> blocks(List<String> lines, String begin, String end) {
    Map<Integer, String> blocks = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals(begin)) {
        int first = i + 1;
        while (!lines.get(i).equals(end)) {
          i++;
        }
        blocks.put(first + 1, shiftedLeft(lines.subList(first, i)));
      }
    }
    return blocks;
  }

  private static Path tests() {
    return root().resolve("engine/src/test/java");
  }

  private static Map<String, String> snippetsOfTests() throws IOException {
    Map<String, String> snippets = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(tests())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (!file.getFileName().toString().equals("SnippetsTest.java")) {
          collect(file, snippets);
        }
      }
    }
    return snippets;
  }

  private static void collect(Path file, Map<String, String> snippets) throws IOException {
    collect(file.toString(), Files.readAllLines(file), snippets);
  }

  private static void collect(String file, List<String> lines, Map<String, String> snippets) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(SNIPPET)) {
        int first = i + 1;
        while (i < lines.size() && !lines.get(i).strip().equals(END)) {
          i++;
        }
        String name = line.substring(SNIPPET.length());
        if (i == lines.size()) {
          throw new IllegalStateException(file + ": snippet " + name + " has no " + END);
        }
        if (snippets.put(name, shiftedLeft(lines.subList(first, i))) != null) {
          throw new IllegalStateException(file + ": there are two snippets " + name);
        }
      }
    }
  }

  /** The lines without the indentation that all of them share. */
  private static String shiftedLeft(List<String> lines) {
    int shared =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line.isBlank() ? "" : line.substring(shared)).append('\n');
    }
    return text.toString();
  }
}
