package io.lanewise.jmh.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainTest {
  private static void refused(String message, String... args) {
    refused(1, message, args);
  }

  private static void refused(int exit, String message, String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setErr(new PrintStream(text, true, UTF_8));
    try {
      assertEquals(exit, Explain.run(args));
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
    refused("unknown", "nonsense");
    refused("gemm is a family, needs one of its benchmarks: gemm.", "gemm");
    refused("conv is a family", "conv", "n8h16w16c128_oc128_k3s1p1");
    refused(2, "a profile prints no loops, scripts/asm does: no --all", "gemm.nn", "--all");
  }

  /** Before minutes of running: what another processor's code looks like is not known here. */
  @Test
  void loopsAreReadOnOneKindOfProcessorAlone() {
    String arch = System.getProperty("os.arch");
    try {
      System.setProperty("os.arch", "aarch64");
      refused("asm reads machine code of x86-64, found aarch64", "--asm", "gemm.nn", "m2n2");
      refused("shape 'm2n2' has no k", "gemm.nn", "m2n2");
    } finally {
      System.setProperty("os.arch", arch);
    }
  }

  /** The numbers tell which of them a text is of. */
  @Test
  void loopsAreNumbered() {
    HotLoop one = new HotLoop("A::run", List.of("vaddps"), 0, 1, 0, 0, 0, 0);
    HotLoop two = new HotLoop("A::run", List.of("vmulps"), 0, 1, 0, 0, 0, 0);
    StringWriter text = new StringWriter();
    Explain.printLoops(List.of(one, two), true, new PrintWriter(text, true));
    String said = text.toString();
    assertTrue(said.contains("loop 2 in A::run: 1 instructions"), said);
    assertTrue(said.contains("loop 1 in A::run:\nvaddps\n\nloop 2 in A::run:\nvmulps\n"), said);
  }
}
