package io.lanewise.jmh.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of options that mean nothing, before anything is built. */
class BenchPowerTest {
  @TempDir Path folder;

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
}
