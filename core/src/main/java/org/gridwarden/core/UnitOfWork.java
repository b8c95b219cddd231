package org.gridwarden.core;

import java.util.function.Function;

/**
 * Runs work in one transaction: commits when it returns, rolls back when it throws. Implemented in
 * store.
 */
public interface UnitOfWork {
  <T> T call(Function<Tx, T> work);
}
