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
  private final Shelf[] shelves = new Shelf[Kind.values().length];

  /** Scratch for kernels on {@code parallel}. */
  public Workspace(Parallel parallel) {
    this.holders = parallel.threads() + 1;
    for (int i = 0; i < shelves.length; i++) {
      shelves[i] = new Shelf(holders);
    }
  }

  /**
   * Lends an array of at least {@code size} floats; if it can, the one that the calling thread had
   * last, as its cache may hold it.
   */
  public synchronized float[] borrow(Kind kind, int size) {
    Shelf shelf = shelves[kind.ordinal()];
    if (size > shelf.size) {
      shelf.fill(kind == Kind.BATCH ? 1 : holders, size);
    }
    return shelf.take(Parallel.caller());
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
    Shelf shelf = shelves[kind.ordinal()];
    if (array.length == shelf.size) {
      shelf.put(array, Parallel.caller());
    }
  }

  /** The arrays of a kind that nobody holds, each with who had it last. */
  private static final class Shelf {
    private float[][] arrays;
    private int[] last;
    private int count;
    private int size;

    Shelf(int places) {
      arrays = new float[places][];
      last = new int[places];
    }

    /** Makes arrays of another size, instead of those it has. */
    void fill(int number, int size) {
      this.size = size;
      Arrays.fill(arrays, null);
      count = 0;
      for (int i = 0; i < number; i++) {
        put(new float[size], 0);
      }
    }

    float[] take(int caller) {
      if (count == 0) {
        return new float[size];
      }
      int at = count - 1;
      while (at > 0 && last[at] != caller) {
        at--;
      }
      float[] taken = arrays[at];
      count--;
      arrays[at] = arrays[count];
      last[at] = last[count];
      arrays[count] = null;
      return taken;
    }

    void put(float[] array, int caller) {
      if (count == arrays.length) {
        arrays = Arrays.copyOf(arrays, 2 * count);
        last = Arrays.copyOf(last, 2 * count);
      }
      arrays[count] = array;
      last[count] = caller;
      count++;
    }
  }
}
