package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pixels to planes and back, against the formulas. */
class InterleaveTest {
  private static final int AT = 3;

  @ParameterizedTest
  @CsvSource({
    "0, 9", "1, 1", "3, 20", "4, 3", "4, 4", "5, 7", "7, 8", "8, 20", "9, 9", "10, 16", "33, 10",
    "40, 31"
  })
  void splitsAndJoins(int count, int c) {
    int pitch = count + 2;
    float[] pixels = numbers(AT + count * c + 1);
    float[] planes = filled(AT + c * pitch);
    float[] split = planes.clone();
    float[] joined = filled(pixels.length);
    float[] joinedWithTerms = joined.clone();
    float[] terms = numbers(c);
    float[] expectedJoin = joined.clone();
    float[] expectedWithTerms = joined.clone();
    for (int i = 0; i < count; i++) {
      for (int ch = 0; ch < c; ch++) {
        int pixel = AT + i * c + ch;
        split[AT + ch * pitch + i] = pixels[pixel];
        expectedJoin[pixel] = split[AT + ch * pitch + i];
        expectedWithTerms[pixel] = split[AT + ch * pitch + i] + terms[ch];
      }
    }
    Interleave.split(count, c, pixels, AT, planes, AT, pitch);
    assertArrayEquals(split, planes);
    Interleave.join(count, c, split, AT, pitch, null, joined, AT, c);
    assertArrayEquals(expectedJoin, joined);
    Interleave.join(count, c, split, AT, pitch, terms, joinedWithTerms, AT, c);
    assertArrayEquals(expectedWithTerms, joinedWithTerms);
  }

  /** Between the pixels of other joins. */
  @Test
  void joinsPixelsThatLieApart() {
    float[] planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    float[] pixels = new float[15];
    Interleave.join(2, 5, planes, 0, 2, null, pixels, 1, 7);
    assertArrayEquals(new float[] {0, 1, 3, 5, 7, 9, 0, 0, 2, 4, 6, 8, 10, 0, 0}, pixels);
  }

  private static float[] numbers(int size) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] filled(int size) {
    float[] values = new float[size];
    Arrays.fill(values, 7);
    return values;
  }
}
