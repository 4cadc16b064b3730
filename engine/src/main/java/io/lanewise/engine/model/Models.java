package io.lanewise.engine.model;

import io.lanewise.engine.init.Initializer;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.settings.Nearest;
import io.lanewise.kernels.shape.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The model zoo: a function a net. */
public final class Models {
  /** Builds a net for images of a shape. */
  public interface Recipe {
    /**
     * Builds the net with fresh weights.
     *
     * @param image {@code [h, w, c]}
     * @param classes number of classes
     * @param seed seed of the weights
     */
    Network build(Shape image, int classes, long seed);
  }

  /**
   * Standard deviation of the weights before the scores of a residual net (Goyal et al., "Accurate,
   * large minibatch SGD", 2017, section 5.1), so that all classes begin as likely: the first loss
   * is ln(classes).
   */
  private static final double SCORE_WEIGHTS = 0.01;

  private static final Map<String, Recipe> ZOO = new LinkedHashMap<>();

  static {
    ZOO.put("convnetjs-cifar10", Models::convnetjsCifar10);
    ZOO.put("mlp", Models::mlp);
    ZOO.put("vgg-small", Models::vggSmall);
    ZOO.put("resnet20", Models::resnet20);
    ZOO.put("resnet18", Models::resnet18);
    ZOO.put("airbench94", Models::airbench94);
  }

  private Models() {}

  /** The names that {@link #build} knows. */
  public static List<String> names() {
    return List.copyOf(ZOO.keySet());
  }

  /**
   * Builds a net of the zoo.
   *
   * @param name one of {@link #names()}
   * @param image {@code [h, w, c]}
   * @param classes number of classes
   * @param seed seed of the weights
   * @throws IllegalArgumentException if there is no such net, naming those there are
   */
  public static Network build(String name, Shape image, int classes, long seed) {
    return recipe(name).build(image, classes, seed);
  }

  /**
   * What builds a net of the zoo.
   *
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException if there is no such net, naming those there are
   */
  public static Recipe recipe(String name) {
    Recipe recipe = ZOO.get(name);
    if (recipe == null) {
      throw new IllegalArgumentException(Nearest.unknown("model", name, ZOO.keySet()));
    }
    return recipe;
  }

  /**
   * The net of the ConvNetJS CIFAR-10 demo: three times 5x5 convolution, rectifier and 2x2 pooling,
   * with 16, 20 and 20 filters, then a fully connected layer. Weights as there: Gaussian /
   * sqrt(fan-in) with convolution biases of 0.1.
   */
  public static Network convnetjsCifar10(Shape image, int classes, long seed) {
    return NetBuilder.image(image)
        .seed(seed)
        .weights(Initializer.gaussianFanIn())
        .convBias(Initializer.constant(0.1f))
        .conv(16, 5)
        .relu()
        .pool(2)
        .conv(20, 5)
        .relu()
        .pool(2)
        .conv(20, 5)
        .relu()
        .pool(2)
        .fc(classes)
        .softmax("convnetjs-cifar10");
  }

  /** A multilayer perceptron with one hidden layer of 256 rectified units. */
  public static Network mlp(Shape image, int classes, long seed) {
    return NetBuilder.image(image).seed(seed).fc(256).relu().fc(classes).softmax("mlp");
  }

  /**
   * A small VGG: 3x3 convolutions with 64 64 pool 128 128 pool 256 256 pool, then fully connected
   * layers of 256 and the classes.
   */
  public static Network vggSmall(Shape image, int classes, long seed) {
    return pattern(
        "vgg-small", image, 2, true, new int[] {64, 128, 256}, new int[] {256}, classes, seed);
  }

  /**
   * ResNet-20 for CIFAR-10 (He et al., "Deep residual learning for image recognition", 2015,
   * section 4.2): a 3x3 convolution, three stages of three blocks with 16, 32 and 64 channels,
   * global average pooling, a fully connected layer. Shortcuts have no weights (option A).
   */
  public static Network resnet20(Shape image, int classes, long seed) {
    return resnet("resnet20", image, 3, false, new int[] {16, 32, 64}, classes, seed);
  }

  /**
   * ResNet-18 (the same paper, table 1) in the form usual for CIFAR-10: a 3x3 stem at stride 1
   * without pooling, four stages of two blocks with 64, 128, 256 and 512 channels. Shortcuts across
   * stages are 1x1 convolutions with batch normalisation (option B).
   */
  public static Network resnet18(Shape image, int classes, long seed) {
    return resnet("resnet18", image, 2, true, new int[] {64, 128, 256, 512}, classes, seed);
  }

