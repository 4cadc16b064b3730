package io.lanewise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jars in processes of their own, as applications start them. */
class JarsIT {
  private static final String MAIN = "io.lanewise.engine.cli.Lanewise";
  private static final String WARNING = "running on scalar lanes";

  @TempDir Path folder;

  /** What a process came to; out holds both of its streams. */
  private record Result(int exit, String out) {}

  private static Path engineJar() {
    return TestData.root().resolve("engine/target/lanewise-engine.jar");
  }

  private static Path library(String start) throws IOException {
    try (Stream<Path> files = Files.list(TestData.root().resolve("engine/target/lib"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(start))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String path(Path... parts) {
    return String.join(
        File.pathSeparator, Stream.of(parts).map(Path::toString).toArray(String[]::new));
  }

  private Result java(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(args));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running: " + command);
    return new Result(process.exitValue(), Files.readString(out));
  }

  private String[] train(Path run, String... before) {
    List<String> args = new ArrayList<>(List.of(before));
    args.addAll(
        List.of(
            "train",
            "--data",
            TestData.cifarMini().toString(),
            "--limit",
            "32",
            "--epochs",
            "1",
            "--threads",
            "2",
            "--out",
            run.toString()));
    return args.toArray(new String[0]);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void withoutTheModuleFlagItWarnsOnceAndGivesTheSameBits() throws Exception {
    String jars = path(engineJar(), library("lanewise-kernels"), library("picocli"));
    Path scalar = folder.resolve("scalar");
    Path simd = folder.resolve("simd");
    Result plain = java(train(scalar, "-cp", jars, MAIN));
    assertEquals(0, plain.exit(), plain.out());
    assertEquals(1, count(plain.out(), WARNING), plain.out());
    assertTrue(plain.out().contains("--add-modules jdk.incubator.vector"), plain.out());
    Result fast = java(train(simd, "--add-modules", "jdk.incubator.vector", "-cp", jars, MAIN));
    assertEquals(0, fast.exit(), fast.out());
    assertFalse(fast.out().contains(WARNING), fast.out());
    assertEquals(
        -1,
        Files.mismatch(scalar.resolve("model.safetensors"), simd.resolve("model.safetensors")),
        "parameters differ between scalar and SIMD lanes");
  }

  @Test
  void runsAsNamedModules() throws Exception {
    String modules = path(engineJar(), library("lanewise-kernels"), library("picocli"));
    Result summary =
        java(
            "-p",
            modules,
            "--add-modules",
            "jdk.incubator.vector,info.picocli",
            "-m",
            "io.lanewise.engine/" + MAIN,
            "summary");
    assertEquals(0, summary.exit(), summary.out());
    assertTrue(summary.out().contains("22,466"), summary.out());
  }

  @Test
  void twoJarsAreEnoughToTrainAndPredict() throws Exception {
    String jars =
        path(
            engineJar(),
            library("lanewise-kernels"),
            TestData.root().resolve("engine/target/test-classes"));
    Result embedded =
        java("--add-modules", "jdk.incubator.vector", "-cp", jars, EmbeddedMain.class.getName());
    assertEquals(0, embedded.exit(), embedded.out());
    assertTrue(embedded.out().contains("answer "), embedded.out());
  }
}
