package io.lanewise.kernels.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the kernel that a {@link KernelContract} holds to its contract. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Covers.All.class)
public @interface Covers {
  /** The class of the kernel. */
  Class<?> owner();

  /** The name of its public static method. */
  String method();

  /** Holds several {@link Covers}. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    /** The kernels. */
    Covers[] value();
  }
}
