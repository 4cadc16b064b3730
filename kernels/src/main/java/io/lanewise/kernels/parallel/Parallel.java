package io.lanewise.kernels.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * The one door to threads: runs the pieces of a loop on a team of its own or on the caller's pool.
 *
 * <p>Who calls decides the pieces, from a shape; this class decides only who runs them. As pieces
 * write disjoint arrays or partial sums of their own, results have the same bits for any number of
 * threads.
 */
public final class Parallel implements AutoCloseable {
  private static final Parallel SERIAL = new Parallel(null, null, 1);

  private final Team team;
  private final ForkJoinPool pool;
  private final int threads;
  private final AtomicReference<Loop> spare = new AtomicReference<>();

  private Parallel(Team team, ForkJoinPool pool, int threads) {
    this.team = team;
    this.pool = pool;
    this.threads = threads;
  }

  /** Runs everything on the calling thread. */
  public static Parallel serial() {
    return SERIAL;
  }

  /**
   * Threads of its own, which {@link #close} ends. They serve one caller at a time; loops of others
   * meanwhile stay on the threads that call.
   *
   * @param threads number of threads, the calling one among them; 1 gives {@link #serial()}
   * @throws IllegalArgumentException if threads is below 1
   */
  public static Parallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", needs at least 1");
    }
    return threads == 1 ? SERIAL : new Parallel(new Team(threads - 1), null, threads);
  }

  /**
   * Runs on the caller's pool, which stays the caller's to close. A pool of one thread has no
   * advantage over the calling thread, so loops then stay there.
   */
  public static Parallel on(ForkJoinPool pool) {
    return new Parallel(null, pool, pool.getParallelism());
  }

  /** Threads of its own, as many as this machine has processors. */
  public static Parallel allProcessors() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /** How many pieces can run at once. */
  public int threads() {
    return threads;
  }

  /**
   * Calls {@code body} once for each index from 0 to count - 1 and returns when all are done. Each
   * thread has a share of neighbouring indices, the same in each loop of as many, and helps the
   * others when it has no more; nested calls run where they are.
   *
   * @throws RuntimeException or Error what the body threw first; indices not yet begun are dropped
   */
  public void forEach(int count, IntConsumer body) {
    int runners = Math.min(threads, count);
    if (runners <= 1 || insideLoop()) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    Loop free = spare.getAndSet(null);
    Loop loop = free == null ? new Loop() : free;
    loop.begin(count, runners, body);
    if (team != null) {
      INSIDE.set(true);
      try {
        team.run(loop, runners - 1);
      } finally {
        INSIDE.set(false);
      }
    } else {
      runOnPool(new Runner(loop, runners - 1));
    }
    Throwable failure = loop.end();
    spare.set(loop);
    Loop.rethrow(failure);
  }

  private void runOnPool(Runner root) {
    ForkJoinPool current = RecursiveAction.getPool();
    if (current == pool || (current == null && pool == ForkJoinPool.commonPool())) {
      root.invoke();
    } else {
      pool.invoke(root);
    }
  }

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  /**
   * Whether the calling thread runs a piece of a loop, so that loops in it run on this thread
   * alone.
   */
  public static boolean insideLoop() {
    return INSIDE.get();
  }

  /** A number of the calling thread, which another one may have by chance. */
  static int caller() {
    return System.identityHashCode(Thread.currentThread());
  }

  /** Marks the calling thread as one whose loops stay on it. */
  static void enterRunner() {
    INSIDE.set(true);
  }

  /** Ends the threads if they are this object's own; later loops of several pieces then fail. */
  @Override
  public void close() {
    if (team != null) {
      team.end();
    }
  }

  /** A thread's part in a loop; it forks the one of the next lower number first. */
  private static final class Runner extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient Loop loop;
    private final int number;

    Runner(Loop loop, int number) {
      this.loop = loop;
      this.number = number;
    }

    @Override
    protected void compute() {
      Runner fellow = null;
      if (number > 0) {
        fellow = new Runner(loop, number - 1);
        fellow.fork();
      }
      boolean outer = INSIDE.get();
      INSIDE.set(true);
      loop.run(number);
      INSIDE.set(outer);
      if (fellow != null) {
        fellow.join();
      }
    }
  }
}
