package org.gridwarden.server;

import org.gridwarden.store.User;

/** What logging in asks besides the password. Thread-safe. */
interface SecondFactor {
  /** Whether a user has one, so that the password alone does not open. */
  boolean on(User user);

  /** Whether a user must have one and has none, so that nothing opens but getting one. */
  boolean missing(User user);

  /** Whether what is shown opens; it is used up with that. */
  boolean opens(User user, String shown);
}
