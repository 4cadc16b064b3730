/**
 * Convolutional-network kernels on flat {@code float[]} arrays, channels last.
 *
 * <p>The incubating Vector API is optional: with it the kernels run on SIMD lanes, without it on
 * their scalar twins.
 */
module io.lanewise.kernels {
  requires static jdk.incubator.vector;

  exports io.lanewise.kernels.activation;
  exports io.lanewise.kernels.conv;
  exports io.lanewise.kernels.elementwise;
  exports io.lanewise.kernels.gemm;
  exports io.lanewise.kernels.image;
  exports io.lanewise.kernels.lanes;
  exports io.lanewise.kernels.linear;
  exports io.lanewise.kernels.loss;
  exports io.lanewise.kernels.norm;
  exports io.lanewise.kernels.parallel;
  exports io.lanewise.kernels.peak;
  exports io.lanewise.kernels.pool;
  exports io.lanewise.kernels.settings;
  exports io.lanewise.kernels.shape;
  exports io.lanewise.kernels.update;
}
