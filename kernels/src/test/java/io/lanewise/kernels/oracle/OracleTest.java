package io.lanewise.kernels.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.lanewise.kernels.norm.BatchNorm;
import io.lanewise.kernels.norm.LocalResponseNorm;
import io.lanewise.kernels.reference.RefActivation;
import io.lanewise.kernels.reference.RefBatchNorm;
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.reference.RefGroupNorm;
import io.lanewise.kernels.reference.RefLinear;
import io.lanewise.kernels.reference.RefLocalResponseNorm;
import io.lanewise.kernels.reference.RefLoss;
import io.lanewise.kernels.reference.RefPool;
import io.lanewise.kernels.reference.RefUpdate;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.GemmShape;
import io.lanewise.kernels.shape.GroupShape;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.update.AdadeltaUpdate;
import io.lanewise.kernels.update.AdagradUpdate;
import io.lanewise.kernels.update.AdamUpdate;
import io.lanewise.kernels.update.AdamWUpdate;
import io.lanewise.kernels.update.Regularization;
import io.lanewise.kernels.update.RmspropUpdate;
import io.lanewise.kernels.update.SgdUpdate;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The references compute what PyTorch computes. */
class OracleTest {
  /** The files have 9 significant digits. */
  private static final double PRECISION = 1e-8;

  @TestFactory
  Stream<DynamicTest> referencesComputeWhatPyTorchDoes() {
    return OracleFile.readAll().stream()
        .map(oracle -> DynamicTest.dynamicTest(oracle.name(), () -> check(oracle)));
  }

  private static void check(OracleCase oracle) {
    switch (oracle.op()) {
      case "conv" -> conv(oracle, ConvShape.parse(oracle.shape()));
      case "linear" -> linear(oracle, GemmShape.parse(oracle.shape()));
      case "maxpool" -> maxPool(oracle, PoolShape.parse(oracle.shape()));
      case "avgpool", "globalavgpool" -> avgPool(oracle, PoolShape.parse(oracle.shape()));
      case "batchnorm" -> batchNorm(oracle, ChannelShape.parse(oracle.shape()));
      case "groupnorm" -> groupNorm(oracle, GroupShape.parse(oracle.shape()));
      case "lrn" -> localResponseNorm(oracle, ChannelShape.parse(oracle.shape()));
      case "relu", "leakyrelu", "sigmoid", "tanh", "gelu", "silu" -> activation(oracle);
      case "softmaxcrossentropy" -> crossEntropy(oracle, RowShape.parse(oracle.shape()));
      case "hinge" -> hinge(oracle, RowShape.parse(oracle.shape()));
      case "squarederror" -> squaredError(oracle, RowShape.parse(oracle.shape()));
      case "sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw" -> steps(oracle);
      default -> fail("no reference is known for " + oracle.op());
    }
  }

  private static void conv(OracleCase oracle, ConvShape s) {
    double[] input = oracle.array("input");
    double[] weight = oracle.array("weight");
    double[] gradOutput = oracle.array("gradOutput");
    same(oracle, "output", RefConv2d.forward(s, input, weight, oracle.array("bias")));
    same(oracle, "gradInput", RefConv2d.backwardInput(s, gradOutput, weight));
    same(oracle, "gradWeight", RefConv2d.backwardWeight(s, gradOutput, input));
    same(oracle, "gradBias", RefConv2d.backwardBias(s, gradOutput));
  }

  private static void linear(OracleCase oracle, GemmShape s) {
    double[] input = oracle.array("input");
    double[] weight = oracle.array("weight");
    double[] gradOutput = oracle.array("gradOutput");
    same(oracle, "output", RefLinear.forward(s, input, weight, oracle.array("bias")));
    same(oracle, "gradInput", RefLinear.backwardInput(s, gradOutput, weight));
    same(oracle, "gradWeight", RefLinear.backwardWeight(s, gradOutput, input));
    same(oracle, "gradBias", RefLinear.backwardBias(s, gradOutput));
  }

  private static void maxPool(OracleCase oracle, PoolShape s) {
    int[] argmax = new int[s.outputSize()];
    same(oracle, "output", RefPool.max(s, oracle.array("input"), argmax));
    assertArrayEquals(oracle.ints("argmax"), argmax, "argmax");
    same(oracle, "gradInput", RefPool.maxBackward(s, oracle.array("gradOutput"), argmax));
  }

