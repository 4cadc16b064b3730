package io.lanewise.engine.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The kinds of data that can be trained on, each with its reader; a folder shows which it holds.
 */
public enum DataFormat {
  /** {@link Cifar10}. */
  CIFAR10("cifar10", Augment.FLIP_SHIFT_2),
  /** {@link Cifar100} with its 100 classes. */
  CIFAR100("cifar100", Augment.FLIP_SHIFT_2),
  /** {@link Cifar100} with its 20 superclasses. */
  CIFAR100_COARSE("cifar100-coarse", Augment.FLIP_SHIFT_2),
  /** {@link Idx} with clothes. */
  FASHION_MNIST("fashion-mnist", Augment.FLIP_SHIFT_2),
  /** {@link Idx} with digits, which are others when mirrored. */
  MNIST("mnist", new Augment(false, 2));

  private final String text;
  private final Augment augment;

  DataFormat(String text, Augment augment) {
    this.text = text;
    this.augment = augment;
  }

  /** Reads what {@link #toString} wrote. */
  public static DataFormat parse(String text) {
    return Arrays.stream(values())
        .filter(format -> format.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown data format "
                        + text
                        + "; known are "
                        + Arrays.stream(values())
                            .map(DataFormat::toString)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * The format of a folder's files, by their names. Digits and clothes are in files of the same
   * names: clothes are taken to be where the path says fashion.
   *
   * @throws IOException if the folder does not exist, or holds none or several
   */
  public static DataFormat of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return CIFAR10;
    }
    List<String> names;
    try (var files = Files.list(folder)) {
      names = files.map(file -> file.getFileName().toString()).toList();
    }
    boolean cifar10 = names.stream().anyMatch(name -> name.matches("(data|test)_batch.*\\.bin"));
    boolean cifar100 = names.contains("train.bin") || names.contains("test.bin");
    boolean idx = names.stream().anyMatch(name -> name.matches("(train|t10k)-.*-ubyte(\\.gz)?"));
    int kinds = (cifar10 ? 1 : 0) + (cifar100 ? 1 : 0) + (idx ? 1 : 0);
    if (kinds > 1) {
      throw new IOException(
          String.format(
              "%s holds files of several data sets (%s); say which with --format",
              folder,
              String.join(
                  ", ",
                  names.stream().filter(name -> name.matches(".*(\\.bin|ubyte.*)")).toList())));
    }
    if (kinds == 0 && !names.isEmpty()) {
      throw new NoSuchFileException(
          folder
              + " holds no data that is known, needs data_batch_1.bin and test_batch.bin"
              + " (CIFAR-10; scripts/fetch-cifar10 fetches the data), train.bin and test.bin"
              + " (CIFAR-100), or train-images-idx3-ubyte.gz and its like (MNIST, Fashion-MNIST)");
    }
    if (idx) {
      String path = folder.toAbsolutePath().toString().toLowerCase(Locale.ROOT);
      return path.contains("fashion") ? FASHION_MNIST : MNIST;
    }
    return cifar100 ? CIFAR100 : CIFAR10;
  }

  /**
   * Reads the training images of a folder.
   *
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public Dataset train(Path folder) throws IOException {
    return switch (this) {
      case CIFAR10 -> Cifar10.train(folder);
      case CIFAR100 -> Cifar100.train(folder, Cifar100.Labels.FINE);
      case CIFAR100_COARSE -> Cifar100.train(folder, Cifar100.Labels.COARSE);
      case FASHION_MNIST -> Idx.train(folder, Idx.FASHION);
      case MNIST -> Idx.train(folder, Idx.DIGITS);
    };
  }

  /**
   * Reads the test images of a folder.
   *
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public Dataset test(Path folder) throws IOException {
    return switch (this) {
      case CIFAR10 -> Cifar10.test(folder);
      case CIFAR100 -> Cifar100.test(folder, Cifar100.Labels.FINE);
      case CIFAR100_COARSE -> Cifar100.test(folder, Cifar100.Labels.COARSE);
      case FASHION_MNIST -> Idx.test(folder, Idx.FASHION);
      case MNIST -> Idx.test(folder, Idx.DIGITS);
    };
  }

  /** Whether files of this format have the names of those of another one. */
  public boolean isInFilesOf(DataFormat other) {
    return family() == other.family();
  }

  private DataFormat family() {
    return switch (this) {
      case CIFAR10 -> CIFAR10;
      case CIFAR100, CIFAR100_COARSE -> CIFAR100;
      case FASHION_MNIST, MNIST -> MNIST;
    };
  }

  /** Changes of training images that keep the classes of this data. */
  public Augment augment() {
    return augment;
  }

  /** The name, for example {@code cifar10}; {@link #parse} reads it. */
  @Override
  public String toString() {
    return text;
  }
}
