package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.RowShape;

/** The losses by their formulas, in double. */
public final class RefLoss {
  private RefLoss() {}

  /** {@code exp(logit_j) / sum over k of exp(logit_k)} in each row. */
  public static double[] softmax(RowShape s, double[] logits) {
    double[] probabilities = new double[s.size()];
    for (int r = 0; r < s.rows(); r++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < s.cols(); j++) {
        max = Math.max(max, logits[r * s.cols() + j]);
      }
      double sum = 0;
      for (int j = 0; j < s.cols(); j++) {
        sum += Math.exp(logits[r * s.cols() + j] - max);
      }
      for (int j = 0; j < s.cols(); j++) {
        probabilities[r * s.cols() + j] = Math.exp(logits[r * s.cols() + j] - max) / sum;
      }
    }
    return probabilities;
  }

  /** {@code -sum over j of target_j * log(probability_j)} of each row. */
  public static double[] crossEntropy(RowShape s, double smoothing, double[] logits, int[] labels) {
    double[] probabilities = softmax(s, logits);
    double[] losses = new double[s.rows()];
    for (int r = 0; r < s.rows(); r++) {
      for (int j = 0; j < s.cols(); j++) {
        double target = target(s, smoothing, labels[r], j);
        losses[r] -= target == 0 ? 0 : target * Math.log(probabilities[r * s.cols() + j]);
      }
    }
    return losses;
  }

  /** {@code gradLoss * (probability_j - target_j)}. */
  public static double[] crossEntropyBackward(
      RowShape s, double smoothing, double[] gradLosses, int[] labels, double[] probabilities) {
    double[] gradLogits = new double[s.size()];
    for (int r = 0; r < s.rows(); r++) {
      for (int j = 0; j < s.cols(); j++) {
        int at = r * s.cols() + j;
        gradLogits[at] = gradLosses[r] * (probabilities[at] - target(s, smoothing, labels[r], j));
      }
    }
    return gradLogits;
  }

  /** {@code (1 - smoothing) * (j == label) + smoothing / cols}. */
  public static double target(RowShape s, double smoothing, int label, int j) {
    return (j == label ? 1 - smoothing : 0) + smoothing / s.cols();
  }

  /** {@code sum over j != label of max(0, score_j - score_label + margin)} of each row. */
  public static double[] hinge(RowShape s, double margin, double[] scores, int[] labels) {
    double[] losses = new double[s.rows()];
    for (int r = 0; r < s.rows(); r++) {
      for (int j = 0; j < s.cols(); j++) {
        if (j != labels[r]) {
          losses[r] += Math.max(0, excess(s, margin, scores, labels, r, j));
        }
      }
    }
    return losses;
  }

  /** The gradient of {@link #hinge} times gradLoss; 0 exactly on the margin. */
  public static double[] hingeBackward(
      RowShape s, double margin, double[] gradLosses, double[] scores, int[] labels) {
    double[] gradScores = new double[s.size()];
    for (int r = 0; r < s.rows(); r++) {
      for (int j = 0; j < s.cols(); j++) {
        if (j != labels[r] && excess(s, margin, scores, labels, r, j) > 0) {
          gradScores[r * s.cols() + j] += gradLosses[r];
          gradScores[r * s.cols() + labels[r]] -= gradLosses[r];
        }
      }
    }
    return gradScores;
  }

  private static double excess(
      RowShape s, double margin, double[] scores, int[] labels, int r, int j) {
    return scores[r * s.cols() + j] - scores[r * s.cols() + labels[r]] + margin;
  }

  /** {@code sum over j of (prediction_j - target_j)^2} of each row. */
  public static double[] squaredError(RowShape s, double[] prediction, double[] target) {
    double[] losses = new double[s.rows()];
    for (int i = 0; i < s.size(); i++) {
      double difference = prediction[i] - target[i];
      losses[i / s.cols()] += difference * difference;
    }
    return losses;
  }

  /** {@code 2 * gradLoss * (prediction_j - target_j)}. */
  public static double[] squaredErrorBackward(
      RowShape s, double[] gradLosses, double[] prediction, double[] target) {
    double[] gradPrediction = new double[s.size()];
    for (int i = 0; i < s.size(); i++) {
      gradPrediction[i] = 2 * gradLosses[i / s.cols()] * (prediction[i] - target[i]);
    }
    return gradPrediction;
  }
}
