package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weight gradients of eight images that are computed in slices: their bits are those of one image
 * after the other. In one piece chains of products would run across images.
 */
class WeightSlicesTest {
  private static final int IMAGES = 8;

  @ParameterizedTest
  @ValueSource(strings = {"h8w8c20_oc20_k5s1p2", "h8w8c32_oc20_k5s1p2", "h24w24c32_oc64_k3s2p1"})
  void eachImageIsASlice(String text) {
    ConvShape all = ConvShape.parse("n" + IMAGES + text);
    ConvShape one = ConvShape.parse("n1" + text);
    float[] gradOutput = values(all.outputSize(), 1);
    float[] input = values(all.inputSize(), 2);
    float[] expected = new float[one.weightSize()];
    for (int i = 0; i < IMAGES; i++) {
      add(one, image(gradOutput, i), image(input, i), expected);
    }
    float[] found = new float[all.weightSize()];
    add(all, gradOutput, input, found);
    assertArrayEquals(expected, found);
  }

  private static void add(ConvShape shape, float[] gradOutput, float[] input, float[] gradWeight) {
    ConvPlan plan = ConvPlan.all(ConvAlgorithm.DIRECT);
    Parallel serial = Parallel.serial();
    Workspace workspace = new Workspace(serial);
    Conv2d.backwardWeight(shape, plan, gradOutput, input, gradWeight, workspace, serial);
  }

  private static float[] image(float[] images, int i) {
    int size = images.length / IMAGES;
    return Arrays.copyOfRange(images, i * size, (i + 1) * size);
  }

  private static float[] values(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