  private static void avgPool(OracleCase oracle, PoolShape s) {
    same(oracle, "output", RefPool.average(s, oracle.array("input")));
    same(oracle, "gradInput", RefPool.averageBackward(s, oracle.array("gradOutput")));
  }

  private static void batchNorm(OracleCase oracle, ChannelShape s) {
    double eps = oracle.key("eps");
    boolean relu = oracle.key("relu") == 1;
    boolean adds = oracle.key("adds") == 1;
    double[] x = oracle.array("input");
    double[] residual = adds ? oracle.array("residual") : null;
    double[] scale = oracle.array("scale");
    double[] bias = oracle.array("bias");
    double[] runningMean = oracle.array("runningMean");
    double[] runningVariance = oracle.array("runningVariance");
    same(
        oracle,
        "evalOutput",
        RefBatchNorm.forward(s, eps, relu, x, residual, scale, bias, runningMean, runningVariance));
    double[] mean = RefBatchNorm.mean(s, x);
    double[] variance = RefBatchNorm.variance(s, x);
    double[] y = RefBatchNorm.forward(s, eps, relu, x, residual, scale, bias, mean, variance);
    same(oracle, "output", y);
    double[] g = RefBatchNorm.mask(relu, oracle.array("gradOutput"), y);
    same(oracle, "gradInput", RefBatchNorm.backwardInput(s, eps, g, x, scale, mean, variance));
    same(oracle, "gradScale", RefBatchNorm.backwardScale(s, eps, g, x, mean, variance));
    same(oracle, "gradBias", RefBatchNorm.backwardBias(s, g));
    if (adds) {
      same(oracle, "gradResidual", g);
    }
    float[] newMean = floats(runningMean);
    float[] newVariance = floats(runningVariance);
    float momentum = (float) oracle.key("momentum");
    BatchNorm.updateRunning(s, momentum, floats(mean), floats(variance), newMean, newVariance);
    for (int j = 0; j < s.c(); j++) {
      assertEquals(oracle.array("newRunningMean")[j], newMean[j], 1e-6);
      assertEquals(oracle.array("newRunningVariance")[j], newVariance[j], 1e-6);
    }
  }

  private static void groupNorm(OracleCase oracle, GroupShape s) {
    double eps = oracle.key("eps");
    double[] x = oracle.array("input");
    double[] g = oracle.array("gradOutput");
    double[] scale = oracle.array("scale");
    double[] mean = RefGroupNorm.mean(s, x);
    double[] invStd = RefGroupNorm.invStd(s, eps, x);
    same(oracle, "output", RefGroupNorm.forward(s, eps, x, scale, oracle.array("bias")));
    same(oracle, "gradInput", RefGroupNorm.backwardInput(s, g, x, scale, mean, invStd));
    same(oracle, "gradScale", RefGroupNorm.backwardScale(s, g, x, mean, invStd));
    same(oracle, "gradBias", RefGroupNorm.backwardBias(s, g));
  }

