package io.lanewise.engine.train;

import io.lanewise.engine.data.Augment.Border;
import io.lanewise.engine.random.Seeds;
import java.util.ArrayList;
import java.util.List;

/**
 * Test-time augmentation: a net is asked about several views of each image, and its answers are
 * averaged.
 *
 * @param name how it is called
 * @param views what is asked; the weights add up to 1
 * @param border what moves in at the edge of a shifted view
 * @param probabilities whether probabilities are averaged; else scores are
 */
public record TestViews(String name, List<View> views, Border border, boolean probabilities) {
  /** The image as it is. */
  public static final TestViews PLAIN =
      new TestViews("plain", List.of(new View(1, false, 0, 0, 0)), Border.ZERO, false);

  /** The image and its mirror image. */
  public static final TestViews MIRROR =
      new TestViews(
          "mirror",
          List.of(new View(0.5, false, 0, 0, 0), new View(0.5, true, 0, 0, 0)),
          Border.ZERO,
          false);

  /**
   * What airbench94 does: half the mean of image and mirror image, half that of the image shifted
   * by a pixel up and left, and down and right, with reflected borders, and their mirror images.
   */
  public static final TestViews MIRROR_SHIFTS =
      new TestViews(
          "mirror-shifts",
          List.of(
              new View(0.25, false, 0, 0, 0),
              new View(0.25, true, 0, 0, 0),
              new View(0.125, false, -1, -1, 0),
              new View(0.125, true, -1, -1, 0),
              new View(0.125, false, 1, 1, 0),
              new View(0.125, true, 1, 1, 0)),
          Border.REFLECT,
          false);

  /**
   * What the CIFAR-10 demo of ConvNetJS does: the mean probabilities of six views, each shifted at
   * random by up to 2 pixels with zeros moving in, three of them mirrored.
   */
  public static final TestViews CONVNETJS = convnetjs();

  /**
   * Views by name.
   *
   * @throws IllegalArgumentException if there are none of that name, naming those there are
   */
  public static TestViews named(String name) {
    List<TestViews> all = List.of(PLAIN, MIRROR, MIRROR_SHIFTS, CONVNETJS);
    return all.stream()
        .filter(views -> views.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown views "
                        + name
                        + "; known are "
                        + String.join(", ", all.stream().map(TestViews::name).toList())));
  }

  private static TestViews convnetjs() {
    List<View> views = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      views.add(new View(1.0 / 6, i > 2, 0, 0, 2));
    }
    return new TestViews("convnetjs", views, Border.ZERO, true);
  }

  /**
   * How an image is shown: shifted, then mirrored.
   *
   * @param weight of the answer in the mean
   * @param mirrored whether left and right change places in the end
   * @param dy row y of the shifted image is row y + dy
   * @param dx column x of the shifted image is column x + dx
   * @param jitter most pixels by which each image is moved further, at random
   */
  public record View(double weight, boolean mirrored, int dy, int dx, int jitter) {
    boolean isPlain() {
      return !mirrored && dy == 0 && dx == 0 && jitter == 0;
    }

    int draw(int distance, Seeds random) {
      return jitter == 0 ? distance : distance + random.nextInt(2 * jitter + 1) - jitter;
    }
  }
}
