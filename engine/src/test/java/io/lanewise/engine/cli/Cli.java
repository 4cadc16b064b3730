package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a command came to. */
record Cli(int exit, String out, String err) {
  static final String DATA = TestData.cifarMini().toString();

  String lastLine() {
    String[] lines = out.strip().split("\n");
    return lines[lines.length - 1];
  }

  void assertError(int code, String... parts) {
    assertEquals(code, exit, err);
    for (String part : parts) {
      assertTrue(err.contains(part), "\"" + part + "\" is not in: " + err);
    }
    assertFalse(err.contains("\tat "), err);
  }

  /** Runs a command. */
  static Cli lanewise(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int exit = Lanewise.run(args);
      return new Cli(
          exit,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Trains for two epochs of 24 images. */
  static Cli train(Path run, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--data", DATA, "--limit", "24", "--epochs", "2", "--out", "" + run));
    args.addAll(Arrays.asList(more));
    return lanewise(args.toArray(new String[0]));
  }

  static List<String> withoutTimes(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> line.split(","))
        .map(f -> String.join(",", f[0], f[1], f[3], f[4], f[5], f[6], f[7]))
        .toList();
  }
}
