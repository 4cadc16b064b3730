package io.lanewise.jmh;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** A benchmark's method, to be called before and after JMH times it. */
final class BenchmarkCall {
  private final Object benchmark;
  private final Method method;

  /**
   * A call.
   *
   * @param method its name, which may be qualified; public and without parameters
   */
  BenchmarkCall(Object benchmark, String method) throws NoSuchMethodException {
    this.benchmark = benchmark;
    this.method = benchmark.getClass().getMethod(method.substring(method.lastIndexOf('.') + 1));
  }

  /** Calls it. */
  void run() throws IllegalAccessException {
    try {
      method.invoke(benchmark);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method.getName() + " failed: " + e.getCause(), e.getCause());
    }
  }
}
