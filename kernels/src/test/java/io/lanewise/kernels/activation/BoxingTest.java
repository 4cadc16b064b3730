package io.lanewise.kernels.activation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lanewise.kernels.elementwise.Dropout;
import io.lanewise.kernels.elementwise.Exp;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.RowShape;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Once compiled, the long loops box no vector: a call of {@link io.lanewise.kernels.lanes.SimdMath}
 * that C2 does not inline would allocate one for every few values.
 */
class BoxingTest {
  private static final int SIZE = 8192;
  private static final long MOST_BYTES_A_CALL = 1000;
  private static final int CALLS = 200;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final FlatShape shape = new FlatShape(SIZE);
  private final RowShape rows = new RowShape(8, SIZE / 8);
  private final float[] x = new float[SIZE];
  private final float[] g = new float[SIZE];
  private final float[] y = new float[SIZE];
  private final Parallel serial = Parallel.serial();

  @TestFactory
  Stream<DynamicTest> boxesNothing() {
    return Stream.of(
        test("sigmoid", () -> Sigmoid.forward(shape, x, y, serial)),
        test("tanh", () -> Tanh.forward(shape, x, y, serial)),
        test("gelu", () -> Gelu.forward(shape, x, y, serial)),
        test("gelu backward", () -> Gelu.backward(shape, g, x, y, serial)),
        test("silu", () -> Silu.forward(shape, x, y, serial)),
        test("silu backward", () -> Silu.backward(shape, g, x, y, serial)),
        test("exp", () -> Exp.forward(shape, x, y, serial)),
        test("dropout", () -> Dropout.forward(rows, 0.5f, 1, 0, x, y, serial)));
  }

  private DynamicTest test(String name, Runnable kernel) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          long end = System.nanoTime() + PATIENCE_NANOS;
          long bytes;
          do {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
              kernel.run();
            }
            bytes = (thread.getCurrentThreadAllocatedBytes() - before) / CALLS;
          } while (bytes > MOST_BYTES_A_CALL && System.nanoTime() < end);
          assertTrue(bytes <= MOST_BYTES_A_CALL, "allocates " + bytes + " bytes a call");
        });
  }
}
