package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Real JVMs, started and measured. */
class ForkTest {
  private static final Timing SHORT = new Timing(1, 10, 3, 10, 200);

  @Test
  void aForkOfJmh() throws Exception {
    Sample sample = new Forker(SHORT).fork(new Row("elementwise.add", "size1000", 1));
    assertEquals(3, sample.iterations().size());
    assertEquals(Medians.of(sample.iterations()), sample.micros());
    assertTrue(sample.micros() > 0);
    assertTrue(sample.allocated() > 0);
  }

  @Test
  void freshJvms() throws Exception {
    Sample first = new Forker(SHORT).fork(new Row(Row.FIRST, "mlp_b1", 1));
    assertTrue(first.micros() > 10_000, "a JVM starts in " + first.micros() + " us");
    Sample warmUp = new Forker(SHORT).fork(new Row(Row.WARM_UP, "mlp_b1", 1));
    List<double[]> curve = warmUp.curve();
    assertTrue(curve.size() > 1, "points: " + curve.size());
    assertTrue(curve.get(curve.size() - 1)[0] >= curve.get(0)[0] + 200);
    assertTrue(warmUp.micros() > 0, "lost: " + warmUp.micros() + " us");
  }
}
