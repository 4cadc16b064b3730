package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * Copies a row of a patch that may hang over the edge of its image. Vectors do it, not {@code
 * System.arraycopy} and {@code Arrays.fill}: for a few hundred bytes their calls take longer than
 * the copy, and a vector just stored in halves cannot be loaded whole before it is in the cache.
 */
interface PatchLanes {
  /** The lanes of this process. */
  PatchLanes ACTIVE =
      LanesProvider.choose(() -> new SimdPatchLanes(), () -> new ScalarPatchLanes());

  /**
   * Writes {@code before} zeros, {@code inside} floats of the image and {@code after} zeros.
   *
   * @param image read from {@code at} on
   * @param patch written from {@code patchAt} on
   */
  void copyRow(
      int before, int inside, int after, float[] image, int at, float[] patch, int patchAt);
}
