package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationTest {
  @Test
  void textComesBackToTheSameBits() {
    float[] mean = {0.1f, 1 / 3f, -Float.MIN_VALUE, 5};
    float[] std = {Float.MIN_VALUE, 0.7f, 1e-20f, Float.MAX_VALUE};
    Normalization back = Normalization.parse(Normalization.of(mean, std).toString());
    assertArrayEquals(mean, back.mean());
    assertArrayEquals(std, back.std());
    assertEquals(4, back.channels());
  }

  @Test
  void textIsReadable() {
    assertEquals("mean 0.5 0.5 0.5 std 1.0 1.0 1.0", Normalization.CENTERED.toString());
    assertEquals(Normalization.CIFAR10, Normalization.parse(Normalization.CIFAR10.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mean std",
        "mean 1 2 std 3",
        "mean 1 std 2 3",
        "mean 1 2 3 std",
        "mean a std 1",
        "std 1 mean 1",
        "mean 1  std 1"
      })
  void otherTextIsRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Normalization.parse(text));
    assertTrue(e.getMessage().contains("\"" + text + "\""), e.getMessage());
  }

  @Test
  void zeroDeviationIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Normalization.of(new float[] {0, 0}, new float[] {1, 0}));
    assertEquals("normalisation: std[1] is 0.0, needs a finite number above 0", e.getMessage());
  }

  @Test
  void differentLengthsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Normalization.of(new float[3], new float[] {1}));
  }

  @Test
  void arraysAreCopies() {
    float[] mean = {0.5f};
    Normalization normalization = Normalization.of(mean, new float[] {1});
    mean[0] = 9;
    normalization.mean()[0] = 9;
    assertArrayEquals(new float[] {0.5f}, normalization.mean());
  }
}
