package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars the scripts build, keep and run, in a small tree whose build takes no time. */
class BenchBuildTest {
  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void makeATree() throws Exception {
    root = folder.resolve("tree");
    Path scripts = Files.createDirectories(root.resolve("scripts"));
    for (String script :
        List.of(
            "bench", "bench-compare", "bench-build", "bench-java", "bench-plant", "find-java")) {
      Path real = Path.of(System.getProperty("tests.root"), "scripts", script);
      Files.copy(real, scripts.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path build = scripts.resolve("build");
    Files.writeString(
        build,
        """
        #!/usr/bin/env bash
        cd "$(dirname "$(dirname "$0")")"
        mkdir -p jmh/target
        cat pom.xml kernels/pom.xml > jmh/target/benchmarks.jar
        """);
    assertTrue(build.toFile().setExecutable(true));
    for (String module : List.of("kernels", "engine", "jmh")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      write(module + "/pom.xml", module);
    }
    Files.createDirectories(root.resolve("testdata/shapes"));
    write("testdata/shapes/a.txt", "m2n2k2");
    write("pom.xml", "one ");
    run(0, List.of(), "git", "-C", root.toString(), "init", "--quiet");
    commit();
  }

  private void commit() throws Exception {
    run(0, List.of(), "git", "-C", root.toString(), "add", ".");
    List<String> commit = new ArrayList<>(List.of("git", "-C", root.toString()));
    commit.addAll(List.of("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"));
    run(0, List.of(), commit.toArray(new String[0]));
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }

  private static String run(int exit, List<String> environment, String... command)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LANEWISE_"));
    for (int i = 0; i < environment.size(); i += 2) {
      builder.environment().put(environment.get(i), environment.get(i + 1));
    }
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), text);
    return text.strip();
  }

  private String build(int exit, String what, String mayBuild) throws Exception {
    String cache = folder.resolve("cache").toString();
    return run(
        exit,
        List.of("LANEWISE_BENCH_CACHE", cache, "LANEWISE_BUILD", mayBuild),
        "bash",
        root.resolve("scripts/bench-build").toString(),
        what);
  }

  @Test
  void whatCannotBePlanted() throws Exception {
    String plant = root.resolve("scripts/bench-plant").toString();
    String temporary = Files.createDirectory(folder.resolve("tmp")).toString();
    List<String> environment = List.of("TMPDIR", temporary);
    for (String what : List.of("", "0", "3%", "nonsense", "-5")) {
      String said = run(2, environment, "bash", plant, what);
      assertTrue(said.contains("found '" + what + "', needs a whole number of percent"), said);
    }
    String said = run(1, environment, "bash", plant, "3", "nonsense");
    assertEquals("bench-plant: nonsense is no revision", said);
    String conv = "kernels/src/main/java/io/lanewise/kernels/conv/Conv2d.java";
    assertTrue(run(1, environment, "bash", plant, "3").startsWith("bench-plant: found no " + conv));
    write(conv, "class Conv2d {}");
    commit();
    said = run(1, environment, "bash", plant, "3");
    assertEquals("bench-plant: found no place in " + conv, said);
    try (var left = Files.list(Path.of(temporary))) {
      assertEquals(List.of(), left.toList());
    }
    assertTrue(run(0, environment, "bash", plant, "--help").contains("PERCENT|alloc [REVISION]"));
  }

  /** A run that takes long goes on with the jar that it began with. */
  @Test
  void aLaterBuildDoesNotWriteOverAJarInUse() throws Exception {
    String first = build(0, ".", "yes");
    assertEquals("one kernels", Files.readString(Path.of(first)));
    assertEquals(first, build(0, ".", "yes"));
    Files.writeString(root.resolve("jmh/target/benchmarks.jar"), "two");
    String second = build(0, ".", "no");
    assertNotEquals(first, second);
    assertEquals("one kernels", Files.readString(Path.of(first)));
    assertEquals("two", Files.readString(Path.of(second)));
    try (var kept = Files.list(folder.resolve("cache"))) {
      assertEquals(2, kept.filter(file -> file.toString().endsWith(".jar")).count());
    }
  }

  /** The second waits, and finds that nothing is left to build. */
  @Test
  void twoBuildsAtOnceAreOne() throws Exception {
    write(
        "scripts/build",
        """
        #!/usr/bin/env bash
        cd "$(dirname "$(dirname "$0")")"
        mkdir -p jmh/target
        echo built >>builds
        echo half >jmh/target/benchmarks.jar
        sleep 1
        echo whole >jmh/target/benchmarks.jar
        """);
    List<String> environment = List.of("LANEWISE_BENCH_CACHE", folder.resolve("cache").toString());
    String script = root.resolve("scripts/bench-build").toString();
    String jars =
        run(0, environment, "bash", "-c", script + " . & sleep 0.5; " + script + " .; wait");
    assertEquals(1, jars.lines().distinct().count(), jars);
    assertEquals("whole\n", Files.readString(Path.of(jars.lines().findFirst().orElseThrow())));
    assertEquals("built\n", Files.readString(root.resolve("builds")));
  }

  @Test
  void aRevisionIsBuiltAgainWhereWhatBuildsItChanged() throws Exception {
    String first = build(0, "HEAD", "yes");
    assertEquals("one kernels", Files.readString(Path.of(first)));
    assertEquals(first, build(0, "HEAD", "yes"));
    write("kernels/pom.xml", "of the working tree alone");
    assertEquals(first, build(0, "HEAD", "yes"));
    write("pom.xml", "two ");
    String second = build(0, "HEAD", "yes");
    assertEquals("two kernels", Files.readString(Path.of(second)));
    Files.move(root.resolve("testdata/shapes/a.txt"), root.resolve("testdata/shapes/b.txt"));
    assertNotEquals(second, build(0, "HEAD", "yes"));
  }

  @Test
  void nothingIsBuiltWhereThatIsForbidden() throws Exception {
    assertTrue(build(1, ".", "no").contains("not built, and LANEWISE_BUILD=no"));
    assertTrue(build(1, "HEAD", "no").contains("revision HEAD is not built"));
    String built = build(0, "HEAD", "yes");
    assertEquals(built, build(0, "HEAD", "no"));
  }

  /** A JDK that only says with what it was started. */
  private String bench(int exit, String script, String... environment) throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        [ "$1" = -version ] && echo 'openjdk version "17"' || printf '<%s> ' "$@"
        """);
    assertTrue(java.toFile().setExecutable(true));
    String cache = folder.resolve("cache").toString();
    String home = folder.resolve("jdk").toString();
    List<String> all = new ArrayList<>(List.of("LANEWISE_BENCH_CACHE", cache, "JAVA_HOME", home));
    all.addAll(List.of(environment));
    return run(exit, all, "bash", root.resolve("scripts").resolve(script).toString(), "gemm");
  }

  /** Else figures of another JDK would stand under the name of the one that was asked for. */
  @Test
  void aHomeThatHoldsNoJdkIsAnError() throws Exception {
    String cache = folder.resolve("cache").toString();
    List<String> home = List.of("LANEWISE_BENCH_CACHE", cache, "JAVA_HOME", "JDK 99");
    for (String script : List.of("bench", "bench-compare")) {
      String path = root.resolve("scripts").resolve(script).toString();
      String said = run(2, home, "bash", path, "gemm");
      assertTrue(said.contains("JAVA_HOME=JDK 99 holds no JDK of 17 or newer (it has no"), said);
      assertEquals(1, said.lines().count(), said);
    }
    Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
    Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.22\"' >&2\nexit 3\n");
    assertTrue(old.toFile().setExecutable(true));
    String bench = root.resolve("scripts/bench").toString();
    String said = run(2, List.of("JAVA_HOME", folder.resolve("old").toString()), "bash", bench);
    assertTrue(said.contains("(its java says openjdk version \"11.0.22\")"), said);
  }

  /** Maven compiles with it, whatever other compiler there is, and would say so at length. */
  @Test
  void aHomeWithoutACompilerCannotBuild() throws Exception {
    Path real = Path.of(System.getProperty("tests.root"), "scripts", "build");
    Path build = Files.copy(real, root.resolve("scripts/real-build"));
    String said = run(1, List.of("JAVA_HOME", "/a/jre"), "bash", build.toString());
    assertTrue(said.contains("not only a JRE, to build, and found no /a/jre/bin/javac"), said);
  }

  @Test
  void whyARevisionCannotBeBuilt() throws Exception {
    assertTrue(build(0, "--help", "yes").contains("builds the benchmarks of a git revision"));
    assertTrue(build(2, "--jdk", "yes").contains("usage: bench-build"));
    assertTrue(build(1, "nonsense", "yes").contains("nonsense is no git revision of "));
    run(0, List.of(), "git", "-C", root.toString(), "rm", "-q", "scripts/bench");
    commit();
    assertTrue(build(1, "HEAD", "yes").contains("revision HEAD is older than the benchmarks"));
    Files.move(root.resolve(".git"), folder.resolve("git"));
    assertTrue(build(1, "HEAD", "yes").contains("tree is no git repository"));
  }

  /** What a JVM says of its version as its options are tried is nobody's question. */
  @Test
  void optionsAreTriedInSilence() throws Exception {
    String said = bench(0, "bench", "LANEWISE_JAVA_OPTS", "-Xmx1g");
    assertEquals(1, said.split("<-Xmx1g>", -1).length - 1, said);
  }

  @Test
  void theEnvironmentChoosesOptionsAndRevision() throws Exception {
    String own = bench(0, "bench", "LANEWISE_JAVA_OPTS", "-Xmx1g -Xint");
    assertTrue(own.contains("<-Xmx1g> <-Xint> "), own);
    assertTrue(own.contains("<-Dbench.options=-Xmx1g -Xint>"), own);
    assertTrue(own.contains("/cache/tree-"), own);
    write("pom.xml", "two ");
    assertTrue(bench(0, "bench").contains("-changed> "));
    String head = run(0, List.of(), "git", "-C", root.toString(), "rev-parse", "HEAD");
    String revision = head.substring(0, 12);
    String other = bench(0, "bench", "LANEWISE_REVISION", "HEAD");
    assertTrue(other.contains("<-Dbench.revision=" + revision + "> "), other);
    assertTrue(other.contains("/cache/" + revision + "-"), other);
    String compare = bench(2, "bench-compare", "LANEWISE_REVISION", "HEAD");
    assertTrue(compare.contains("LANEWISE_REVISION=HEAD says nothing here"), compare);
  }

  /** Status 1 of a comparison is a regression and nothing else. */
  @Test
  void whatCannotBeBuiltOrStartedIsNoRegression() throws Exception {
    write("scripts/build", "echo 'does not compile'; exit 1\n");
    write("pom.xml", "two ");
    assertTrue(bench(1, "bench").contains("does not compile"));
    assertTrue(bench(2, "bench-compare").contains("does not compile"));
    String home = folder.resolve("jdk").toString();
    Path java = Path.of(home, "bin", "java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        [ "$1" = -version ] && echo 'openjdk version "17"' && exit 0
        echo "Unrecognized $*" >&2
        exit 1
        """);
    write("scripts/build", "mkdir -p jmh/target; touch jmh/target/benchmarks.jar\n");
    String cache = folder.resolve("cache").toString();
    List<String> environment = List.of("LANEWISE_BENCH_CACHE", cache, "JAVA_HOME", home);
    List<String> all = new ArrayList<>(environment);
    all.addAll(List.of("LANEWISE_JAVA_OPTS", "-Xwrong"));
    String compare = root.resolve("scripts/bench-compare").toString();
    String said = run(2, all, "bash", "-c", "cd " + root + " && bash " + compare);
    assertTrue(said.contains("no JVM starts with LANEWISE_JAVA_OPTS=-Xwrong"), said);
    assertTrue(said.contains("-Xwrong -version"), said);
    said = run(2, environment, "bash", "-c", "cd " + root + " && bash " + compare);
    assertTrue(said.contains("bench: no JVM starts with " + java + " "), said);
  }
}
