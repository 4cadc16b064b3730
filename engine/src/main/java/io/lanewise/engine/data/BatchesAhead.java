package io.lanewise.engine.data;

import io.lanewise.kernels.parallel.Parallel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Batches that are loaded by a thread of their own while the last one is trained on, so that a step
 * finds its batch ready. A batch is the same bits however it was loaded, so this changes nothing
 * but the time.
 *
 * <p>There are two loaders with the same settings: one holds the batch in use, the other is filled.
 * With one thread there is nobody to load ahead, and batches are loaded when they are asked for.
 */
public final class BatchesAhead implements AutoCloseable {
  /** Of four training threads one is matched by a loading thread; loading is far less work. */
  private static final int TRAINING_THREADS_A_LOADER = 4;

  /** What was loaded: arrays that the next but one request overwrites. */
  public record Batch(float[] images, int[] labels, int n) {}

  private record Request(int epoch, int index) {}

  private final BatchLoader[] loaders = new BatchLoader[2];
  private final Parallel parallel;
  private final LinkedBlockingQueue<FutureTask<Batch>> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;
  private Request requested;
  private FutureTask<Batch> ahead;
  private int turn;
  private volatile boolean closed;
  private volatile long loadNanos;

  /**
   * Batches of a loader.
   *
   * @param loader makes a loader that works on the threads it is given; called twice
   * @param training who trains meanwhile
   */
  public BatchesAhead(Function<Parallel, BatchLoader> loader, Parallel training) {
    this.parallel = Parallel.of(Math.max(1, training.threads() / TRAINING_THREADS_A_LOADER));
    this.loaders[0] = loader.apply(parallel);
    this.loaders[1] = loader.apply(parallel);
    this.thread = training.threads() > 1 ? new Thread(this::work, "lanewise-batches") : null;
    if (thread != null) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void work() {
    while (!closed) {
      try {
        tasks.take().run();
      } catch (InterruptedException e) {
        closed = true;
      }
    }
  }

  /** Batches in an epoch. */
  public int batches() {
    return loaders[0].batches();
  }

  /**
   * A batch; the one that follows begins to be loaded.
   *
   * @param epoch the epoch, from 0
   * @param index the batch in the epoch, from 0
   */
  public Batch next(int epoch, int index) {
    Request wanted = new Request(epoch, index);
    if (ahead == null || !wanted.equals(requested)) {
      request(wanted);
    }
    FutureTask<Batch> task = ahead;
    if (thread == null) {
      ahead = null;
      task.run();
    }
    Batch batch = get(task);
    if (thread != null) {
      request(index + 1 < batches() ? new Request(epoch, index + 1) : new Request(epoch + 1, 0));
    }
    return batch;
  }

  private void request(Request wanted) {
    BatchLoader loader = loaders[turn];
    turn = 1 - turn;
    requested = wanted;
    ahead = new FutureTask<>(() -> load(loader, wanted));
    if (thread != null) {
      tasks.add(ahead);
    }
  }

  private Batch load(BatchLoader loader, Request wanted) {
    long start = System.nanoTime();
    int n = loader.load(wanted.epoch, wanted.index);
    loadNanos += System.nanoTime() - start;
    return new Batch(loader.images(), loader.labels(), n);
  }

  /** The batch of a task that is done or under way; throws what the task threw. */
  static Batch get(FutureTask<Batch> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("a batch could not be loaded", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Time that loading has taken so far, most of it beside training; in nanoseconds. */
  public long loadNanos() {
    return loadNanos;
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      tasks.add(new FutureTask<>(() -> null));
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    parallel.close();
  }
}
