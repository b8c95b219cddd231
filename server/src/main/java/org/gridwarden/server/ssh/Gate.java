package org.gridwarden.server.ssh;

import java.net.InetAddress;
import java.util.Optional;

/** Who may come in. Thread-safe. */
public interface Gate {
  /** Whether this key opens to this user now. */
  boolean opens(String user, String fingerprint);

  /** Whether the user has a second factor, whose code is asked for after the key. */
  boolean asksCode(String user);

  /**
   * Takes the code of a second factor, which is used up with that.
   *
   * @param from where whoever shows it is
   * @return false where it does not fit, was used, or too many did not fit before
   */
  boolean code(String user, String code, InetAddress from);

  /** Lets a user act until {@link #left}; empty where there is none any more. */
  Optional<Caller> enter(String user);

  /** Whether the caller is still who came in: not removed, with the same roles. */
  boolean stands(Caller caller);

  /** The caller acts no more. */
  void left(Caller caller);

  /**
   * Writes what a user is about to do into the audit log.
   *
   * @throws RuntimeException where it cannot be written: then it must not be done
   */
  void note(String user, String action, String detail);
}
