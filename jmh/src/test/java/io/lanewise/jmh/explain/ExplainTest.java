package io.lanewise.jmh.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ExplainTest {
  private static void refused(String message, String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setErr(new PrintStream(text, true, UTF_8));
    try {
      assertEquals(1, Explain.run(args));
    } finally {
      System.setErr(before);
    }
    assertTrue(text.toString(UTF_8).contains(message), text.toString(UTF_8));
  }

  @Test
  void whatCannotBeProfiled() {
    refused("found --threads 0 and --seconds 5, needs at least 1", "gemm.nn", "--threads", "0");
    refused("found --threads 1 and --seconds 0, needs at least 1", "gemm.nn", "--seconds", "0");
    refused("is the start of a JVM", "start.first");
    refused("unknown", "nonsense.nn");
  }
}
