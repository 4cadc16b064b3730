package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.jmh.suite.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A minute for rows that take half of one each. */
class TimeLimitTest {
  private static final Row A = new Row("gemm.nn", "m1n1k1", 1);
  private static final Row B = new Row("gemm.nn", "m2n2k2", 1);
  private static final Row C = new Row("gemm.nn", "m3n3k3", 1);

  private double seconds;

  @Test
  void rowsThatThereIsNoTimeForAreNamed() {
    TimeLimit limit = new TimeLimit(1, 30, () -> seconds);
    assertEquals(List.of(A, B), limit.apply(List.of(A, B, C)));
    seconds = 40;
    assertEquals(List.of(), limit.apply(List.of(B)));
    assertEquals(
        List.of(
            "The time that --minutes gives was used up, so 1 unclear row was not looked at again:"
                + " gemm.nn m3n3k3.",
            "The time that --minutes gives was used up, so 1 unclear row was looked at again, but"
                + " for fewer forks than would decide more: gemm.nn m2n2k2."),
        limit.remarks());
  }

  @Test
  void withoutALimitNoneIsLeftOut() {
    TimeLimit limit = new TimeLimit(Double.POSITIVE_INFINITY, 30, () -> 1e9);
    assertEquals(List.of(A, B), limit.apply(List.of(A, B)));
    assertEquals(List.of(), limit.remarks());
  }
}
