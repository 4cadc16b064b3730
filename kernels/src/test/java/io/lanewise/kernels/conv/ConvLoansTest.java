package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.AllocatedBytes;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.linear.Linear;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.GemmShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each way to compute a convolution borrows one array of a kind at a time: where other callers hold
 * all but one of each, none is made.
 */
class ConvLoansTest {
  /** Floats of an array, more than a cold kernel allocates for vectors that are not compiled. */
  private static final int LARGE = 1 << 22;

  @ParameterizedTest
  @CsvSource({
    "n1h4w4c17_oc17_k3s1p1_g17, DIRECT",
    "n1h4w4c17_oc17_k5s2p2_g17, DIRECT",
    "n1h4w4c3_oc4_k5s1p2, DIRECT",
    "n1h4w4c3_oc33_k3s1p1, DIRECT",
    "n1h4w4c8_oc33_k3s2p1, DIRECT",
    "n1h4w4c8_oc8_k3s1p1, WINOGRAD_4X4",
    "n1h4w4c3_oc4_k5s1p2, WINOGRAD_ROWS",
    "n1h4w4c3_oc32_k5s1p2, WINOGRAD_ROWS"
  })
  void oneArrayOfAKindAtATime(String text, ConvAlgorithm algorithm)
      throws ReflectiveOperationException {
    ConvShape s = ConvShape.parse(text);
    ConvPlan plan = ConvPlan.all(algorithm);
    float[] input = new float[s.inputSize()];
    float[] weight = new float[s.weightSize()];
    float[] output = new float[s.outputSize()];
    Parallel serial = Parallel.serial();
    Workspace workspace = new Workspace(serial);
    for (Kind kind : new Kind[] {Kind.CALL, Kind.LAYOUT, Kind.TASK, Kind.BLOCK}) {
      workspace.borrow(kind, LARGE);
    }
    long before = AllocatedBytes.ofThisThread();
    Conv2d.forward(s, plan, Epilogue.NONE, input, weight, null, output, workspace, serial);
    Conv2d.backwardInput(s, plan, output, weight, input, workspace, serial);
    Conv2d.backwardWeight(s, plan, output, input, weight, workspace, serial);
    long bytes = AllocatedBytes.ofThisThread() - before;
    assertTrue(bytes < Float.BYTES * LARGE, bytes + " bytes were allocated");
  }

  /** A refused call has borrowed nothing: the next one gets the array that is there. */
  @Test
  void aRefusedCallKeepsNothing() throws ReflectiveOperationException {
    ConvShape s = ConvShape.parse("n1h4w4c3_oc4_k3s1p1");
    GemmShape product = new GemmShape(2, 3, 4);
    ConvPlan plan = ConvPlan.all(ConvAlgorithm.DIRECT);
    float[] array = new float[s.inputSize() + s.outputSize() + s.weightSize()];
    float[] none = {};
    Parallel serial = Parallel.serial();
    Workspace workspace = new Workspace(serial);
    workspace.giveBack(Kind.CALL, workspace.borrow(Kind.CALL, LARGE));
    List<Executable> calls =
        List.of(
            () -> Conv2d.forward(s, none, array, null, array, workspace, serial),
            () -> Conv2d.forward(s, array, array, none, array, workspace, serial),
            () -> Conv2d.forward(s, array, array, null, none, workspace, serial),
            () -> Conv2d.packWeight(s, plan, array, none, workspace, serial),
            () -> Conv2d.rotateWeight(s, plan, array, none, workspace, serial),
            () -> Conv2d.backwardInput(s, plan, none, array, array, workspace, serial),
            () -> Conv2d.backwardInput(s, plan, array, array, none, workspace, serial),
            () -> Linear.forward(product, none, array, null, array, workspace, serial),
            () -> Linear.forward(product, array, array, none, array, workspace, serial),
            () -> Linear.backwardInput(product, none, array, array, workspace, serial),
            () -> Linear.backwardInput(product, array, array, none, workspace, serial));
    long before = AllocatedBytes.ofThisThread();
    for (Executable call : calls) {
      assertThrows(IllegalArgumentException.class, call);
      workspace.giveBack(Kind.CALL, workspace.borrow(Kind.CALL, LARGE));
    }
    long bytes = AllocatedBytes.ofThisThread() - before;
    assertTrue(bytes < Float.BYTES * LARGE, bytes + " bytes were allocated");
  }
}
