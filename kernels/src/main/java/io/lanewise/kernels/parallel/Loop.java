package io.lanewise.kernels.parallel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** What the runners of one loop share: the next index, and the first failure. */
final class Loop {
  private final int count;
  private final IntConsumer body;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Loop(int count, IntConsumer body) {
    this.count = count;
    this.body = body;
  }

  /** Takes indices until none is left; a failure takes the rest away. */
  void run() {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        body.accept(i);
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
      next.set(count);
    }
  }

  /** Throws the first failure itself; ForkJoin would throw a copy with another message. */
  void rethrow() {
    Throwable first = failure.get();
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first != null) {
      throw new UndeclaredThrowableException(first);
    }
  }
}
