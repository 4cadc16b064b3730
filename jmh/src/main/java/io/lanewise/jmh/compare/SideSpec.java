package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.LaunchOptions;
import io.lanewise.jmh.suite.Side;
import io.lanewise.jmh.suite.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One side as the user named it.
 *
 * @param text a results file, a revision, {@code .} or the home of a JDK
 * @param isJdk whether it is the last of these
 * @param flags options of its JVMs
 */
public record SideSpec(String text, boolean isJdk, String flags) {
  private static final int LEAST_VERSION = 17;

  /** As {@code java -version} says it: before 9, Java 8 was 1.8. */
  private static final Pattern VERSION = Pattern.compile(" version \"(?:1\\.)?([0-9]{1,3})");

  /** Whether it was measured before. */
  public boolean isFile() {
    return !isJdk && Files.isRegularFile(Path.of(text));
  }

  /** What it is called beside another: with only as many folders as tell them apart. */
  String label(SideSpec other) {
    int most = path().equals(other.path()) ? 1 : path().getNameCount();
    int names = 1;
    while (names < most && label(names).equals(other.label(names))) {
      names++;
    }
    return label(names);
  }

  /** With the last names of its path, if it is one. */
  private String label(int names) {
    String name = text.equals(".") ? "working tree" : text;
    if (isJdk || isFile()) {
      int count = path().getNameCount();
      name = path().subpath(Math.max(0, count - names), count).toString();
    }
    return flags.isEmpty() ? name : name + " " + flags;
  }

  private Path path() {
    return Path.of(text).toAbsolutePath().normalize();
  }

  /**
   * Checks that there is such a thing, before anything is built or measured.
   *
   * @throws IllegalArgumentException if there is not
   */
  public void check() throws IOException {
    LaunchOptions.checkSettings(LaunchOptions.words(flags));
    if (isJdk) {
      checkJdk();
    } else if (!isFile() && !text.equals(".") && commit(text) == null) {
      String noGit =
          commit("HEAD") == null
              ? "; " + root() + " is no git repository with a commit, so there are no revisions"
              : "";
      String home = Files.isExecutable(java()) ? "; the home of a JDK needs --jdk before it" : "";
      throw new IllegalArgumentException(
          "'" + text + "' is no results file, no git revision and not '.'" + home + noGit);
    }
  }

  private Path java() {
    return Path.of(text, "bin", "java");
  }

  private void checkJdk() throws IOException {
    if (!Files.isExecutable(java())) {
      throw new IllegalArgumentException(text + " is no home of a JDK: it has no bin/java");
    }
    Process process =
        new ProcessBuilder(java().toString(), "-version").redirectErrorStream(true).start();
    try (BufferedReader in = process.inputReader()) {
      List<String> lines = in.lines().toList();
      Matcher version = VERSION.matcher(String.join("\n", lines));
      if (!version.find()) {
        throw new IllegalArgumentException(
            text + " is no home of a JDK: its java -version says " + lines);
      }
      if (Integer.parseInt(version.group(1)) < LEAST_VERSION) {
        throw new IllegalArgumentException(
            text + " is the home of Java " + version.group(1) + ", needs a JDK of 17 or newer");
      }
    }
  }

  /** The commit that a revision is, in short, or null if there is none. */
  private static String commit(String revision) throws IOException {
    String name = revision + "^{commit}";
    Process git =
        new ProcessBuilder("git", "-C", root(), "rev-parse", "--verify", "--short=12", name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader in = git.inputReader()) {
      String line = in.readLine();
      return git.waitFor() == 0 && !revision.startsWith("-") ? line : null;
    } catch (InterruptedException e) {
      git.destroy();
      throw new IOException("interrupted", e);
    }
  }

  private static String root() throws IOException {
    String root = System.getProperty("bench.root");
    if (root == null) {
      throw new IOException("the sources are not at hand: run scripts/bench-compare");
    }
    return root;
  }

  /**
   * Builds it and starts its process.
   *
   * @param label what it is called in errors
   * @throws IOException if it cannot be built or started
   */
  public Side start(String label, Timing timing) throws IOException {
    Path javaHome = Path.of(isJdk ? text : System.getProperty("java.home"));
    String source = isJdk ? "." : text;
    Path jar = build(source);
    String revision =
        source.equals(".") ? System.getProperty("bench.revision", "unknown") : commit(source);
    return Side.start(label, javaHome, jar, revision, LaunchOptions.words(flags), timing);
  }

  /** Has a script build the benchmarks with a revision's kernels and engine. */
  private static Path build(String source) throws IOException {
    Process process =
        new ProcessBuilder(Path.of(root(), "scripts", "bench-build").toString(), source)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader in = process.inputReader()) {
      String jar = in.readLine();
      if (process.waitFor() != 0 || jar == null) {
        throw new IOException("could not build " + source);
      }
      return Path.of(jar);
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    }
  }
}
