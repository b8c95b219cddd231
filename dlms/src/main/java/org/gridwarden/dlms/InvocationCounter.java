package org.gridwarden.dlms;

/**
 * Where invocation counters come from. With one key none may come twice, also after a crash: an
 * implementation makes its promise durable before it returns. Thread-safe.
 */
@FunctionalInterface
public interface InvocationCounter {
  /**
   * The next counter, 0 to 2^32 - 1, greater than any before. A greater number says that the key is
   * used up: nothing is sent with it any more.
   */
  long next();
}
