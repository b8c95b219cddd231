package org.gridwarden.core;

/**
 * An open transaction, opaque to all but the store that made it. Not thread-safe; ends with its
 * unit of work.
 */
public interface Tx {}
