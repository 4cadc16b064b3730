package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bits of each way to compute a convolution, which every lane setting of the suite must give: pairs
 * of lines and runs of depthwise windows, sliding planes with whole rows and with copies, planes,
 * patches and phases of a stride, pixels as a matrix, and tiles, square and along rows. Found on
 * 512-bit lanes.
 */
class ConvBitsTest {
  @ParameterizedTest
  @CsvSource({
    "n2h9w13c17_oc17_k3s1p1_g17, DIRECT, -1785715293, 32414647, 613868358",
    "n3h14w14c33_oc33_k5s2p2_g33, DIRECT, 869105828, 1565621323, -1991649400",
    "n2h20w32c3_oc16_k5s1p2, DIRECT, -328658417, -952009249, -612521471",
    "n3h9w9c16_oc20_k5s1p2, DIRECT, 1579701761, -1370210587, -1521781943",
    "n2h32w32c3_oc40_k3s1p1, DIRECT, 1878543667, -897751262, -1934651840",
    "n2h17w15c32_oc65_k3s2p1, DIRECT, -1639833464, -139957159, 1529331607",
    "n2h16w16c300_oc40_k1s1p0, DIRECT, -1983317242, 38220008, -1844431952",
    "n3h9w11c17_oc33_k3s1p1, WINOGRAD_2X2, 1640101426, 1357895345, 301125918",
    "n3h9w11c16_oc16_k3s1p1, WINOGRAD_4X4, -481892386, 1315165704, 424036413",
    "n8h32w32c32_oc32_k3s1p1, WINOGRAD_4X4, -298030971, -573281785, 746435252",
    "n32h16w16c64_oc64_k3s1p1, WINOGRAD_4X4, -2041695755, -1975791341, 1819530089",
    "n3h9w11c17_oc33_k3s2p1, WINOGRAD_2X2, -1456329560, -436584617, -1250178670",
    "n3h10w8c16_oc16_k3s2p1, WINOGRAD_2X2, -644744517, 1836392484, -720804386",
    "n20h32w32c64_oc128_k3s2p1, WINOGRAD_2X2, -1584084232, -1477039823, 278180285",
    "n2h20w32c3_oc16_k5s1p2, WINOGRAD_ROWS, 440011954, -1884279464, -222831300",
    "n9h9w9c16_oc20_k5s1p2, WINOGRAD_ROWS, 643340859, -353390801, 882546953",
    "n2h9w11c3_oc32_k5s1p2, WINOGRAD_ROWS, -1299095956, 1411895304, -2024173658",
    "n4h8w8c20_oc20_k5s1p2, WINOGRAD_ROWS, 982100680, -1369964554, -1630312014",
    "n67h8w8c4_oc45_k5s1p2, WINOGRAD_ROWS, 415291505, 729773946, -342255011"
  })
  void theyAreTheSameAtEveryWidth(
      String text, ConvAlgorithm algorithm, int output, int gradInput, int gradWeight) {
    ConvShape shape = ConvShape.parse(text);
    ConvPlan plan = ConvPlan.all(algorithm);
    float[] gradOutput = gaussian(shape.outputSize(), 1);
    float[] input = gaussian(shape.inputSize(), 2);
    float[] weight = gaussian(shape.weightSize(), 3);
    float[] bias = gaussian(shape.biasSize(), 4);
    float[] outputs = new float[shape.outputSize()];
    float[] gradInputs = new float[shape.inputSize()];
    float[] gradWeights = new float[shape.weightSize()];
    Parallel serial = Parallel.serial();
    Workspace workspace = new Workspace(serial);
    Conv2d.forward(shape, plan, Epilogue.RELU, input, weight, bias, outputs, workspace, serial);
    Conv2d.backwardInput(shape, plan, gradOutput, weight, gradInputs, workspace, serial);
    Conv2d.backwardWeight(shape, plan, gradOutput, input, gradWeights, workspace, serial);
    assertEquals(
        output + ", " + gradInput + ", " + gradWeight,
        Arrays.hashCode(outputs)
            + ", "
            + Arrays.hashCode(gradInputs)
            + ", "
            + Arrays.hashCode(gradWeights),
        shape::toString);
  }

  private static float[] gaussian(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
