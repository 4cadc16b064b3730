package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the binary files, and every way they can be damaged. */
class Cifar10Test {
  private static final int RECORD = 3073;

  @TempDir Path folder;

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] records(int... labels) {
    byte[] bytes = new byte[labels.length * RECORD];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(bytes, i * RECORD, (i + 1) * RECORD, (byte) (100 + i));
      bytes[i * RECORD] = (byte) labels[i];
    }
    return bytes;
  }

  private String trainError() {
    return assertThrows(IOException.class, () -> Cifar10.train(folder)).getMessage();
  }

  @Test
  void readsTheSubset() throws IOException {
    Dataset train = Cifar10.train(TestData.cifarMini());
    Dataset test = Cifar10.test(TestData.cifarMini());
    assertEquals(400, train.size());
    assertEquals(100, test.size());
    assertEquals(Shape.of(32, 32, 3), train.imageShape());
    assertEquals("airplane", train.classNames().get(0));
    assertEquals("truck", train.classNames().get(9));
    int[] counts = new int[10];
    for (int i = 0; i < train.size(); i++) {
      counts[train.label(i)]++;
    }
    int[] forty = new int[10];
    Arrays.fill(forty, 40);
    assertArrayEquals(forty, counts);
  }

  @Test
  void joinsWhateverBatchesThereAre() throws IOException {
    write("data_batch_4.bin", records(1, 2));
    write("data_batch_2.bin", records(3));
    Dataset train = Cifar10.train(folder);
    assertEquals(3, train.size());
    assertEquals(3, train.label(0));
    assertEquals(1, train.label(1));
    byte[] planes = new byte[RECORD - 1];
    train.copyImage(2, planes, 0);
    assertEquals(101, planes[0]);
    assertEquals(2, train.first(2).size());
  }

  @Test
  void missingFolderSaysHowToGetTheData() {
    String message =
        assertThrows(IOException.class, () -> Cifar10.train(folder.resolve("none"))).getMessage();
    assertTrue(message.contains("none does not exist"), message);
    assertTrue(message.contains("scripts/fetch-cifar10"), message);
    assertTrue(
        trainError().contains("holds no data_batch_1.bin to data_batch_5.bin of CIFAR-10"),
        trainError());
    assertTrue(
        assertThrows(IOException.class, () -> Cifar10.test(folder))
            .getMessage()
            .contains("holds no test_batch.bin of CIFAR-10"));
  }

  @Test
  void cutShortOrOneByteTooLong() throws IOException {
    write("data_batch_1.bin", Arrays.copyOf(records(1, 2), 2 * RECORD - 1));
    assertTrue(trainError().contains("found 6145 bytes"), trainError());
    assertTrue(trainError().contains("record at byte 3073 is 1 bytes short"), trainError());
    write("data_batch_1.bin", Arrays.copyOf(records(1, 2), 2 * RECORD + 1));
    assertTrue(trainError().contains("found 6147 bytes"), trainError());
    write("data_batch_1.bin", new byte[0]);
    assertTrue(trainError().contains("found 0 bytes"), trainError());
  }

  @Test
  void labelOutOfRange() throws IOException {
    write("data_batch_1.bin", records(9, 10));
    assertTrue(trainError().contains("byte 3073 (record 1) is the label 10"), trainError());
    write("data_batch_1.bin", records(255));
    assertTrue(trainError().contains("is the label 255"), trainError());
  }

  @Test
  void classNamesFromTheFolder() throws IOException {
    write("data_batch_1.bin", records(0));
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertEquals("j", Cifar10.train(folder).classNames().get(9));
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\n");
    assertTrue(trainError().contains("found 2 class names, needs 10"), trainError());
  }

  @Test
  void batchesAreAPermutationThatDependsOnTheEpoch() {
    Dataset train = TestData.train(50);
    BatchLoader loader =
        BatchLoader.training(train, Normalization.CENTERED, Augment.NONE, 1, 8, Parallel.serial());
    assertEquals(7, loader.batches());
    int[] first = labels(loader, 0);
    int[] second = labels(loader, 1);
    assertArrayEquals(first, labels(loader, 0));
    assertTrue(!Arrays.equals(first, second));
    int[] all = new int[train.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = train.label(i);
    }
    Arrays.sort(all);
    Arrays.sort(first);
    assertArrayEquals(all, first);
  }

  private static int[] labels(BatchLoader loader, int epoch) {
    int[] labels = new int[50];
    int at = 0;
    for (int i = 0; i < loader.batches(); i++) {
      int n = loader.load(epoch, i);
      System.arraycopy(loader.labels(), 0, labels, at, n);
      at += n;
    }
    assertEquals(50, at);
    return labels;
  }

  @Test
  void pixelsAreNormalizedChannelsLast() {
    Dataset train = TestData.train(1);
    byte[] planes = new byte[3072];
    train.copyImage(0, planes, 0);
    BatchLoader loader = BatchLoader.evaluation(train, Normalization.CIFAR10, 4, Parallel.serial());
    assertEquals(1, loader.load(0, 0));
    float green = ((planes[1024 + 33] & 0xff) / 255f - 0.4822f) / 0.2435f;
    assertEquals(green, loader.images()[33 * 3 + 1], 1e-5);
  }

  @Test
  void augmentationDependsOnTheImageNotOnTheBatch() {
    Dataset train = TestData.train(20);
    float[] whole = firstImages(train, 20);
    float[] single = firstImages(train, 1);
    assertArrayEquals(Arrays.copyOf(whole, 3072), Arrays.copyOf(single, 3072));
  }

  private static float[] firstImages(Dataset train, int batch) {
    BatchLoader loader =
        BatchLoader.training(
            train, Normalization.CENTERED, Augment.FLIP_SHIFT_2, 5, batch, Parallel.serial());
    loader.load(3, 0);
    return loader.images();
  }
}
