package io.lanewise.engine.data;

import io.lanewise.engine.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Labelled images in memory, as bytes: thread-safe to read.
 *
 * @see DataFormat
 */
public final class Dataset {
  private final Shape imageShape;
  private final List<String> classNames;
  private final byte[][] images;
  private final byte[] labels;

  /**
   * A data set.
   *
   * @param imageShape {@code [h, w, c]}
   * @param classNames a name for each label
   * @param images one array an image, unsigned bytes in planes {@code [c, h, w]}
   * @param labels a class a image, from 0
   */
  Dataset(Shape imageShape, List<String> classNames, byte[][] images, byte[] labels) {
    this.imageShape = imageShape;
    this.classNames = List.copyOf(classNames);
    this.images = images;
    this.labels = labels;
  }

  /** Number of images. */
  public int size() {
    return images.length;
  }

  /** The shape of an image, {@code [h, w, c]}. */
  public Shape imageShape() {
    return imageShape;
  }

  /** The classes in the order of their labels. */
  public List<String> classNames() {
    return classNames;
  }

  /** The class of an image. */
  public int label(int index) {
    return labels[index] & 0xff;
  }

  /** Copies an image as unsigned bytes in planes {@code [c, h, w]}. */
  public void copyImage(int index, byte[] planes, int planesAt) {
    System.arraycopy(images[index], 0, planes, planesAt, images[index].length);
  }

  /**
   * The first images of this set.
   *
   * @param limit how many; all if there are fewer
   */
  public Dataset first(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + ", needs at least 1");
    }
    int count = Math.min(limit, size());
    return new Dataset(
        imageShape, classNames, Arrays.copyOf(images, count), Arrays.copyOf(labels, count));
  }

  /**
   * The SHA-256 of all there is: the shape and number of images, class names, labels and pixels.
   * Two sets with the same are the same.
   */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String header = imageShape + "\n" + size() + "\n" + String.join("\n", classNames) + "\n";
      digest.update(header.getBytes(StandardCharsets.UTF_8));
      digest.update(labels);
      for (byte[] image : images) {
        digest.update(image);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