  /**
   * The net of airbench94 (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024): a 2x2
   * convolution with 24 filters that a recipe sets to whiten its patches, three blocks of two 3x3
   * convolutions with 64, 256 and 256 channels, normalised with scales fixed at 1, max pooling, and
   * a fully connected layer without biases whose scores are divided by 9. Weights are uniform in
   * +-1/sqrt(fan-in), but in a 3x3 convolution the first filters, as many as there are input
   * channels, pass one channel on each. Labels are smoothed by 0.2.
   */
  public static Network airbench94(Shape image, int classes, long seed) {
    NetBuilder net =
        NetBuilder.image(image)
            .seed(seed)
            .weights(Initializer.uniformFanIn())
            .convBias(Initializer.uniform(Math.sqrt(1.0 / (2 * 2 * image.dim(2)))))
            .conv(2 * 2 * 2 * image.dim(2), Window.of(2, 1, 0))
            .gelu();
    for (int width : new int[] {64, 256, 256}) {
      net.weights(Initializer.dirac(Initializer.uniformFanIn()))
          .convNoBias(width, 3, 1)
          .pool(2)
          .batchNormFixedScale(1e-12f, 0.4f)
          .gelu()
          .convNoBias(width, 3, 1)
          .batchNormFixedScale(1e-12f, 0.4f)
          .gelu();
    }
    return net.pool(3)
        .weights(Initializer.uniformFanIn())
        .fcNoBias(classes)
        .scale(1 / 9f)
        .softmax("airbench94", 0.2f);
  }

  /**
   * A residual net of basic blocks: each is two 3x3 convolutions with batch normalisation, to whose
   * end the block's input is added. The first block of each stage but the first halves the image.
   *
   * @param name what the net is called
   * @param image {@code [h, w, c]}
   * @param blocks blocks in each stage
   * @param projects whether shortcuts across stages are 1x1 convolutions; if not, missing channels
   *     are zeros
   * @param widths channels of each stage
   * @param classes number of classes
   * @param seed seed of the weights
   */
  public static Network resnet(
      String name,
      Shape image,
      int blocks,
      boolean projects,
      int[] widths,
      int classes,
      long seed) {
    NetBuilder net = NetBuilder.image(image).seed(seed);
    net.convNoBias(widths[0], 3, 1).batchNorm().relu();
    for (int stage = 0; stage < widths.length; stage++) {
      int width = widths[stage];
      for (int block = 0; block < blocks; block++) {
        boolean crosses = stage > 0 && block == 0;
        int stride = crosses ? 2 : 1;
        net.residual(
                branch ->
                    branch
                        .convNoBias(width, 3, stride)
                        .batchNorm()
                        .relu()
                        .convNoBias(width, 3, 1)
                        .batchNorm(),
                shortcut -> {
                  if (crosses && projects) {
                    shortcut.convNoBias(width, 1, 2).batchNorm();
                  } else if (crosses) {
                    shortcut.paddedShortcut(width, 2);
                  }
                })
            .relu();
      }
    }
    return net.globalAvgPool()
        .weights(Initializer.gaussian(SCORE_WEIGHTS))
        .fc(classes)
        .softmax(name);
  }

  /**
   * The general pattern of the lectures, {@code [(CONV-RELU)*N-POOL?]*M-(FC-RELU)*K,SOFTMAX}, with
   * 3x3 convolutions and 2x2 pooling.
   *
   * @param name what the net is called
   * @param image {@code [h, w, c]}
   * @param convs N, the convolutions in each block
   * @param pool whether each block ends with pooling
   * @param filters the filters of each of the M blocks
   * @param hidden the units of each of the K hidden layers
   * @param classes number of classes
   * @param seed seed of the weights
   */
  public static Network pattern(
      String name,
      Shape image,
      int convs,
      boolean pool,
      int[] filters,
      int[] hidden,
      int classes,
      long seed) {
    NetBuilder net = NetBuilder.image(image).seed(seed);
    for (int width : filters) {
      for (int i = 0; i < convs; i++) {
        net.conv(width, 3).relu();
      }
      if (pool) {
        net.pool(2);
      }
    }
    for (int units : hidden) {
      net.fc(units).relu();
    }
    return net.fc(classes).softmax(name);
  }
}
