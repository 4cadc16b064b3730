package io.lanewise.kernels.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefImage;
import io.lanewise.kernels.shape.ImageShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageOpsTest {
  @Nested
  @Covers(owner = ImageOps.class, method = "toFloats")
  class ToFloats extends KernelContract<ImageShape> {
    @Override
    protected List<ImageShape> shapes() {
      return Grids.images();
    }

    @Override
    protected void declare(ImageShape s, Signature arrays) {
      arrays.bytes("planes", s.size());
      arrays.input("mean", s.c()).between(0.4, 0.6);
      arrays.input("std", s.c()).between(0.2, 0.3);
      arrays.output("output", s.size());
    }

    @Override
    protected void run(ImageShape s, Values v, Workspace workspace, Parallel parallel) {
      ImageOps.toFloats(
          s, v.bytes("planes"), v.floats("mean"), v.floats("std"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ImageShape s, Doubles d) {
      d.set("output", RefImage.toFloats(s, d.bytes("planes"), d.of("mean"), d.of("std")));
    }

    @Override
    protected boolean isExactOnIntegers(ImageShape s) {
      return false;
    }

    /** The pixel's rounding and the difference's, both below 1/2 ulp of 1, over std >= 0.2. */
    @Override
    protected Bound bound(ImageShape s, String array) {
      return Bound.absolute(2 * Bound.ROUNDING / 0.2).plus(Bound.ulps(0.5));
    }
  }

  @Nested
  @Covers(owner = ImageOps.class, method = "flip")
  class Flip extends KernelContract<ImageShape> {
    @Override
    protected List<ImageShape> shapes() {
      return Grids.images();
    }

    @Override
    protected void declare(ImageShape s, Signature arrays) {
      arrays.booleans("flipped", s.n());
      arrays.input("input", s.size());
      arrays.output("output", s.size());
    }

    @Override
    protected void run(ImageShape s, Values v, Workspace workspace, Parallel parallel) {
      ImageOps.flip(s, v.booleans("flipped"), v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ImageShape s, Doubles d) {
      d.set("output", RefImage.flip(s, d.booleans("flipped"), d.of("input")));
    }

    @Override
    protected Bound bound(ImageShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = ImageOps.class, method = "shift")
  class Shift extends KernelContract<ImageShape> {
    @Override
    protected List<ImageShape> shapes() {
      return Grids.images();
    }

    @Override
    protected void declare(ImageShape s, Signature arrays) {
      arrays.ints("dy", s.n(), (random, i) -> random.nextInt(2 * s.h() + 3) - s.h() - 1);
      arrays.ints("dx", s.n(), (random, i) -> random.nextInt(2 * s.w() + 3) - s.w() - 1);
      arrays.input("input", s.size());
      arrays.output("output", s.size());
    }

    @Override
    protected void run(ImageShape s, Values v, Workspace workspace, Parallel parallel) {
      ImageOps.shift(
          s, v.ints("dy"), v.ints("dx"), v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ImageShape s, Doubles d) {
      d.set("output", RefImage.shift(s, d.ints("dy"), d.ints("dx"), d.of("input")));
    }

    @Override
    protected Bound bound(ImageShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = ImageOps.class, method = "shiftReflected")
  class ShiftReflected extends KernelContract<ImageShape> {
    @Override
    protected List<ImageShape> shapes() {
      return Grids.images();
    }

    @Override
    protected void declare(ImageShape s, Signature arrays) {
      arrays.ints("dy", s.n(), (random, i) -> random.nextInt(2 * s.h() - 1) - s.h() + 1);
      arrays.ints("dx", s.n(), (random, i) -> random.nextInt(2 * s.w() - 1) - s.w() + 1);
      arrays.input("input", s.size());
      arrays.output("output", s.size());
    }

    @Override
    protected void run(ImageShape s, Values v, Workspace workspace, Parallel parallel) {
      ImageOps.shiftReflected(
          s, v.ints("dy"), v.ints("dx"), v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ImageShape s, Doubles d) {
      d.set("output", RefImage.shiftReflected(s, d.ints("dy"), d.ints("dx"), d.of("input")));
    }

    @Override
    protected Bound bound(ImageShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = ImageOps.class, method = "cutout")
  class Cutout extends KernelContract<ImageShape> {
    private static final int SIDE = 3;

    @Override
    protected List<ImageShape> shapes() {
      return Grids.images();
    }

    @Override
    protected void declare(ImageShape s, Signature arrays) {
      arrays.ints("top", s.n(), (random, i) -> random.nextInt(s.h() + 2 * SIDE) - SIDE);
      arrays.ints("left", s.n(), (random, i) -> random.nextInt(s.w() + 2 * SIDE) - SIDE);
      arrays.updated("images", s.size());
    }

    @Override
    protected void run(ImageShape s, Values v, Workspace workspace, Parallel parallel) {
      ImageOps.cutout(s, SIDE, v.ints("top"), v.ints("left"), v.floats("images"), parallel);
    }

    @Override
    protected void reference(ImageShape s, Doubles d) {
      double[] cut = RefImage.cutout(s, SIDE, d.ints("top"), d.ints("left"), d.of("images"));
      d.set("images", cut);
    }

    @Override
    protected Bound bound(ImageShape s, String array) {
      return Bound.exact();
    }
  }

  @Test
  void reflectionNeedsShortDistances() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ImageOps.shiftReflected(
                    new ImageShape(1, 2, 3, 1),
                    new int[] {1},
                    new int[] {-3},
                    new float[6],
                    new float[6],
                    Parallel.serial()));
    assertEquals(
        "n1h2w3c1: dx[0] is -3, needs less than w = 3 either way to be reflected", e.getMessage());
  }

  @Test
  void bytesAreUnsigned() {
    ImageShape shape = new ImageShape(1, 1, 2, 2);
    float[] output = new float[4];
    ImageOps.toFloats(
        shape,
        new byte[] {0, (byte) 255, 0, (byte) 255},
        new float[] {0, 0.5f},
        new float[] {1, 0.25f},
        output,
        Parallel.serial());
    assertArrayEquals(new float[] {0, -2, 1, 2}, output);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesDeviationsThatAreNotPositive(float std) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ImageOps.toFloats(
                    new ImageShape(1, 1, 1, 2),
                    new byte[2],
                    new float[2],
                    new float[] {1, std},
                    new float[2],
                    Parallel.serial()));
    assertEquals("n1h1w1c2: std[1] is " + std + ", needs a finite number above 0", e.getMessage());
  }

  @Test
  void refusesMeansThatAreNotFinite() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ImageOps.toFloats(
                    new ImageShape(1, 1, 1, 1),
                    new byte[1],
                    new float[] {Float.NaN},
                    new float[] {1},
                    new float[1],
                    Parallel.serial()));
    assertEquals("n1h1w1c1: mean[0] is NaN, needs a finite number", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -5, 5, Integer.MAX_VALUE})
  void shiftsFarAwayLeaveNothing(int far) {
    ImageShape shape = new ImageShape(2, 3, 4, 1);
    float[] input = new float[24];
    Arrays.fill(input, 1);
    float[] output = input.clone();
    int[] none = new int[2];
    int[] away = {far, far};
    ImageOps.shift(shape, none, away, input, output, Parallel.serial());
    assertArrayEquals(new float[24], output);
    ImageOps.shift(shape, away, none, input, output, Parallel.serial());
    assertArrayEquals(new float[24], output);
  }
}
