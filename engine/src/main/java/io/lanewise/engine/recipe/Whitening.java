package io.lanewise.engine.recipe;

import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.init.SymmetricEigen;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;

/**
 * The filters of a first convolution from the patches of training images, so that its outputs are
 * uncorrelated and of variance about 1 (Page, "How to train your ResNet 8", 2019; Jordan, "94% on
 * CIFAR-10 in 3.29 seconds on a single GPU", 2024, section 3.2): the eigenvectors of the mean of
 * {@code patch * patch^T}, each divided by the root of its eigenvalue plus eps, and once more the
 * same with the other sign.
 */
final class Whitening {
  private static final int BATCH = 100;

  private Whitening() {}

  /**
   * Sets the filters.
   *
   * @param weight {@code [kh, kw, c, 2 * kh * kw * c]}
   * @param train the set whose first images give the patches
   * @param images how many images; all if there are fewer
   * @param normalization of the images the net will see
   * @param eps added to eigenvalues, keeps noise from being made large
   * @throws IllegalArgumentException if the weight has another number of filters
   */
  static void fill(
      Parameter weight, Dataset train, int images, Normalization normalization, double eps) {
    Shape shape = weight.shape();
    int kh = shape.dim(0);
    int kw = shape.dim(1);
    int size = kh * kw * shape.dim(2);
    int filters = shape.dim(3);
    if (filters != 2 * size) {
      throw new IllegalArgumentException(
          weight + ": whitening needs 2*kh*kw*c = " + 2 * size + " filters, found " + filters);
    }
    double[][] products = patchProducts(kh, kw, train.first(images), normalization);
    SymmetricEigen eigen = SymmetricEigen.of(products);
    float[] values = weight.value();
    for (int f = 0; f < size; f++) {
      double scale = 1 / Math.sqrt(eigen.values()[f] + eps);
      double[] vector = eigen.vector(f);
      for (int i = 0; i < size; i++) {
        values[i * filters + f] = (float) (scale * vector[i]);
        values[i * filters + size + f] = (float) (-scale * vector[i]);
      }
    }
  }

  /** The mean of {@code patch * patch^T} over all patches of all images. */
  private static double[][] patchProducts(
      int kh, int kw, Dataset images, Normalization normalization) {
    Shape image = images.imageShape();
    int rowSize = image.dim(1) * image.dim(2);
    int run = kw * image.dim(2);
    double[][] sums = new double[kh * run][kh * run];
    double[] patch = new double[kh * run];
    long patches = 0;
    BatchLoader loader = BatchLoader.evaluation(images, normalization, BATCH, Parallel.serial());
    for (int b = 0; b < loader.batches(); b++) {
      int n = loader.load(0, b);
      for (int i = 0; i < n; i++) {
        for (int y = 0; y + kh <= image.dim(0); y++) {
          for (int x = 0; x + kw <= image.dim(1); x++) {
            int at = i * image.size() + y * rowSize + x * image.dim(2);
            for (int j = 0; j < patch.length; j++) {
              patch[j] = loader.images()[at + j / run * rowSize + j % run];
            }
            addProducts(patch, sums);
            patches++;
          }
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      for (int j = 0; j <= i; j++) {
        sums[i][j] /= patches;
        sums[j][i] = sums[i][j];
      }
    }
    return sums;
  }

  /** Adds products on and below the diagonal. */
  private static void addProducts(double[] patch, double[][] sums) {
    for (int i = 0; i < patch.length; i++) {
      for (int j = 0; j <= i; j++) {
        sums[i][j] += patch[i] * patch[j];
      }
    }
  }
}
