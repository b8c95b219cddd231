package org.gridwarden.security.fips;

import java.security.Provider;
import java.security.Security;

/** Whether this process may use approved algorithms only. */
public final class FipsMode {
  /** The provider whose algorithms they are. */
  public static final String PROVIDER = "BCFIPS";

  private static final boolean ON = Boolean.getBoolean("org.bouncycastle.fips.approved_only");

  private FipsMode() {}

  /** Whether it was started so; the distribution does, and nothing else. */
  public static boolean on() {
    return ON;
  }

  /**
   * The provider itself.
   *
   * @throws IllegalStateException where it is not there
   */
  public static Provider provider() {
    Provider provider = Security.getProvider(PROVIDER);
    if (provider == null) {
      throw new IllegalStateException(
          "the provider " + PROVIDER + " is missing; start target/dist-fips/gridwarden");
    }
    return provider;
  }
}
