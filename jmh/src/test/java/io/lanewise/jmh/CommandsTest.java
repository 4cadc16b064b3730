package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** Exit statuses of errors, of which 1 may mean a regression. */
class CommandsTest {
  @Command
  private record Failing(RuntimeException error, Error worse) implements Callable<Integer> {
    @Override
    public Integer call() {
      if (error != null) {
        throw error;
      }
      throw worse;
    }
  }

  private static void fails(String said, RuntimeException error, Error worse) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      assertEquals(2, Commands.run("gate", new Failing(error, worse), 2));
    } finally {
      System.setErr(before);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains(said), text);
  }

  @Test
  void noErrorIsARegression() {
    fails("gate: what the user did", new IllegalArgumentException("what the user did"), null);
    fails("IllegalStateException: our own", new IllegalStateException("our own"), null);
    Exception cause = new IllegalArgumentException("lanes are simd or scalar");
    fails("gate: lanes are simd or scalar", null, new ExceptionInInitializerError(cause));
    fails("OutOfMemoryError: Java heap space", null, new OutOfMemoryError("Java heap space"));
  }
}
