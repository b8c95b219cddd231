package org.gridwarden.core;

/**
 * Who does something.
 *
 * @param kind what it is
 * @param name its user name, meter id or the name of the part of the system
 */
public record Actor(Kind kind, String name) {
  /** A person, a machine with an API key, a meter, or the system itself. */
  public enum Kind {
    PERSON,
    MACHINE,
    METER,
    SYSTEM
  }

  /** A part of the system. */
  public static Actor system(String name) {
    return new Actor(Kind.SYSTEM, name);
  }
}
