package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import java.util.List;

/**
 * Keeps gradients from growing too large, before the optimiser sees them.
 *
 * @param norm most Euclidean norm of all gradients together, beyond which they are scaled down
 *     (Pascanu et al., 2013); 0 for any
 * @param value most absolute value of each gradient, beyond which it is cut off; 0 for any
 */
public record GradientClip(double norm, double value) {
  /** Leaves gradients alone. */
  public static final GradientClip NONE = new GradientClip(0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public GradientClip {
    requireLimit("norm", norm);
    requireLimit("value", value);
  }

  private static void requireLimit(String what, double limit) {
    if (!(limit >= 0 && limit < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "clipping: the " + what + " is " + limit + ", needs a finite number of at least 0");
    }
  }

  /** Clips the gradients of parameters: values first, then the norm. */
  public void apply(List<Parameter> parameters) {
    if (value > 0) {
      for (Parameter parameter : parameters) {
        cut(parameter.grad());
      }
    }
    double found = norm > 0 ? normOf(parameters) : 0;
    if (found > norm) {
      for (Parameter parameter : parameters) {
        scale(parameter.grad(), norm / found);
      }
    }
  }

  /** The Euclidean norm of all gradients together, summed in double in the order of the list. */
  public static double normOf(List<Parameter> parameters) {
    double squares = 0;
    for (Parameter parameter : parameters) {
      for (float g : parameter.grad()) {
        squares += (double) g * g;
      }
    }
    return Math.sqrt(squares);
  }

  private void cut(float[] grad) {
    float most = (float) value;
    for (int i = 0; i < grad.length; i++) {
      grad[i] = Math.max(-most, Math.min(most, grad[i]));
    }
  }

  private static void scale(float[] grad, double factor) {
    for (int i = 0; i < grad.length; i++) {
      grad[i] = (float) (grad[i] * factor);
    }
  }
}
