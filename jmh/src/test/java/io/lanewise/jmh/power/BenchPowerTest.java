package io.lanewise.jmh.power;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said before builds, of which there are none: there are no sources. */
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

  /** Measured on no row, it would be found in 0 % of comparisons. */
  @Test
  void aPlantInNoneOfTheRowsIsLeftOut() {
    PrintStream before = System.out;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setOut(new PrintStream(text, true, UTF_8));
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
    String said = text.toString(UTF_8);
    assertTrue(said.contains("# 3% is left out: no row holds 'conv.forward'"), said);
    assertFalse(said.contains("alloc"), said);
  }
}
