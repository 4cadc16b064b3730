package io.lanewise.jmh;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What all benchmarks share: how they are run, and on how many threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class KernelBenchmark {
  @Param("1")
  private int threads;

  private Parallel parallel;
  private Workspace workspace;

  /** Sets up, and calls the benchmark until it is compiled for good. */
  @Setup
  public void setUp(BenchmarkParams params) throws ReflectiveOperationException {
    setUp();
    Settling.run(new BenchmarkCall(this, params.getBenchmark()));
  }

  /** Starts the threads, then makes the arrays and checks the answers. */
  public void setUp() {
    parallel = Parallel.of(threads);
    workspace = new Workspace(parallel);
    prepare();
  }

  /** Makes the arrays, runs what is timed and throws if an answer is wrong. */
  protected abstract void prepare();

  /** Who runs loops. */
  protected Parallel parallel() {
    return parallel;
  }

  /** Scratch arrays. */
  protected Workspace workspace() {
    return workspace;
  }

  /** Counts the arrays that a call makes, where that is asked for, and tears down. */
  @TearDown
  public void tearDown(BenchmarkParams params) throws ReflectiveOperationException, IOException {
    ArrayCount.write(new BenchmarkCall(this, params.getBenchmark()));
    tearDown();
  }

  /** Ends the threads. */
  public void tearDown() {
    parallel.close();
  }
}
