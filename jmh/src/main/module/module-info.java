/**
 * The benchmarks and the gate with all that they need, as one module: {@code benchmarks.jar} holds
 * the kernels, the engine and all libraries, so only modules of the JDK are left to ask for.
 *
 * <p>It is compiled on its own, apart from the classes that the jar puts into it.
 */
module io.lanewise.jmh {
  requires java.desktop;
  requires java.management;
  requires static jdk.incubator.vector;
  requires jdk.jfr;
  requires jdk.management;
  requires jdk.unsupported;
}
