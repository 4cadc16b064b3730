package io.lanewise.kernels.conv;

/**
 * Turns pixels whose channels lie side by side into planes of one channel each, and back. Four
 * channels at a time: then range checks, which a variable distance between pixels does not let the
 * JIT hoist, are shared by four values.
 */
final class Interleave {
  private Interleave() {}

  /**
   * Splits a row of pixels.
   *
   * @param pixels {@code [count, c]} from {@code pixelsAt}
   * @param planes receives channel ch of pixel i at {@code planesAt + ch * planeSize + i}
   */
  static void split(
      int count, int c, float[] pixels, int pixelsAt, float[] planes, int planesAt, int planeSize) {
    int ch = 0;
    for (; ch <= c - 4; ch += 4) {
      int to0 = planesAt + ch * planeSize;
      int to1 = to0 + planeSize;
      int to2 = to1 + planeSize;
      int to3 = to2 + planeSize;
      for (int i = 0; i < count; i++) {
        int from = pixelsAt + i * c + ch;
        planes[to0 + i] = pixels[from];
        planes[to1 + i] = pixels[from + 1];
        planes[to2 + i] = pixels[from + 2];
        planes[to3 + i] = pixels[from + 3];
      }
    }
    for (; ch < c; ch++) {
      int to = planesAt + ch * planeSize;
      for (int i = 0; i < count; i++) {
        planes[to + i] = pixels[pixelsAt + i * c + ch];
      }
    }
  }

  /**
   * Joins planes and adds a number to each.
   *
   * @param planes channel ch of pixel i at {@code planesAt + ch * planeSize + i}
   * @param terms {@code [c]}, what is added to each channel, or null for nothing
   * @param pixels receives the c channels of pixel i from {@code pixelsAt + i * pixelPitch}
   */
  static void join(
      int count,
      int c,
      float[] planes,
      int planesAt,
      int planeSize,
      float[] terms,
      float[] pixels,
      int pixelsAt,
      int pixelPitch) {
    int ch = 0;
    for (; ch <= c - 4; ch += 4) {
      int from0 = planesAt + ch * planeSize;
      int from1 = from0 + planeSize;
      int from2 = from1 + planeSize;
      int from3 = from2 + planeSize;
      float term0 = terms == null ? 0 : terms[ch];
      float term1 = terms == null ? 0 : terms[ch + 1];
      float term2 = terms == null ? 0 : terms[ch + 2];
      float term3 = terms == null ? 0 : terms[ch + 3];
      for (int i = 0; i < count; i++) {
        int to = pixelsAt + i * pixelPitch + ch;
        pixels[to] = planes[from0 + i] + term0;
        pixels[to + 1] = planes[from1 + i] + term1;
        pixels[to + 2] = planes[from2 + i] + term2;
        pixels[to + 3] = planes[from3 + i] + term3;
      }
    }
    for (; ch < c; ch++) {
      float term = terms == null ? 0 : terms[ch];
      for (int i = 0; i < count; i++) {
        int from = planesAt + ch * planeSize + i;
        pixels[pixelsAt + i * pixelPitch + ch] = planes[from] + term;
      }
    }
  }
}
