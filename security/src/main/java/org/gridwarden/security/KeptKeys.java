package org.gridwarden.security;

import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.WrappedKeys;

/**
 * Where meters' wrapped keys lie, with room for the local form, so that the next start need not
 * open each shipped key again. Thread-safe.
 */
public interface KeptKeys extends WrappedKeys {
  /**
   * Keeps the local form of a pair beside the shipped one, if the pair with its {@code keyId} is
   * still in force; {@link #find} answers the local form from then on.
   */
  void keepLocal(MeterId meter, KeyAccess.Purpose purpose, Wrapped local);

  /** Tells a listener of every meter whose keys change, after the commit. */
  void onChange(java.util.function.Consumer<MeterId> listener);
}
