package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ImageShape;

/** Operations on images, from their formulas. */
public final class RefImage {
  private RefImage() {}

  /** {@code output[n,y,x,ch] = (planes[n,ch,y,x]/255 - mean[ch]) / std[ch]}. */
  public static double[] toFloats(ImageShape s, byte[] planes, double[] mean, double[] std) {
    double[] output = new double[s.size()];
    for (int img = 0; img < s.n(); img++) {
      for (int y = 0; y < s.h(); y++) {
        for (int x = 0; x < s.w(); x++) {
          for (int ch = 0; ch < s.c(); ch++) {
            int value = planes[((img * s.c() + ch) * s.h() + y) * s.w() + x];
            double unsigned = value < 0 ? value + 256 : value;
            output[at(s, img, y, x, ch)] = (unsigned / 255 - mean[ch]) / std[ch];
          }
        }
      }
    }
    return output;
  }

  /** {@code output[y,x] = input[y, w-1-x]} in the images named. */
  public static double[] flip(ImageShape s, boolean[] flipped, double[] input) {
    double[] output = new double[s.size()];
    for (int img = 0; img < s.n(); img++) {
      for (int y = 0; y < s.h(); y++) {
        for (int x = 0; x < s.w(); x++) {
          for (int ch = 0; ch < s.c(); ch++) {
            int from = flipped[img] ? s.w() - 1 - x : x;
            output[at(s, img, y, x, ch)] = input[at(s, img, y, from, ch)];
          }
        }
      }
    }
    return output;
  }

  /** {@code output[y,x] = input[y+dy, x+dx]}, zero outside. */
  public static double[] shift(ImageShape s, int[] dy, int[] dx, double[] input) {
    double[] output = new double[s.size()];
    for (int img = 0; img < s.n(); img++) {
      for (int y = 0; y < s.h(); y++) {
        for (int x = 0; x < s.w(); x++) {
          long fromY = (long) y + dy[img];
          long fromX = (long) x + dx[img];
          boolean inside = fromY >= 0 && fromY < s.h() && fromX >= 0 && fromX < s.w();
          for (int ch = 0; ch < s.c(); ch++) {
            output[at(s, img, y, x, ch)] =
                inside ? input[at(s, img, (int) fromY, (int) fromX, ch)] : 0;
          }
        }
      }
    }
    return output;
  }

  /** {@code output[y,x] = input[y+dy, x+dx]}, mirrored at the first and last row and column. */
  public static double[] shiftReflected(ImageShape s, int[] dy, int[] dx, double[] input) {
    double[] output = new double[s.size()];
    for (int img = 0; img < s.n(); img++) {
      for (int y = 0; y < s.h(); y++) {
        for (int x = 0; x < s.w(); x++) {
          int fromY = mirrored(y + dy[img], s.h());
          int fromX = mirrored(x + dx[img], s.w());
          for (int ch = 0; ch < s.c(); ch++) {
            output[at(s, img, y, x, ch)] = input[at(s, img, fromY, fromX, ch)];
          }
        }
      }
    }
    return output;
  }

  private static int mirrored(int position, int size) {
    if (position < 0) {
      return -position;
    }
    return position >= size ? size - 1 - (position - (size - 1)) : position;
  }

  /** The images with zeros in the square of each. */
  public static double[] cutout(ImageShape s, int side, int[] top, int[] left, double[] images) {
    double[] output = images.clone();
    for (int img = 0; img < s.n(); img++) {
      for (int y = 0; y < s.h(); y++) {
        for (int x = 0; x < s.w(); x++) {
          boolean inRows = y >= top[img] && y < top[img] + side;
          boolean inColumns = x >= left[img] && x < left[img] + side;
          for (int ch = 0; ch < s.c() && inRows && inColumns; ch++) {
            output[at(s, img, y, x, ch)] = 0;
          }
        }
      }
    }
    return output;
  }

  private static int at(ImageShape s, int img, int y, int x, int ch) {
    return ((img * s.h() + y) * s.w() + x) * s.c() + ch;
  }
}