  private static void localResponseNorm(OracleCase oracle, ChannelShape s) {
    LocalResponseNorm.Settings settings =
        new LocalResponseNorm.Settings(
            (int) oracle.key("size"),
            (float) oracle.key("alpha"),
            (float) oracle.key("beta"),
            (float) oracle.key("k"));
    double[] x = oracle.array("input");
    same(oracle, "output", RefLocalResponseNorm.forward(s, settings, x));
    double[] g = oracle.array("gradOutput");
    same(oracle, "gradInput", RefLocalResponseNorm.backward(s, settings, g, x));
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void activation(OracleCase oracle) {
    double[] x = oracle.array("input");
    double[] g = oracle.array("gradOutput");
    double slope = oracle.key("slope");
    double[] y =
        switch (oracle.op()) {
          case "relu" -> RefActivation.relu(x);
          case "leakyrelu" -> RefActivation.leakyRelu(slope, x);
          case "sigmoid" -> RefActivation.sigmoid(x);
          case "tanh" -> RefActivation.tanh(x);
          case "gelu" -> RefActivation.gelu(x);
          default -> RefActivation.silu(x);
        };
    same(oracle, "output", y);
    double[] gradInput =
        switch (oracle.op()) {
          case "relu" -> RefActivation.reluBackward(g, y);
          case "leakyrelu" -> RefActivation.leakyReluBackward(slope, g, x);
          case "sigmoid" -> RefActivation.sigmoidBackward(g, y);
          case "tanh" -> RefActivation.tanhBackward(g, y);
          case "gelu" -> RefActivation.geluBackward(g, x);
          default -> RefActivation.siluBackward(g, x);
        };
    same(oracle, "gradInput", gradInput);
  }

  private static void crossEntropy(OracleCase oracle, RowShape s) {
    double smoothing = oracle.key("smoothing");
    double[] logits = oracle.array("logits");
    int[] labels = oracle.ints("labels");
    double[] probabilities = RefLoss.softmax(s, logits);
    same(oracle, "probabilities", probabilities);
    same(oracle, "losses", RefLoss.crossEntropy(s, smoothing, logits, labels));
    double[] gradLosses = oracle.array("gradLosses");
    same(
        oracle,
        "gradLogits",
        RefLoss.crossEntropyBackward(s, smoothing, gradLosses, labels, probabilities));
  }

  private static void hinge(OracleCase oracle, RowShape s) {
    double margin = oracle.key("margin");
    double[] scores = oracle.array("scores");
    int[] labels = oracle.ints("labels");
    double[] gradLosses = oracle.array("gradLosses");
    same(oracle, "losses", RefLoss.hinge(s, margin, scores, labels));
    same(oracle, "gradScores", RefLoss.hingeBackward(s, margin, gradLosses, scores, labels));
  }

  private static void squaredError(OracleCase oracle, RowShape s) {
    double[] prediction = oracle.array("prediction");
    double[] target = oracle.array("target");
    double[] gradLosses = oracle.array("gradLosses");
    same(oracle, "losses", RefLoss.squaredError(s, prediction, target));
    same(oracle, "gradPrediction", RefLoss.squaredErrorBackward(s, gradLosses, prediction, target));
  }

  private static void steps(OracleCase oracle) {
    double[] value = oracle.array("value");
    double[] a = new double[value.length];
    double[] b = new double[value.length];
    Arrays.fill(a, oracle.key("initial"));
    double[] grads = oracle.array("grads");
    double[] values = new double[grads.length];
    for (int step = 0; step < oracle.key("steps"); step++) {
      int at = step * value.length;
      step(oracle, step + 1, Arrays.copyOfRange(grads, at, at + value.length), value, a, b);
      System.arraycopy(value, 0, values, at, value.length);
    }
    same(oracle, "values", values);
  }

  private static void step(
      OracleCase oracle, int step, double[] grad, double[] value, double[] a, double[] b) {
    double rate = oracle.key("learningRate");
    double eps = oracle.key("eps");
    double momentum = oracle.key("momentum");
    Regularization decay = new Regularization(0, oracle.key("l2"));
    switch (oracle.op()) {
      case "sgd" -> {
        boolean nesterov = oracle.keys().containsKey("nesterov");
        SgdUpdate.Settings settings = new SgdUpdate.Settings(rate, momentum, nesterov);
        RefUpdate.sgd(settings, decay, 1, grad, value, a);
      }
      case "adagrad" -> {
        AdagradUpdate.Settings settings = new AdagradUpdate.Settings(rate, eps);
        RefUpdate.adagrad(settings, decay, 1, grad, value, a);
      }
      case "adadelta" -> {
        AdadeltaUpdate.Settings settings =
            new AdadeltaUpdate.Settings(rate, oracle.key("rho"), eps);
        RefUpdate.adadelta(settings, decay, 1, grad, value, a, b);
      }
      case "rmsprop" -> {
        RmspropUpdate.Settings settings =
            new RmspropUpdate.Settings(rate, oracle.key("alpha"), eps, momentum);
        RefUpdate.rmsprop(settings, decay, 1, grad, value, a, b);
      }
      default -> {
        AdamUpdate.Settings settings =
            new AdamUpdate.Settings(rate, oracle.key("beta1"), oracle.key("beta2"), eps, step);
        if (oracle.op().equals("adam")) {
          RefUpdate.adam(settings, decay, 1, grad, value, a, b);
        } else {
          AdamWUpdate.Settings decoupled =
              new AdamWUpdate.Settings(settings, oracle.key("weightDecay"));
          RefUpdate.adamW(decoupled, decay, 1, grad, value, a, b);
        }
      }
    }
  }

  private static void same(OracleCase oracle, String array, double[] found) {
    double[] expected = oracle.array(array);
    assertEquals(expected.length, found.length, array + " length");
    for (int i = 0; i < found.length; i++) {
      double bound = PRECISION * Math.abs(expected[i]) + 1e-14;
      if (!(Math.abs(found[i] - expected[i]) <= bound)) {
        fail(array + "[" + i + "] is " + found[i] + ", but PyTorch gives " + expected[i]);
      }
    }
  }
}
