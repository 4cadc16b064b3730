package io.lanewise.jmh.power;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.Sample;
import java.io.IOException;

/** A side on the same machine and JDK as another, whose ceilings need not be measured twice. */
final class SharedCeilings implements Measurer {
  private final Measurer own;
  private final Recorder other;

  SharedCeilings(Measurer own, Recorder other) {
    this.own = own;
    this.other = other;
  }

  @Override
  public Host host() throws IOException {
    return own.host();
  }

  @Override
  public Ceilings ceilings(int pass, int threads) throws IOException, MeasureException {
    return other.ceilings(Pool.STAGE, pass, threads);
  }

  @Override
  public Sample fork(Row row) throws IOException, MeasureException {
    return own.fork(row);
  }

  @Override
  public void close() throws IOException {
    own.close();
  }
}
