package org.gridwarden.dlms.security;

/** The two sides of an association. */
public enum Side {
  CLIENT,
  METER;

  /** The other one. */
  public Side other() {
    return this == CLIENT ? METER : CLIENT;
  }
}
