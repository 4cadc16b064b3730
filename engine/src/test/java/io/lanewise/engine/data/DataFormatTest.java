package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which data a folder holds, and what is known of it. */
class DataFormatTest {
  @TempDir Path folder;

  private void touch(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.write(folder.resolve(name), new byte[0]);
  }

  @Test
  void foldersShowWhatTheyHold() throws IOException {
    assertEquals(DataFormat.CIFAR10, DataFormat.of(TestData.cifarMini()));
    touch("a/train.bin");
    assertEquals(DataFormat.CIFAR100, DataFormat.of(folder.resolve("a")));
    touch("b/t10k-labels-idx1-ubyte.gz");
    assertEquals(DataFormat.MNIST, DataFormat.of(folder.resolve("b")));
    touch("Fashion/train-images-idx3-ubyte");
    assertEquals(DataFormat.FASHION_MNIST, DataFormat.of(folder.resolve("Fashion")));
    touch("a/data_batch_1.bin");
    String several =
        assertThrows(IOException.class, () -> DataFormat.of(folder.resolve("a"))).getMessage();
    assertTrue(several.contains("several data sets"), several);
    assertTrue(several.contains("--format"), several);
    touch("c/readme.txt");
    String none =
        assertThrows(IOException.class, () -> DataFormat.of(folder.resolve("c"))).getMessage();
    assertTrue(none.contains("no data that is known"), none);
  }

  @Test
  void namesAreReadBack() {
    for (DataFormat format : DataFormat.values()) {
      assertEquals(format, DataFormat.parse(format.toString()));
    }
    assertThrows(IllegalArgumentException.class, () -> DataFormat.parse("imagenet"));
  }

  /** Two images of two pixels and two channels; the second channel has one colour. */
  private static Dataset tiny(int pixel) {
    byte[][] images = {{0, (byte) 255, 7, 7}, {(byte) pixel, 0, 7, 7}};
    return new Dataset(Shape.of(1, 2, 2), List.of("a", "b"), images, new byte[] {0, 1});
  }

  @Test
  void statisticsOfTheImages() {
    Normalization found = Normalization.of(tiny(255));
    assertEquals(0.5f, found.mean()[0]);
    assertEquals(0.5f, found.std()[0]);
    assertEquals(7 / 255f, found.mean()[1]);
    assertEquals(1f, found.std()[1]);
    assertEquals(Normalization.CENTERED, Normalization.centered(3));
  }

  @Test
  void anyDifferenceShowsInTheSum() {
    String sum = tiny(255).sha256();
    assertEquals(64, sum.length());
    assertEquals(sum, tiny(255).sha256());
    assertNotEquals(sum, tiny(254).sha256());
    assertNotEquals(sum, tiny(255).first(1).sha256());
    Dataset renamed =
        new Dataset(
            Shape.of(1, 2, 2),
            List.of("a", "c"),
            new byte[][] {{0, (byte) 255, 7, 7}, {(byte) 255, 0, 7, 7}},
            new byte[] {0, 1});
    assertNotEquals(sum, renamed.sha256());
  }
}
