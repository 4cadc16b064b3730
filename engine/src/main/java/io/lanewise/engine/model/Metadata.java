package io.lanewise.engine.model;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What must be known besides the weights to use a trained classifier.
 *
 * @param model the name of its net, for example {@code convnetjs-cifar10}
 * @param image the shape of one image, {@code [h, w, c]}
 * @param classNames the classes in the order of the scores
 * @param normalization what was done to the pixels of the training images
 * @param settings how it was trained, in free words: {@code epochs = 10}
 */
public record Metadata(
    String model,
    Shape image,
    List<String> classNames,
    Normalization normalization,
    Map<String, String> settings) {
  /**
   * Metadata.
   *
   * @throws IllegalArgumentException if the image is not {@code [h, w, c]}, the normalisation is
   *     for another number of channels, or there is no class or one whose name is empty or has a
   *     line break
   */
  public Metadata {
    classNames = List.copyOf(classNames);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    if (image.rank() != 3) {
      throw new IllegalArgumentException(model + ": image is " + image + ", needs h x w x c");
    }
    if (normalization.channels() != image.dim(2)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: found a normalisation of %d channels (%s), needs %d for images %s",
              model, normalization.channels(), normalization, image.dim(2), image));
    }
    if (classNames.isEmpty()) {
      throw new IllegalArgumentException(model + ": found no class names, needs at least one");
    }
    for (String name : classNames) {
      if (name.isEmpty() || name.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(
            model + ": found class name \"" + name + "\", needs one line of text");
      }
    }
  }

  /** Metadata of a net in the shape of its graph, without settings. */
  public static Metadata of(Network network, List<String> classNames, Normalization normalization) {
    return new Metadata(
        network.name(), network.image().shape(), classNames, normalization, Map.of());
  }

  /** The same with other settings. */
  public Metadata withSettings(Map<String, String> newSettings) {
    return new Metadata(model, image, classNames, normalization, newSettings);
  }

  /**
   * Checks that this describes a net.
   *
   * @throws IllegalArgumentException if name, image or number of classes differ
   */
  public void check(Network network) {
    check("name", model, network.name());
    check("image", image, network.image().shape());
    check("number of classes", classNames.size(), network.classes());
  }

  private void check(String what, Object described, Object found) {
    if (!described.equals(found)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the metadata's %s is %s, the net's is %s; describe the net you have",
              model, what, described, found));
    }
  }
}
