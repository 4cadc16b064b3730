package io.lanewise.kernels.shape;

/**
 * What a window does where its last step does not end exactly at the edge of the padded input.
 *
 * <p>With {@code q = (size + padBefore + padAfter - extent) / stride}, the number of output
 * positions is {@code q + 1} with q rounded as named here.
 */
public enum Rounding {
  /** Leave the remainder unread, as PyTorch does by default. */
  FLOOR(""),
  /**
   * Take one more window that overhangs the end, as PyTorch's {@code ceil_mode=True}; a window that
   * would start behind the input and its leading padding is dropped.
   */
  CEIL("_ceil"),
  /** Refuse: a 3x3 window at stride 3 on 7x7 does not fit. */
  EXACT("_exact");

  private final String suffix;

  Rounding(String suffix) {
    this.suffix = suffix;
  }

  /** The ending this rounding has in a shape's text; empty for {@link #FLOOR}. */
  public String suffix() {
    return suffix;
  }
}
