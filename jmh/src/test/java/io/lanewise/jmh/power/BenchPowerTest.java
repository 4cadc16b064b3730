package io.lanewise.jmh.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of options that mean nothing, before anything is built. */
class BenchPowerTest {
  private static final String ROOT = "bench.root";

  @TempDir Path folder;

  private String rootBefore;

  @BeforeEach
  void noSources() {
    rootBefore = System.getProperty(ROOT);
    System.setProperty(ROOT, folder.resolve("nowhere").toString());
  }

  @AfterEach
  void restore() {
    if (rootBefore == null) {
      System.clearProperty(ROOT);
    } else {
      System.setProperty(ROOT, rootBefore);
    }
  }

  private void refused(String part, String... options) {
    String[] args = new String[options.length + 2];
    System.arraycopy(new String[] {"--out", folder.toString()}, 0, args, 0, 2);
    System.arraycopy(options, 0, args, 2, options.length);
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      assertEquals(2, BenchPower.run(args));
    } finally {
      System.setErr(before);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("bench-power: " + part), text);
  }

  @Test
  void optionsOutOfRange() {
    refused("--minutes is 0.0, needs more than 0", "--minutes", "0");
    refused("--minutes is NaN, needs more than 0", "--minutes", "NaN");
    refused("--blocks is 1, needs at least 2", "--blocks", "1");
    refused("--runs is 0, needs at least 1", "--runs", "0");
    refused("--only-draw measures nothing: no --minutes", "--only-draw", "--minutes", "1");
    refused("no row of group core holds 'nonsense'", "--rows", "nonsense");
  }

  /** Measured on no row, it would be found in 0 % of comparisons. */
  @Test
  void aPlantInNoneOfTheRowsIsLeftOut() {
    PrintStream before = System.out;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      String[] args = {
        "--out", folder.toString(),
        "--rows", "step.train",
        "--plant", "3%:conv.forward=HEAD",
        "--plant", "alloc:step.train convnetjs-cifar10_b4=HEAD"
      };
      assertEquals(2, BenchPower.run(args));
    } finally {
      System.setOut(before);
    }
    String said = text.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("# 3% is left out: no row holds 'conv.forward'"), said);
    assertFalse(said.contains("alloc"), said);
  }
}
