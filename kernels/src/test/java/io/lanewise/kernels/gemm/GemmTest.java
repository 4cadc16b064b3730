package io.lanewise.kernels.gemm;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefGemm;
import io.lanewise.kernels.reference.RefLinear;
import io.lanewise.kernels.shape.GemmShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;

class GemmTest {
  private abstract static class Product extends KernelContract<GemmShape> {
    @Override
    protected List<GemmShape> shapes() {
      return Grids.gemm();
    }

    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("a", s.aSize());
      arrays.input("b", s.bSize());
      arrays.output("c", s.cSize());
    }

    @Override
    protected Bound bound(GemmShape s, String array) {
      return Bound.sumOf(s.k() + 1);
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "nn")
  class Nn extends Product {
    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Gemm.nn(s, v.floats("a"), v.floats("b"), v.floats("c"), workspace, parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("c", RefGemm.nn(s, d.of("a"), d.of("b")));
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "nt")
  class Nt extends Product {
    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Gemm.nt(s, v.floats("a"), v.floats("b"), v.floats("c"), workspace, parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("c", RefGemm.nt(s, d.of("a"), d.of("b")));
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "tn")
  class Tn extends Product {
    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Gemm.tn(s, v.floats("a"), v.floats("b"), v.floats("c"), workspace, parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("c", RefGemm.tn(s, d.of("a"), d.of("b")));
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "addTn")
  class AddTn extends Product {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("a", s.aSize());
      arrays.input("b", s.bSize());
      arrays.added("c", s.cSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Gemm.addTn(s, v.floats("a"), v.floats("b"), v.floats("c"), workspace, parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("c", RefGemm.tn(s, d.of("a"), d.of("b")));
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "packed")
  class Packed extends Product {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("a", s.aSize());
      arrays.input("b", s.bSize()).unseen();
      arrays
          .input("packedB", PackedB.size(s.k(), s.n()))
          .filled(
              (values, random) ->
                  PackedB.pack(
                      s.k(),
                      s.n(),
                      values.floats("b"),
                      0,
                      s.n(),
                      values.floats("packedB"),
                      0,
                      Parallel.serial()));
      arrays.input("bias", s.n()).nullable();
      arrays.output("c", s.cSize());
    }

    protected Epilogue epilogue() {
      return Epilogue.NONE;
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Gemm.packed(
          s,
          epilogue(),
          v.floats("a"),
          v.floats("packedB"),
          v.floats("bias"),
          v.floats("c"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("c", RefLinear.forward(s, d.of("a"), d.of("b"), d.of("bias")));
    }
  }

  @Nested
  @Covers(owner = Gemm.class, method = "packed")
  class PackedRectified extends Packed {
    @Override
    protected Epilogue epilogue() {
      return Epilogue.RELU;
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      super.reference(s, d);
      d.set("c", Arrays.stream(d.of("c")).map(value -> Math.max(0, value)).toArray());
    }
  }
}
