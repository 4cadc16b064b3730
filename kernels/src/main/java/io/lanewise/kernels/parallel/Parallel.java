package io.lanewise.kernels.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The one door to ForkJoin: runs the pieces of a loop on a pool.
 *
 * <p>Who calls decides the pieces, from a shape; this class decides only who runs them. As pieces
 * write disjoint arrays or partial sums of their own, results have the same bits for any number of
 * threads.
 */
public final class Parallel implements AutoCloseable {
  private static final Parallel SERIAL = new Parallel(null, 1, false);

  private final ForkJoinPool pool;
  private final int threads;
  private final boolean owned;

  private Parallel(ForkJoinPool pool, int threads, boolean owned) {
    this.pool = pool;
    this.threads = threads;
    this.owned = owned;
  }

  /** Runs everything on the calling thread. */
  public static Parallel serial() {
    return SERIAL;
  }

  /**
   * A pool of its own; {@link #close} ends it.
   *
   * @param threads number of threads; 1 gives {@link #serial()}
   * @throws IllegalArgumentException if threads is below 1
   */
  public static Parallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", needs at least 1");
    }
    return threads == 1 ? SERIAL : new Parallel(new ForkJoinPool(threads), threads, true);
  }

  /** Runs on the caller's pool, which stays the caller's to close. */
  public static Parallel on(ForkJoinPool pool) {
    return new Parallel(pool, pool.getParallelism(), false);
  }

  /** A pool with a thread for each processor of this machine. */
  public static Parallel allProcessors() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /** How many pieces can run at once. */
  public int threads() {
    return threads;
  }

  /**
   * Calls {@code body} once for each index from 0 to count - 1 and returns when all are done.
   * Indices are taken in order by whoever is free; nested calls run where they are.
   *
   * @throws RuntimeException or Error what the body threw first; indices not yet begun are dropped
   */
  public void forEach(int count, IntConsumer body) {
    int runners = Math.min(threads, count);
    if (runners <= 1 || insideRunner()) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    Runner root = new Runner(new AtomicInteger(), count, runners, body);
    if (ForkJoinPool.commonPool() == pool || RecursiveAction.getPool() == pool) {
      root.invoke();
    } else {
      pool.invoke(root);
    }
  }

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  private static boolean insideRunner() {
    return INSIDE.get();
  }

  /** Ends the pool if it is this object's own; later calls of {@link #forEach} then fail. */
  @Override
  public void close() {
    if (owned) {
      pool.shutdown();
    }
  }

  /** Takes indices until none is left; the first one forks its fellows. */
  private static final class Runner extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient AtomicInteger next;
    private final int count;
    private final int runners;
    private final transient IntConsumer body;

    Runner(AtomicInteger next, int count, int runners, IntConsumer body) {
      this.next = next;
      this.count = count;
      this.runners = runners;
      this.body = body;
    }

    @Override
    protected void compute() {
      Runner fellow = null;
      if (runners > 1) {
        fellow = new Runner(next, count, runners - 1, body);
        fellow.fork();
      }
      INSIDE.set(true);
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          body.accept(i);
        }
      } catch (Throwable t) {
        next.set(count);
        throw t;
      } finally {
        INSIDE.set(false);
        if (fellow != null) {
          fellow.join();
        }
      }
    }
  }
}
