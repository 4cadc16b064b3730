package io.lanewise.kernels.conv;

import java.util.Arrays;

/** {@link PatchLanes} without vectors. */
final class ScalarPatchLanes implements PatchLanes {
  @Override
  public void copyRow(
      int before, int inside, int after, float[] image, int at, float[] patch, int patchAt) {
    int first = patchAt + before;
    int last = first + inside;
    Arrays.fill(patch, patchAt, first, 0);
    if (inside > 0) {
      System.arraycopy(image, at, patch, first, inside);
    }
    Arrays.fill(patch, last, last + after, 0);
  }
}
