package io.lanewise.engine;

import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Where tests find the files of this repository. */
public final class TestData {
  private TestData() {}

  /** The root of the repository: given by the build, or two folders up from a module. */
  public static Path root() {
    String root = System.getProperty("tests.root");
    return root == null ? Path.of("..").toAbsolutePath().normalize() : Path.of(root);
  }

  /** The small subset of CIFAR-10. */
  public static Path cifarMini() {
    return root().resolve("testdata").resolve("cifar-mini");
  }

  /** Its first training images. */
  public static Dataset train(int limit) {
    try {
      return Cifar10.train(cifarMini()).first(limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its first test images. */
  public static Dataset test(int limit) {
    try {
      return Cifar10.test(cifarMini()).first(limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
