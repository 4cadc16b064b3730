package io.lanewise.jmh;

import io.lanewise.kernels.loss.SoftmaxCrossEntropy;
import io.lanewise.kernels.shape.RowShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Softmax with cross-entropy, forward and backward. */
public class SoftmaxBenchmark extends KernelBenchmark {
  @Param("rows128cols10")
  private String shape;

  private RowShape rows;
  private int[] labels;
  private float[] logits;
  private float[] probabilities;
  private float[] losses;
  private float[] gradLosses;
  private float[] gradLogits;

  static Work work(String method, String shape) {
    RowShape rows = RowShape.parse(shape);
    return Work.floats(2L * rows.size() + 2L * rows.rows());
  }

  @Override
  protected void prepare() {
    rows = RowShape.parse(shape);
    logits = Data.gaussian(rows.size(), 1);
    labels = Data.labels(rows.rows(), rows.cols(), 2);
    gradLosses = Data.gaussian(rows.rows(), 3);
    probabilities = new float[rows.size()];
    losses = new float[rows.rows()];
    gradLogits = new float[rows.size()];
    forward();
    backward();
    for (int row = 0; row < rows.rows(); row++) {
      double sum = 0;
      for (int j = 0; j < rows.cols(); j++) {
        sum += Math.exp(logits[row * rows.cols() + j]);
      }
      double loss = Math.log(sum) - logits[row * rows.cols() + labels[row]];
      Data.check("loss " + rows, row, losses[row], loss, 1 + Math.abs(loss));
      for (int j = 0; j < rows.cols(); j++) {
        int at = row * rows.cols() + j;
        double p = Math.exp(logits[at]) / sum;
        double gradient = gradLosses[row] * (p - (j == labels[row] ? 1 : 0));
        Data.check("probabilities " + rows, at, probabilities[at], p);
        double size = Math.abs(gradLosses[row]);
        Data.check("backward " + rows, at, gradLogits[at], gradient, size);
      }
    }
  }

  /** Probabilities and losses. */
  @Benchmark
  public void forward() {
    SoftmaxCrossEntropy.forward(rows, 0, logits, labels, probabilities, losses, parallel());
  }

  /** Gradients of the scores. */
  @Benchmark
  public void backward() {
    SoftmaxCrossEntropy.backward(
        rows, 0, gradLosses, labels, probabilities, gradLogits, parallel());
  }
}
