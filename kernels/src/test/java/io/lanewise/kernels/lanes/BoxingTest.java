package io.lanewise.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.activation.Gelu;
import io.lanewise.kernels.activation.Sigmoid;
import io.lanewise.kernels.activation.Silu;
import io.lanewise.kernels.activation.Tanh;
import io.lanewise.kernels.contract.AllocatedBytes;
import io.lanewise.kernels.conv.DepthwiseConv2d;
import io.lanewise.kernels.elementwise.Dropout;
import io.lanewise.kernels.elementwise.Exp;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.norm.BatchNorm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.RowShape;
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
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final FlatShape shape = new FlatShape(SIZE);
  private final RowShape rows = new RowShape(8, SIZE / 8);
  private final ChannelShape channels = new ChannelShape(SIZE / 16, 16);
  private final float[] c = new float[16];
  private final float[] mean = new float[16];
  private final float[] variance = new float[16];
  private final float[] sums = new float[16];
  private final ConvShape image = ConvShape.parse("n1h16w16c32_oc32_k3s1p1_g32");
  private final float[] weight = new float[image.weightSize()];
  private final float[] gradWeight = new float[image.weightSize()];
  private final Workspace workspace = new Workspace(Parallel.serial());
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
        test("batch norm", () -> normalize(Epilogue.RELU, null)),
        test("batch norm with residual", () -> normalize(Epilogue.RELU, g)),
        test("batch norm backward", () -> normalizeBackward(null)),
        test("batch norm backward with residual", () -> normalizeBackward(x)),
        test("depthwise", this::depthwise),
        test("depthwise backward", this::depthwiseBackward),
        test("dropout", () -> Dropout.forward(rows, 0.5f, 1, 0, x, y, serial)));
  }

  private void normalize(Epilogue epilogue, float[] residual) {
    BatchNorm.forwardTrain(
        channels, 1, epilogue, x, residual, c, c, mean, variance, y, workspace, serial);
  }

  private void depthwise() {
    DepthwiseConv2d.forward(image, x, weight, null, y, workspace, serial);
  }

  private void depthwiseBackward() {
    DepthwiseConv2d.backwardInput(image, g, weight, y, workspace, serial);
    DepthwiseConv2d.backwardWeight(image, g, x, gradWeight, workspace, serial);
  }

  private void normalizeBackward(float[] output) {
    BatchNorm.backward(
        channels,
        1,
        Epilogue.RELU,
        g,
        x,
        output,
        c,
        c,
        mean,
        variance,
        y,
        null,
        sums,
        sums,
        workspace,
        serial);
  }

  private DynamicTest test(String name, Runnable kernel) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          long end = System.nanoTime() + PATIENCE_NANOS;
          long bytes;
          do {
            long before = AllocatedBytes.ofThisThread();
            for (int i = 0; i < CALLS; i++) {
              kernel.run();
            }
            bytes = (AllocatedBytes.ofThisThread() - before) / CALLS;
          } while (bytes > MOST_BYTES_A_CALL && System.nanoTime() < end);
          assertTrue(bytes <= MOST_BYTES_A_CALL, "allocates " + bytes + " bytes a call");
        });
  }
}
