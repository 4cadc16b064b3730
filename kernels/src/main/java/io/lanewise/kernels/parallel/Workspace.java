package io.lanewise.kernels.parallel;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Scratch arrays for kernels, so that a warm step allocates none.
 *
 * <p>A kernel borrows at most one array of each {@link Kind} at a time in one task and gives it
 * back. The first loan of a kind (or of a larger size) makes the arrays of that kind for all
 * threads at once, so it does not matter later which tasks meet. Contents are arbitrary, and no
 * result depends on them. Thread-safe.
 */
public final class Workspace {
  /** Who holds an array, and for how long. */
  public enum Kind {
    /** Held by a kernel from start to end, for what all its tasks read: packed weights. */
    CALL,
    /** Held by a kernel from start to end, for its input in another layout. */
    LAYOUT,
    /** Held by one task of a kernel: packed panels. */
    TASK,
    /** Held by one task beside {@link #TASK}: a result on its way to its places. */
    BLOCK,
    /**
     * Held by a kernel that takes a whole batch from phase to phase. Such a kernel runs by itself,
     * and its scratch is large: arrays are made one at a time.
     */
    BATCH
  }

  private final int holders;
  private final ArrayDeque<int[]> tables = new ArrayDeque<>();
  private int tableSize;
  private final float[][][] free = new float[Kind.values().length][][];
  private final int[] freeCount = new int[Kind.values().length];
  private final int[] sizes = new int[Kind.values().length];

  /** Scratch for kernels on {@code parallel}. */
  public Workspace(Parallel parallel) {
    this.holders = parallel.threads() + 1;
    for (Kind kind : Kind.values()) {
      free[kind.ordinal()] = new float[holders][];
    }
  }

  /** Lends an array of at least {@code size} floats. */
  public synchronized float[] borrow(Kind kind, int size) {
    int k = kind.ordinal();
    if (size > sizes[k]) {
      sizes[k] = size;
      freeCount[k] = 0;
      for (int i = 0; i < (kind == Kind.BATCH ? 1 : holders); i++) {
        free[k][freeCount[k]++] = new float[size];
      }
    }
    return freeCount[k] == 0 ? new float[sizes[k]] : free[k][--freeCount[k]];
  }

  /** Lends an array of at least {@code size} ints, for a table of a kernel's own. */
  public synchronized int[] borrowInts(int size) {
    if (size > tableSize) {
      tableSize = size;
      tables.clear();
      for (int i = 0; i < holders; i++) {
        tables.push(new int[size]);
      }
    }
    return tables.isEmpty() ? new int[tableSize] : tables.pop();
  }

  /** Takes a lent table back. */
  public synchronized void giveBack(int[] table) {
    if (table.length == tableSize) {
      tables.push(table);
    }
  }

  /** Takes a lent array back. */
  public synchronized void giveBack(Kind kind, float[] array) {
    int k = kind.ordinal();
    if (array.length == sizes[k]) {
      if (freeCount[k] == free[k].length) {
        free[k] = Arrays.copyOf(free[k], 2 * freeCount[k]);
      }
      free[k][freeCount[k]++] = array;
    }
  }
}
