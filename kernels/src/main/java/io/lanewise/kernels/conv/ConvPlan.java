package io.lanewise.kernels.conv;

import io.lanewise.kernels.settings.Setting;
import io.lanewise.kernels.shape.ConvShape;
import java.util.Objects;

/**
 * Which algorithm computes each direction of a convolution. Made once for a layer, with the number
 * of images that it usually gets at once; weights packed under a plan serve any number of images
 * under the same plan, with the same bits for each image.
 *
 * @param forward of the output
 * @param backwardInput of the gradient of the input
 * @param backwardWeight of the gradient of the weight
 */
public record ConvPlan(
    ConvAlgorithm forward, ConvAlgorithm backwardInput, ConvAlgorithm backwardWeight) {
  private static final ConvAlgorithm WANTED = wanted(Setting.CONV.value());

  /**
   * A plan.
   *
   * @throws NullPointerException if an algorithm is null
   */
  public ConvPlan {
    Objects.requireNonNull(forward, "forward");
    Objects.requireNonNull(backwardInput, "backwardInput");
    Objects.requireNonNull(backwardWeight, "backwardWeight");
  }

  /** One algorithm for all directions. */
  public static ConvPlan all(ConvAlgorithm algorithm) {
    return new ConvPlan(algorithm, algorithm, algorithm);
  }

  /**
   * The plan for a shape: what the system property {@code lanewise.conv} says, {@code direct},
   * {@code winograd2} or {@code winograd4}, where the shape allows it (the last two only 3x3
   * windows), otherwise what {@link WinogradRule} or, for 5x5 windows, {@link RowRule} expects to
   * be fastest of what it allows.
   *
   * @param shape with the number of images that come at once
   */
  public static ConvPlan of(ConvShape shape) {
    return of(shape, WANTED);
  }

  /** The plan where an algorithm is wanted, or none, null. */
  static ConvPlan of(ConvShape shape, ConvAlgorithm wanted) {
    if (wanted != null && WinogradTile.fits(wanted, shape)) {
      return all(wanted);
    }
    boolean tiled = WinogradTile.fits(ConvAlgorithm.WINOGRAD_2X2, shape);
    return tiled ? WinogradRule.plan(shape) : RowRule.plan(shape);
  }

  /** The algorithm a value of the setting names, or null for the rule. */
  static ConvAlgorithm wanted(String value) {
    return switch (value) {
      case "direct" -> ConvAlgorithm.DIRECT;
      case "winograd2" -> ConvAlgorithm.WINOGRAD_2X2;
      case "winograd4" -> ConvAlgorithm.WINOGRAD_4X4;
      default -> null;
    };
  }
}
