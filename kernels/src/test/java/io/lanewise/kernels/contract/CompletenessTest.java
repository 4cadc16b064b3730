package io.lanewise.kernels.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No kernel without a contract. Kernels are the public static methods named {@code forward...} or
 * {@code backward...}, the {@code step} of an update, and every product and image operation.
 */
class CompletenessTest {
  private static final Set<String> ALL_KERNELS = Set.of("Gemm", "ImageOps");

  @Test
  void everyKernelHasAContract() throws Exception {
    Set<String> missing = kernels();
    missing.removeAll(covered());
    assertEquals(Set.of(), missing, "kernels without a KernelContract that @Covers them");
  }

  @Test
  void everyContractNamesAKernel() throws Exception {
    Set<String> unknown = covered();
    unknown.removeAll(kernels());
    assertEquals(Set.of(), unknown, "contracts that @Cover what is no kernel");
  }

  private static Set<String> kernels() throws Exception {
    return classesBeside(Parallel.class).stream()
        .filter(owner -> Modifier.isPublic(owner.getModifiers()))
        .flatMap(owner -> Stream.of(owner.getDeclaredMethods()))
        .filter(CompletenessTest::isKernel)
        .map(kernel -> name(kernel.getDeclaringClass(), kernel.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isKernel(Method method) {
    int modifiers = method.getModifiers();
    if (!Modifier.isPublic(modifiers) || !Modifier.isStatic(modifiers)) {
      return false;
    }
    boolean all = ALL_KERNELS.contains(method.getDeclaringClass().getSimpleName());
    boolean update = method.getDeclaringClass().getPackageName().endsWith(".update");
    return method.getName().startsWith("forward")
        || method.getName().startsWith("backward")
        || (update && method.getName().equals("step"))
        || (all && List.of(method.getParameterTypes()).contains(Parallel.class));
  }

  private static Set<String> covered() throws Exception {
    return classesBeside(CompletenessTest.class).stream()
        .filter(KernelContract.class::isAssignableFrom)
        .filter(contract -> !Modifier.isAbstract(contract.getModifiers()))
        .flatMap(contract -> Stream.of(contract.getAnnotationsByType(Covers.class)))
        .filter(covers -> covers.owner() != KernelContractTest.class)
        .map(covers -> name(covers.owner(), covers.method()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Class<?> owner, String method) {
    return owner.getSimpleName() + "." + method;
  }

  /** All classes compiled into the same folder. */
  private static List<Class<?>> classesBeside(Class<?> one)
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root.resolve("io/lanewise/kernels"))) {
      files = walk.filter(file -> file.toString().endsWith(".class")).toList();
    }
    List<Class<?>> classes = new ArrayList<>();
    for (Path file : files) {
      String path = root.relativize(file).toString();
      String name = path.substring(0, path.length() - ".class".length());
      classes.add(
          Class.forName(
              name.replace(file.getFileSystem().getSeparator(), "."), false, one.getClassLoader()));
    }
    return classes;
  }
}
