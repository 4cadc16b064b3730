package io.lanewise.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.activation.Gelu;
import io.lanewise.kernels.activation.Sigmoid;
import io.lanewise.kernels.activation.Silu;
import io.lanewise.kernels.activation.Tanh;
import io.lanewise.kernels.elementwise.Dropout;
import io.lanewise.kernels.elementwise.Exp;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.RowShape;
import java.lang.reflect.Method;
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
            long before = allocatedBytes();
            for (int i = 0; i < CALLS; i++) {
              kernel.run();
            }
            bytes = (allocatedBytes() - before) / CALLS;
          } while (bytes > MOST_BYTES_A_CALL && System.nanoTime() < end);
          assertTrue(bytes <= MOST_BYTES_A_CALL, "allocates " + bytes + " bytes a call");
        });
  }

  /** By reflection, as the module under test does not read java.management. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(bean, Thread.currentThread().getId());
  }
}
