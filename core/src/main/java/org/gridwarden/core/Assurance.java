package org.gridwarden.core;

/**
 * What stood behind a message: nothing, a secured transport, a MAC under the meter's key, or the
 * meter's signature.
 */
public enum Assurance {
  NONE,
  TRANSPORT,
  MAC,
  SIGNED
}
