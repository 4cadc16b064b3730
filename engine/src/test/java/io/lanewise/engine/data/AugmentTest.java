package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.Augment.Border;
import io.lanewise.engine.data.Augment.Flip;
import io.lanewise.engine.random.Seeds;
import io.lanewise.kernels.parallel.Parallel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentTest {
  private static final int ROW = 32 * 3;
  private static final int SIZE = 32 * ROW;

  private static BatchLoader loader(Augment augment, int images, int batch) {
    return BatchLoader.training(
        TestData.train(images), Normalization.CENTERED, augment, 3, batch, Parallel.serial());
  }

  /** The images of an epoch, by the pixels of the image as it was. */
  private static Map<Integer, float[]> epoch(Augment augment, int epoch) {
    BatchLoader changed = loader(augment, 20, 20);
    BatchLoader plain = loader(Augment.NONE, 20, 20);
    changed.load(epoch, 0);
    plain.load(epoch, 0);
    Map<Integer, float[]> images = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      float[] original = Arrays.copyOfRange(plain.images(), i * SIZE, (i + 1) * SIZE);
      float[] image = Arrays.copyOfRange(changed.images(), i * SIZE, (i + 1) * SIZE);
      images.put(Arrays.hashCode(original), image);
    }
    return images;
  }

  private static float[] mirrored(float[] image) {
    float[] result = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      int x = i % ROW / 3;
      result[i] = image[i / ROW * ROW + (31 - x) * 3 + i % 3];
    }
    return result;
  }

  @Test
  void alternatingFlipsTurnEveryImageInEveryEpoch() {
    Augment augment = new Augment(Flip.ALTERNATING, 0, Border.ZERO, 0, 0);
    Map<Integer, float[]> first = epoch(augment, 0);
    Map<Integer, float[]> second = epoch(augment, 1);
    Map<Integer, float[]> third = epoch(augment, 2);
    int asTheyWere = 0;
    for (Map.Entry<Integer, float[]> each : first.entrySet()) {
      assertArrayEquals(mirrored(each.getValue()), second.get(each.getKey()));
      assertArrayEquals(each.getValue(), third.get(each.getKey()));
      asTheyWere += Arrays.hashCode(each.getValue()) == each.getKey() ? 1 : 0;
    }
    assertTrue(asTheyWere > 0 && asTheyWere < 20, asTheyWere + " of 20");
  }

  @Test
  void cutoutLeavesAtMostItsSquareOfZeros() {
    Map<Integer, float[]> cut = epoch(Augment.NONE.withCutout(8), 0);
    Map<Integer, float[]> whole = epoch(Augment.NONE, 0);
    cut.forEach(
        (key, image) -> {
          int changed = 0;
          for (int i = 0; i < SIZE; i++) {
            if (image[i] != whole.get(key)[i]) {
              assertEquals(0, image[i]);
              changed++;
            }
          }
          assertTrue(changed > 0 && changed <= 8 * 8 * 3);
        });
  }

  @Test
  void mixUpMixesBytesAndDrawsLabels() {
    byte[] bytes = {9, 0, (byte) 255, 100};
    MixUp.mix(0.25, bytes, 1, new byte[] {(byte) 200, (byte) 255, 0});
    assertArrayEquals(new byte[] {9, (byte) 150, (byte) 255, 25}, bytes);

    Seeds random = Seeds.stream(4);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 20000; i++) {
      double share = MixUp.drawShare(0.5, random);
      sum += share;
      squares += share * share;
    }
    double mean = sum / 20000;
    assertEquals(0.5, mean, 0.01);
    assertEquals(0.125, squares / 20000 - mean * mean, 0.003);

    BatchLoader mixing = loader(Augment.NONE.withMixUp(0.5), 20, 20);
    BatchLoader plain = loader(Augment.NONE, 20, 20);
    mixing.load(0, 0);
    plain.load(0, 0);
    assertFalse(Arrays.equals(mixing.images(), plain.images()));
    assertFalse(Arrays.equals(mixing.labels(), plain.labels()));
  }

  @Test
  void theLastBatchCanBeDropped() {
    assertEquals(3, loader(Augment.NONE, 20, 8).batches());
    assertEquals(2, loader(Augment.NONE, 20, 8).dropLast().batches());
    assertEquals(2, loader(Augment.NONE, 20, 10).dropLast().batches());
    assertEquals(1, loader(Augment.NONE, 5, 8).dropLast().batches());
  }

  @Test
  void refusesNegativeNumbers() {
    assertThrows(IllegalArgumentException.class, () -> new Augment(true, -1));
    assertThrows(IllegalArgumentException.class, () -> Augment.NONE.withCutout(-1));
    for (double alpha : new double[] {Double.NaN, -0.1, 1e-300, 0.001, 5, 1e9}) {
      assertThrows(IllegalArgumentException.class, () -> Augment.NONE.withMixUp(alpha), "" + alpha);
    }
  }

  @Test
  void sharesOfTheSmallestAndLargestMixUpAreDrawn() {
    double[] spread = new double[2];
    for (int i = 0; i < 1000; i++) {
      double least = MixUp.drawShare(MixUp.LEAST, Seeds.stream(1, i));
      double most = MixUp.drawShare(MixUp.MOST, Seeds.stream(2, i));
      assertTrue(least >= 0 && least <= 1 && most > 0 && most < 1, least + " " + most);
      spread[0] += (least - 0.5) * (least - 0.5) / 1000;
      spread[1] += (most - 0.5) * (most - 0.5) / 1000;
    }
    assertEquals(1 / (4 * (2 * MixUp.LEAST + 1)), spread[0], 0.01);
    assertEquals(1 / (4 * (2 * MixUp.MOST + 1)), spread[1], 0.005);
  }
}
