package io.lanewise.kernels.contract;

import io.lanewise.kernels.shape.FlatShape;
import java.util.List;

/** The contract of a kernel that works value by value, in pieces of 32768. */
public abstract class FlatContract extends KernelContract<FlatShape> {
  private final Bound bound;
  private final boolean exactOnIntegers;

  /** Names the bound of all arrays, and whether results on integers are exact. */
  protected FlatContract(Bound bound, boolean exactOnIntegers) {
    this.bound = bound;
    this.exactOnIntegers = exactOnIntegers;
  }

  /** Up to a bit more than one piece; the long grid has more. */
  @Override
  protected List<FlatShape> shapes() {
    return Grids.flat().stream().filter(s -> Grids.full() || s.size() < 65536).toList();
  }

  @Override
  protected Bound bound(FlatShape s, String array) {
    return bound;
  }

  @Override
  protected boolean isExactOnIntegers(FlatShape s) {
    return exactOnIntegers;
  }
}
