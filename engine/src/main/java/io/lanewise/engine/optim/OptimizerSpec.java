package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.settings.Nearest;
import io.lanewise.kernels.update.Regularization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An optimiser by name, with those settings that differ from the defaults; null means the default.
 *
 * <p>Names are {@code sgd}, {@code momentum} (sgd with momentum 0.9), {@code nesterov}, {@code
 * adagrad}, {@code adadelta}, {@code rmsprop}, {@code adam}, {@code adamw}.
 *
 * @param name the optimiser
 * @param learningRate the rate; defaults are 0.01 for sgd, momentum, nesterov and adagrad, 1 for
 *     adadelta, 0.001 for rmsprop, adam and adamw
 * @param momentum for sgd (0), momentum and nesterov (0.9), rmsprop (0)
 * @param rho decay of the running averages, for adadelta (0.95) and rmsprop (0.99)
 * @param eps small constant of the divisor; 1e-10 for adagrad, 1e-8 elsewhere
 * @param l1 strength of L1 regularisation (0)
 * @param l2 strength of L2 regularisation (0); for adamw that of the decoupled weight decay
 */
public record OptimizerSpec(
    String name,
    Double learningRate,
    Double momentum,
    Double rho,
    Double eps,
    double l1,
    double l2) {
  private static final Map<String, Double> LEARNING_RATES =
      Map.of(
          "sgd", 0.01,
          "momentum", 0.01,
          "nesterov", 0.01,
          "adagrad", 0.01,
          "adadelta", 1.0,
          "rmsprop", 0.001,
          "adam", 0.001,
          "adamw", 0.001);

  /**
   * Checks that the name is known and takes the settings given.
   *
   * @throws IllegalArgumentException if not
   */
  public OptimizerSpec {
    if (!LEARNING_RATES.containsKey(name)) {
      throw new IllegalArgumentException(Nearest.unknown("optimizer", name, names()));
    }
    boolean takesMomentum = List.of("sgd", "momentum", "nesterov", "rmsprop").contains(name);
    if (momentum != null && !takesMomentum) {
      throw new IllegalArgumentException(name + " takes no momentum, found " + momentum);
    }
    if (rho != null && !List.of("adadelta", "rmsprop").contains(name)) {
      throw new IllegalArgumentException(name + " takes no rho, found " + rho);
    }
    if (eps != null && List.of("sgd", "momentum", "nesterov").contains(name)) {
      throw new IllegalArgumentException(name + " takes no eps, found " + eps);
    }
    if (learningRate != null && !(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learning rate is " + learningRate + ", needs a finite number of at least 0");
    }
    new Regularization(l1, l2); // Refuses negative ones.
  }

  /** The names there are, in alphabetical order. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(LEARNING_RATES.keySet());
    names.sort(null);
    return names;
  }

  /** The rate given, or the default of this optimiser. */
  public double rate() {
    return or(learningRate, LEARNING_RATES.get(name));
  }

  /** Makes the optimiser. */
  public Optimizer create(List<Parameter> parameters) {
    double rate = rate();
    return switch (name) {
      case "sgd" -> new Sgd(parameters, rate, or(momentum, 0), false, l1, l2);
      case "momentum" -> new Sgd(parameters, rate, or(momentum, 0.9), false, l1, l2);
      case "nesterov" -> new Sgd(parameters, rate, or(momentum, 0.9), true, l1, l2);
      case "adagrad" -> new Adagrad(parameters, rate, or(eps, 1e-10), l1, l2);
      case "adadelta" -> new Adadelta(parameters, rate, or(rho, 0.95), or(eps, 1e-8), l1, l2);
      case "rmsprop" ->
          new Rmsprop(parameters, rate, or(rho, 0.99), or(eps, 1e-8), or(momentum, 0), l1, l2);
      case "adam" -> new Adam(parameters, rate, 0.9, 0.999, or(eps, 1e-8), l1, l2);
      case "adamw" -> new AdamW(parameters, rate, 0.9, 0.999, or(eps, 1e-8), l1, l2);
      default -> throw new IllegalStateException(name);
    };
  }

  private static double or(Double given, double usual) {
    return given == null ? usual : given;
  }
}
